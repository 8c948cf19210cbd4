import type { OperationSubject, Verdict } from '../../model/check.ts';
import { contentOf, documentRequest } from '../../model/graphql.ts';
import type { Answer } from '../../model/http.ts';
import { isObject, type Json } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';
import { graphqlExample } from '../example-graphql.ts';
import { cheapFields, endpointOf, type CheapField } from '../graphql-endpoint.ts';
import { defineCheck, first } from '../support.ts';

const levels = 24;
const schema = 'type Query { me: User } type User { id: ID! team: Team! } type Team { id: ID! lead: User! }';
const nested = (depth: number): Json => ({
  id: String(depth),
  ...(depth === 0 ? {} : { [depth % 2 === 0 ? 'team' : 'lead']: nested(depth - 1) }),
});
const fields = { me: () => nested(30) };

export default defineCheck({
  id: 'graphql-depth-unlimited',
  category: 'rateLimiting',
  severity: 'low',
  docs: {
    title: 'A GraphQL query may go round in circles',
    risk: 'Where types refer to each other, each level of a query multiplies the work of the one above; a short text keeps the server and its database busy for long.',
    remedy: 'Limit the depth of documents, or their computed cost, before they are executed.',
    cwe: [770, 674],
    owasp: 'API4:2023',
  },
  needs: [],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => circleOf(subject) !== undefined,
  plan: (subject) => {
    const { world, operation } = subject;
    const circle = circleOf(subject);
    if (!circle) throw new Error('graphql-depth-unlimited was planned without a circle');
    const request = documentRequest(world.surface.origin, endpointOf(subject)?.endpoint ?? '', `query { ${documentOf(circle)} }`);
    return { deep: [{ as: circle.field.as, operation: operation.id, request }] };
  },
  judge: (_, { deep }): Verdict => {
    const answer = first(deep);
    if (!answer || answer.kind === 'silence') return { outcome: 'inconclusive', why: 'the question got no answer' };
    if (levelsIn(answer) < levels) return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: 'firm',
      proof: `A query ${levels} levels deep, from an object to another and back, was answered in full.`,
      exhibits: [{ label: `${levels} levels`, answer }],
    };
  },
  examples: {
    vulnerable: [graphqlExample({ title: 'A user has a team, whose lead is a user, and so on', schema, fields })],
    safe: [
      graphqlExample({
        title: 'More than ten levels are refused',
        schema,
        fields,
        instead: ({ depth }) => (depth > 10 ? { status: 400, body: { errors: [{ message: 'too deep' }] } } : undefined),
      }),
      graphqlExample({
        title: 'What lies deep is not given',
        schema,
        fields: { me: () => nested(6) },
      }),
      graphqlExample({
        title: 'No type leads back to itself',
        schema: 'type Query { me: User } type User { id: ID! }',
        fields: { me: () => ({ id: '1' }) },
      }),
    ],
  },
});

/** A way from an object back to its own type by fields that give one object each: long, and yet cheap to ask for. */
interface Circle {
  readonly field: CheapField;
  readonly steps: readonly string[];
}

function circleOf(subject: OperationSubject): Circle | undefined {
  const endpoint = endpointOf(subject);
  if (!endpoint) return undefined;
  for (const field of cheapFields(subject.world, endpoint.endpoint)) {
    const steps = field.schema?.name === undefined ? undefined : wayBack(field.schema, field.schema.name);
    if (steps) return { field, steps };
  }
  return undefined;
}

const longest = 4;

/** The shortest way back to a type; each type is looked at once. */
function wayBack(from: Schema, name: string): readonly string[] | undefined {
  const seen = new Set<string>([name]);
  let waiting: { readonly schema: Schema; readonly steps: readonly string[] }[] = [{ schema: from, steps: [] }];
  for (let length = 0; length < longest; length++) {
    const next: typeof waiting = [];
    for (const { schema, steps } of waiting) {
      for (const [property, inner] of schema.properties) {
        if (inner.types[0] !== 'object' || inner.name === undefined) continue;
        if (inner.name === name) return [...steps, property];
        if (seen.has(inner.name)) continue;
        seen.add(inner.name);
        next.push({ schema: inner, steps: [...steps, property] });
      }
    }
    waiting = next;
  }
  return undefined;
}

function documentOf({ field, steps }: Circle): string {
  const path = Array.from({ length: levels - 1 }, (_, at) => steps[at % steps.length] ?? '');
  const inner = path.reduceRight((below, step) => `${step} { ${below} }`, '__typename');
  return field.text.replace('__typename', inner);
}

/** How many objects stand in each other. */
function levelsIn(answer: Answer): number {
  let content = contentOf(answer);
  let count = 0;
  while (isObject(content)) {
    count += 1;
    content = Object.values(content).find(isObject);
  }
  return count;
}
