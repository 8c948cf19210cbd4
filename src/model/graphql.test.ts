import { expect, test } from 'vitest';
import { meaningOf } from './answer.ts';
import { documentRequest, graphqlKind, isReadingRequest, typeNoun } from './graphql.ts';
import type { Answer } from './http.ts';
import type { Json } from './json.ts';

function answer(body: Json, { document = 'query order($id: ID!) { order(id: $id) { id } }', status = 200 } = {}): Answer {
  const request = documentRequest('http://api.test', '/graphql', document, { id: '1' });
  const text = JSON.stringify(body);
  return {
    kind: 'exchange',
    request,
    response: { status, headers: [], body: text, bytes: text.length, truncated: false },
    startedAt: 0,
    ms: 0,
  };
}

const error = (message: string, code?: string): Json => ({
  data: { order: null },
  errors: [{ message, ...(code === undefined ? {} : { extensions: { code } }) }],
});
const mutation = { document: 'mutation save($id: ID!) { save(id: $id) { id } }' };

test.each([
  ['a value', answer({ data: { order: { id: '1' } } }), 'served'],
  ['an empty list', answer({ data: { orders: [] } }), 'served'],
  [
    'a value beside the error of a field below',
    answer({ data: { order: { id: '1', card: null } }, errors: [{ message: 'Forbidden', path: ['order', 'card'] }] }),
    'served',
  ],
  ['nothing', answer({ data: { order: null } }), 'absent'],
  ['nothing at all', answer({ data: null }), 'absent'],
  ['a code of refusal', answer(error('Sorry', 'FORBIDDEN')), 'refused'],
  ['words of refusal under the code for everything', answer(error('Not Authorised!', 'INTERNAL_SERVER_ERROR')), 'refused'],
  ['a log-in asked for', answer(error('You must be logged in to do that.')), 'refused'],
  ['words of absence', answer(error('Order matching query does not exist.')), 'absent'],
  ['a hole where something must be', answer(error('Cannot return null for non-nullable field Query.order.')), 'absent'],
  ['a document that is not valid', answer({ errors: [{ message: 'Unknown argument "x"' }] }, { status: 400 }), 'absent'],
  ['a value of the wrong type', answer({ errors: [{ message: 'Variable "$id" got invalid value' }] }), 'rejected'],
  ['too many requests', answer(error('Too many requests, slow down', 'RATE_LIMITED')), 'busy'],
  ['a fault of the server', answer({ errors: [{ message: 'boom' }] }, { status: 500 }), 'failed'],
  ['401 all the same', answer({ errors: [{ message: 'x' }] }, { status: 401 }), 'refused'],
  ['a mutation that says no', answer({ data: { remove: false } }, mutation), 'absent'],
  ['a query whose value is no', answer({ data: { isOpen: false } }), 'served'],
  [
    'a payload with errors of its own',
    answer({ data: { save: { order: null, userErrors: [{ message: 'not found' }] } } }, mutation),
    'absent',
  ],
  ['a payload with an empty list of errors', answer({ data: { save: { order: { id: '1' }, errors: [] } } }, mutation), 'served'],
  ['something that is not GraphQL', answer({ error: 'please log in' }), 'refused'],
])('%s', (_, given, expected) => {
  expect(meaningOf(given)).toBe(expected);
});

test('queries read, and mutations do not, whatever the method', () => {
  const request = (document: string): Parameters<typeof isReadingRequest>[0] => documentRequest('http://api.test', '/graphql', document);
  expect(isReadingRequest(request('query a { a }'))).toBe(true);
  expect(isReadingRequest(request('{ a }'))).toBe(true);
  expect(isReadingRequest(request('mutation a { a }'))).toBe(false);
  expect(isReadingRequest({ ...request(''), body: '{"query":"mutation of genes"}' })).toBe(false);
  expect(graphqlKind({ ...request(''), body: '{"query":"queries about {x}"}' })).toBeUndefined();
  expect(graphqlKind({ ...request('query a { a }'), method: 'PUT' })).toBeUndefined();
});

test.each([
  ['Order', 'order'],
  ['OrderType', 'order'],
  ['UserObjectType', 'user'],
  ['BlogPosts', 'post'],
  ['Node', 'node'],
  ['OrderConnection', 'order'],
])('%s is about: %s', (type, noun) => {
  expect(typeNoun(type)).toBe(noun);
});
