import type { OperationSubject, Severity, Verdict } from '../../model/check.ts';
import { jsonOf } from '../../model/http.ts';
import { isObject } from '../../model/json.ts';
import { graphqlExample } from '../example-graphql.ts';
import { endpointOf } from '../graphql-endpoint.ts';
import { defineCheck, first } from '../support.ts';

const schema = 'type Query { hello: String } type Mutation { greet: String }';
const fields = { hello: () => 'hello', greet: () => 'hello' };

export default defineCheck({
  id: 'graphql-mutation-by-get',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'GraphQL mutations are executed for GET requests',
    risk: 'A link or an image on any page makes the browser of a visitor change things; where a cookie says who the caller is, it does so in the name of the visitor. Addresses with mutations also end up in logs and caches.',
    remedy: 'Execute queries alone for GET, and take mutations by POST with the content type application/json.',
    cwe: [352, 650],
    owasp: 'API8:2023',
  },
  needs: [],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) =>
    endpointOf(subject) !== undefined && subject.world.surface.operations.some(({ graphql }) => graphql?.kind === 'mutation'),
  // This mutation changes nothing: it asks what the root of all mutations is called.
  plan: (subject) => {
    const { world, operation } = subject;
    const endpoint = endpointOf(subject)?.endpoint ?? '';
    const request = (document: string): { method: string; origin: string; path: string; headers: [string, string][] } => ({
      method: 'GET',
      origin: world.surface.origin,
      path: `${endpoint}${endpoint.includes('?') ? '&' : '?'}query=${encodeURIComponent(document)}`,
      headers: [['accept', 'application/json']],
    });
    return {
      query: [{ bare: request('query{__typename}'), operation: operation.id, label: 'a query by GET' }],
      mutation: [{ bare: request('mutation{__typename}'), operation: operation.id, label: 'a mutation by GET' }],
    };
  },
  judge: ({ world }, results): Verdict => {
    const [query, mutation] = [first(results.query), first(results.mutation)];
    if (!mutation || mutation.kind === 'silence') return { outcome: 'inconclusive', why: 'the request got no answer' };
    const [asked, executed] = [query, mutation].map((answer) => rootIn(answer?.kind === 'exchange' ? jsonOf(answer.response) : undefined));
    // An endpoint that names the same root for both did not look at the document.
    if (executed === undefined || executed === asked) return { outcome: 'pass' };
    const byCookie = (world.lent ?? []).some(({ cookies }) => cookies.length > 0);
    const severity: Severity = byCookie ? 'medium' : 'low';
    return {
      outcome: 'fail',
      confidence: 'certain',
      severity,
      proof: `A mutation that was sent by GET was executed: it named its root, "${executed}".${byCookie ? ' A cookie says who the caller is here, so any page can send one in the name of a visitor.' : ''}`,
      exhibits: [{ label: 'a mutation by GET', answer: mutation, highlights: [`"${executed}"`] }],
    };
  },
  examples: {
    vulnerable: [graphqlExample({ title: 'Whatever the address holds is executed', schema, fields })],
    safe: [
      graphqlExample({
        title: 'Mutations need POST',
        schema,
        fields,
        instead: ({ method, documents: [document = ''] }) =>
          method === 'GET' && document.startsWith('mutation')
            ? { status: 405, body: { errors: [{ message: 'Can only perform a mutation operation from a POST request.' }] } }
            : undefined,
      }),
      graphqlExample({
        title: 'GET is not taken at all',
        schema,
        fields,
        instead: ({ method }) => (method === 'GET' ? { status: 405, body: { error: 'use POST' } } : undefined),
      }),
      graphqlExample({
        title: 'GET answers the same whatever is asked',
        schema,
        fields,
        instead: ({ method }) => (method === 'GET' ? { status: 200, body: { data: { __typename: 'Query' } } } : undefined),
      }),
      graphqlExample({ title: 'There are no mutations', schema: 'type Query { hello: String }', fields }),
    ],
  },
});

function rootIn(json: ReturnType<typeof jsonOf>): string | undefined {
  const data = isObject(json) ? json['data'] : undefined;
  const root = isObject(data) ? data['__typename'] : undefined;
  return typeof root === 'string' ? root : undefined;
}
