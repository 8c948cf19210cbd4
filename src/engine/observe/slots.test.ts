import { expect, test } from 'vitest';
import { surfaceFromText } from '../../discover/index.ts';
import type { Operation } from '../../model/operation.ts';
import { isReading } from './reading.ts';
import { creates, keyFor, shapeOf } from './slots.ts';

function operation(id: string, query: readonly string[] = []): Operation {
  const [method = '', path = ''] = id.split(' ');
  const parameters = query.map((name) => ({ name, in: 'query' as const, required: false, examples: [] }));
  return {
    id,
    method,
    path,
    tags: [],
    deprecated: false,
    parameters,
    responses: [],
    links: [],
    source: { kind: 'openapi', document: 'x' },
  };
}

test.each([
  ['GET /books/v1/{book_title}', [['book_title', 'book']], []],
  [
    'GET /users/{username}/posts/{id}',
    [
      ['username', 'user'],
      ['id', 'post'],
    ],
    [],
  ],
  ['PUT /users/v1/{username}/password', [['username', 'user']], ['password']],
  ['GET /api/v2/stories/{storyId}', [['storyId', 'story']], []],
  ['GET /{orderId}', [['orderId', 'order']], []],
  ['GET /orgs/{org}/people', [['org', 'org']], ['people']],
])('the path of %s', (id, slots, tail) => {
  const shape = shapeOf(operation(id));
  expect(shape.path.map((slot) => [slot.name, slot.noun])).toEqual(slots);
  expect(shape.tail).toEqual(tail);
});

test('query parameters that name objects, and those that do not', () => {
  const shape = shapeOf(operation('GET /search', ['user_id', 'ownerId', 'page', 'pageId', 'request_id', 'email', 'q']));
  expect(shape.beside.map((slot) => [slot.name, slot.noun])).toEqual([
    ['user_id', 'user'],
    ['ownerId', 'user'],
    ['email', 'user'],
  ]);
});

test('headers, cookies and places in the body that name objects, and those that do not', () => {
  const text = { type: 'string' };
  const parameters = ['X-Order-Id', 'X-Request-Id', 'X-Tenant-Id', 'X-API-Key'].map((name) => ({ name, in: 'header', schema: text }));
  const properties = {
    id: { type: 'integer' },
    status: text,
    user_id: text,
    ids: { type: 'array', items: text },
    items: { type: 'array', items: { type: 'object', properties: { id: text } } },
    params: { type: 'object', properties: { id: text, customer: { type: 'object', properties: { id: text } } } },
  };
  const post = {
    parameters: [...parameters, { name: 'order_id', in: 'cookie', schema: text }, { name: 'sid', in: 'cookie', schema: text }],
    requestBody: { content: { 'application/json': { schema: { type: 'object', properties } } } },
    responses: {},
  };
  const document = { openapi: '3.0.3', info: { title: 'x', version: '1' }, paths: { '/orders/search': { post } } };
  const [search] = surfaceFromText(JSON.stringify(document), 'x.json', { origin: 'http://api.test' }).operations;
  expect(search && shapeOf(search).beside.map((slot) => `${slot.in} ${slot.name} ${slot.noun}`)).toEqual([
    'header X-Order-Id order',
    'header X-Tenant-Id tenant',
    'cookie order_id order',
    'body /id order',
    'body /user_id user',
    'body /ids/0 order',
    'body /params/id order',
    'body /params/customer/id customer',
  ]);
});

test.each([
  ['POST /orders/search', true],
  ['POST /rpc/getOrder', true],
  ['POST /orders/export', true],
  ['POST /orders', false],
  ['POST /orders/{id}/cancel', false],
  ['POST /notifications/read', false],
  ['PUT /orders/search', false],
  ['GET /orders', true],
])('%s reads: %s', (id, expected) => {
  expect(isReading(operation(id))).toBe(expected);
});

test.each([
  ['book_title', 'book', { id: '7', title: 'Emma' }, 'Emma'],
  ['title', 'book', { id: '7', book_title: 'Emma' }, 'Emma'],
  ['bookId', 'book', { id: '7', title: 'Emma' }, '7'],
  ['id', 'book', { book_id: '7' }, '7'],
  ['id', 'note', { _id: '65f0' }, '65f0'],
  ['username', 'user', { username: 'ada', id: '3' }, 'ada'],
  ['user', 'user', { id: '3', username: 'ada' }, '3'],
  ['slug', 'post', { id: '3', slug: 'hello' }, 'hello'],
  ['isbn', 'book', { id: '7', title: 'Emma' }, undefined],
  ['workOrderId', 'order', { uuid: 'f81d', title: 'Paint' }, 'f81d'],
  ['blog_post_slug', 'post', { _id: '65f0', slug: 'hello' }, 'hello'],
])('{%s} of a %s takes the right key', (name, type, keys, expected) => {
  expect(keyFor({ in: 'path', name, noun: type }, type, keys)).toBe(expected);
});

test('an account goes by the noun of its path', () => {
  expect(keyFor({ in: 'path', name: 'customerId', noun: 'customer' }, 'user', { username: 'ada', id: '3' })).toBe('3');
});

test('a parameter of every client names an object where the path speaks of it', () => {
  const named = (id: string): string[] => shapeOf(operation(id, ['device_id'])).beside.map((slot) => slot.noun);
  expect([named('GET /devices/detail'), named('GET /orders')]).toEqual([['device'], []]);
});

test('what creates and what does not', () => {
  const all = [
    'GET /books',
    'POST /books',
    'GET /books/{id}',
    'POST /books/{id}/publish',
    'POST /login',
    'POST /notes/add',
    'POST /books/{id}/reviews',
    'POST /search',
  ].map((id) => operation(id));
  expect(Object.fromEntries(all.map((item) => [item.id, creates(item, all)]))).toEqual({
    'GET /books': undefined,
    'POST /books': 'book',
    'GET /books/{id}': undefined,
    'POST /books/{id}/publish': undefined,
    'POST /login': undefined,
    'POST /notes/add': 'note',
    'POST /books/{id}/reviews': 'review',
    'POST /search': undefined,
  });
});

test('the source of the target says which parameters name objects, and by which of their properties', () => {
  const view = { file: 'app.py', line: 1, column: 1, function: 'f' };
  const keys = [
    { in: 'query', name: 'ref', type: 'memo', field: 'id' },
    { in: 'query', name: 'gone', type: 'memo', field: 'id' },
    { in: 'query', name: 'user_id', type: 'user', field: 'id' },
    { in: 'path', name: 'handle', type: 'profile', field: 'card_handle' },
  ] as const;
  const hints = { view, suspects: [], assignable: [], keys };
  const plain = operation('GET /cards/{handle}', ['ref', 'user_id', 'q']);
  const [ref] = shapeOf({ ...plain, hints }).beside.filter(({ name }) => name === 'ref');
  expect(shapeOf(plain).beside.map(({ name }) => name)).toEqual(['user_id']);
  // A name that the operation does not take is no slot, and one that speaks for itself is not listed twice.
  expect(shapeOf({ ...plain, hints }).beside.map(({ name, noun }) => [name, noun])).toEqual([
    ['user_id', 'user'],
    ['ref', 'memo'],
  ]);
  expect(ref && keyFor(ref, 'memo', { id: '7', text: 'x' })).toBe('7');
  const [handle] = shapeOf({ ...plain, hints }).path;
  expect(handle && keyFor(handle, 'card', { id: '7', card_handle: 'c9' })).toBe('c9');
});
