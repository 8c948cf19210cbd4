import { expect, test } from 'vitest';
import { surfaceFromText } from '../index.ts';
import type { Trace } from '../trace/trace.ts';
import { askedFields, visitsOf } from './asked.ts';

test.each([
  [
    { query: 'query A($n: Int!) { note(id: $n) { id } me { id } }', variables: { n: 12 } },
    [
      { field: 'note', ids: { id: '12' } },
      { field: 'me', ids: {} },
    ],
  ],
  [{ query: '{ mine: note(id: 7, secret: "s3cret") { id } }' }, [{ field: 'note', ids: { id: '7' } }]],
  [
    [{ query: '{ a }' }, { query: '{ b(userId: "u1") }' }],
    [
      { field: 'a', ids: {} },
      { field: 'b', ids: { userId: 'u1' } },
    ],
  ],
  [{ query: 'mutation { login(id: "x", password: "y") { token } }' }, []],
  [{ query: '{ broken' }, []],
])('%j', (request, fields) => {
  expect(askedFields(JSON.stringify(request))).toEqual(fields);
});

test('queries become visits of the operations that they are', () => {
  const { operations } = surfaceFromText('type Query { note(id: Int!): Note notes: [Note!]! } type Note { id: Int! }', 'x.graphql', {
    origin: 'http://api.test',
  });
  const asked = (field: string, ids: Record<string, string>, status = 200): Trace['requests'][number] => ({
    method: 'POST',
    origin: 'http://api.test',
    path: '/graphql',
    query: [],
    headers: [],
    pointer: '',
    status,
    graphql: [{ field, ids }],
  });
  const requests = [
    asked('note', { id: '12' }),
    asked('note', { id: '12' }),
    asked('notes', {}),
    asked('note', { id: '13' }, 500),
    asked('gone', { id: '1' }),
  ];
  const trace: Trace = {
    kind: 'har',
    location: 'alice.har',
    dialect: 'har 1.2',
    identity: 'alice',
    requests,
    securitySchemes: {},
    notes: [],
  };
  expect(visitsOf([trace], operations)).toEqual([
    { identity: 'alice', operation: 'POST /graphql query note(id)', path: { id: '12' }, query: {} },
  ]);
});
