import type { OperationSubject, Verdict } from '../../model/check.ts';
import { documentRequest } from '../../model/graphql.ts';
import { jsonOf } from '../../model/http.ts';
import { isObject, parseJson, type Json } from '../../model/json.ts';
import { graphqlExample } from '../example-graphql.ts';
import { endpointOf } from '../graphql-endpoint.ts';
import { defineCheck, first } from '../support.ts';

const size = 10;
const schema = 'type Query { hello: String }';
const fields = { hello: () => 'hello' };

export default defineCheck({
  id: 'graphql-batching-unlimited',
  category: 'rateLimiting',
  severity: 'low',
  docs: {
    title: 'One request may hold many GraphQL operations',
    risk: 'A limit on requests counts one where many are executed: passwords and one-time codes are tried in batches, and expensive queries are multiplied.',
    remedy:
      'Switch batching off, or allow a few operations in a batch, and count operations instead of requests wherever something is limited.',
    cwe: [770, 799],
    owasp: 'API4:2023',
  },
  needs: [],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => endpointOf(subject) !== undefined,
  plan: (subject) => {
    const { world, operation } = subject;
    const one = documentRequest(world.surface.origin, endpointOf(subject)?.endpoint ?? '', 'query { __typename }');
    const body = JSON.stringify(Array.from({ length: size }, () => parseJson(one.body ?? '') ?? null));
    return { batch: [{ bare: { ...one, body }, operation: operation.id, label: `a batch of ${size}` }] };
  },
  judge: (_, { batch }): Verdict => {
    const answer = first(batch);
    if (!answer || answer.kind === 'silence') return { outcome: 'inconclusive', why: 'the batch got no answer' };
    const json = jsonOf(answer.response);
    const executed = Array.isArray(json) ? json.filter(isExecuted).length : 0;
    if (executed < size) return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: 'firm',
      proof: `${size} operations in one request were executed, each with an answer of its own.`,
      exhibits: [{ label: `a batch of ${size}`, answer }],
    };
  },
  examples: {
    vulnerable: [graphqlExample({ title: 'Batches of any size are executed', schema, fields })],
    safe: [
      graphqlExample({
        title: 'Batches are refused',
        schema,
        fields,
        instead: ({ isBatch }) => (isBatch ? { status: 400, body: { errors: [{ message: 'batching is off' }] } } : undefined),
      }),
      graphqlExample({
        title: 'Five of a batch are executed',
        schema,
        fields,
        instead: ({ isBatch, documents }) =>
          isBatch
            ? {
                status: 200,
                body: documents.map((_, at) => (at < 5 ? { data: { __typename: 'Query' } } : { errors: [{ message: 'too many' }] })),
              }
            : undefined,
      }),
      graphqlExample({
        title: 'A batch is answered with one refusal for each',
        schema,
        fields,
        instead: ({ isBatch, documents }) =>
          isBatch ? { status: 200, body: documents.map(() => ({ errors: [{ message: 'log in first' }] })) } : undefined,
      }),
    ],
  },
});

function isExecuted(item: Json): boolean {
  return isObject(item) && isObject(item['data']) && typeof item['data']['__typename'] === 'string';
}
