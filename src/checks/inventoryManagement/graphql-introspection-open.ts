import type { OperationSubject, Verdict } from '../../model/check.ts';
import { contentOf, documentRequest } from '../../model/graphql.ts';
import { isObject } from '../../model/json.ts';
import { graphqlExample } from '../example-graphql.ts';
import { endpointOf } from '../graphql-endpoint.ts';
import { defineCheck, first } from '../support.ts';

const schema = 'type Query { hello: String }';
const fields = { hello: () => 'hello' };

export default defineCheck({
  id: 'graphql-introspection-open',
  category: 'inventoryManagement',
  severity: 'info',
  docs: {
    title: 'GraphQL introspection tells the whole schema to anybody',
    risk: 'Every type, query and mutation is listed to whoever asks, those included that no client uses. It harms nobody by itself, and saves an attacker the search.',
    remedy:
      'Where the API is not meant for the public, switch introspection off in production (and the "Did you mean" suggestions with it). Authorize every field all the same: a hidden one is found.',
    cwe: [200],
    owasp: 'API9:2023',
  },
  needs: [],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => endpointOf(subject) !== undefined,
  plan: (subject) => {
    const { world, operation } = subject;
    const request = documentRequest(world.surface.origin, endpointOf(subject)?.endpoint ?? '', 'query { __schema { queryType { name } } }');
    return { anonymous: [{ bare: request, operation: operation.id, label: 'without a credential' }] };
  },
  judge: (_, { anonymous }): Verdict => {
    const answer = first(anonymous);
    if (!answer || answer.kind === 'silence') return { outcome: 'inconclusive', why: 'the question got no answer' };
    const content = contentOf(answer);
    const root = isObject(content) ? content['queryType'] : undefined;
    if (!isObject(root) || typeof root['name'] !== 'string') return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: 'certain',
      proof: 'The anonymous caller asked for the schema and got it.',
      exhibits: [{ label: 'without a credential', answer, highlights: ['"queryType"'] }],
    };
  },
  examples: {
    vulnerable: [graphqlExample({ title: 'The schema is told to anybody', schema, fields })],
    safe: [
      graphqlExample({
        title: 'Introspection is refused in words',
        schema,
        fields,
        instead: ({ fields: [name] }) =>
          name === '__schema' ? { status: 200, body: { errors: [{ message: 'introspection is not allowed' }] } } : undefined,
      }),
      graphqlExample({
        title: 'Introspection answers with nothing',
        schema,
        fields,
        instead: ({ fields: [name] }) => (name === '__schema' ? { status: 200, body: { data: { __schema: null } } } : undefined),
      }),
      graphqlExample({ title: 'The endpoint answers nobody', schema, fields, instead: () => ({ status: 401, body: { errors: [] } }) }),
    ],
  },
});
