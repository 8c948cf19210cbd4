import type { OperationSubject, Verdict } from '../../model/check.ts';
import { documentRequest } from '../../model/graphql.ts';
import { graphqlExample } from '../example-graphql.ts';
import { cheapFields, endpointOf, valuesIn } from '../graphql-endpoint.ts';
import { defineCheck, first } from '../support.ts';

const count = 30;
const schema = 'type Query { hello: String, me: User } type User { id: ID! }';
const fields = { hello: () => 'hello', me: () => ({ id: '1' }) };

export default defineCheck({
  id: 'graphql-aliases-unlimited',
  category: 'rateLimiting',
  severity: 'low',
  docs: {
    title: 'One GraphQL operation may ask for the same field many times',
    risk: 'A limit on requests counts one where a field is resolved again and again under other names: a log-in with a hundred passwords, or an expensive query a thousand times.',
    remedy:
      'Limit aliases, root fields and the computed cost of a document before it is executed (graphql-armor, graphene validation rules, a cost directive), and count attempts where they are made, in the resolver.',
    cwe: [770, 799],
    owasp: 'API4:2023',
  },
  needs: [],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => endpointOf(subject) !== undefined,
  plan: (subject) => {
    const { world, operation } = subject;
    const endpoint = endpointOf(subject)?.endpoint ?? '';
    const [field] = cheapFields(world, endpoint);
    if (!field) throw new Error('graphql-aliases-unlimited was planned without a field');
    const aliases = Array.from({ length: count }, (_, at) => `a${at + 1}: ${field.text}`);
    const request = documentRequest(world.surface.origin, endpoint, `query { ${aliases.join(' ')} }`);
    return { aliased: [{ as: field.as, operation: operation.id, request }] };
  },
  judge: (_, { aliased }): Verdict => {
    const answer = first(aliased);
    if (!answer || answer.kind === 'silence') return { outcome: 'inconclusive', why: 'the question got no answer' };
    if (valuesIn(answer).length < count) return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: 'firm',
      proof: `One field was asked for ${count} times in one operation, and was given ${count} times.`,
      exhibits: [{ label: `${count} aliases`, answer }],
    };
  },
  examples: {
    vulnerable: [
      graphqlExample({ title: 'Any number of aliases is resolved', schema, fields }),
      graphqlExample({
        title: 'Only accounts may ask, and may ask as often as they like',
        schema,
        people: ['alice'],
        fields: {
          me: ({ me }) => {
            if (me === undefined) throw new Error('You must be logged in.');
            return { id: me };
          },
        },
      }),
    ],
    safe: [
      graphqlExample({
        title: 'More than fifteen fields at the top are refused',
        schema,
        fields,
        instead: ({ fields: names }) =>
          names.length > 15 ? { status: 400, body: { errors: [{ message: 'too many aliases' }] } } : undefined,
      }),
      graphqlExample({
        title: 'The first fifteen are given, and the others are nothing',
        schema,
        fields,
        instead: ({ fields: names }) =>
          names.length > 15
            ? { status: 200, body: { data: Object.fromEntries(names.map((_, at) => [`a${at + 1}`, at < 15 ? 'hello' : null])) } }
            : undefined,
      }),
      graphqlExample({
        title: 'The endpoint answers nobody',
        schema,
        fields,
        instead: () => ({ status: 200, body: { errors: [{ message: 'log in first' }] } }),
      }),
    ],
  },
});
