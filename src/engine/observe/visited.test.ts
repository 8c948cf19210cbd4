import { expect, test } from 'vitest';
import { surfaceFromText } from '../../discover/index.ts';
import type { Answer } from '../../model/http.ts';
import type { Call, Identity } from '../../model/identity.ts';
import type { Visited } from '../../model/operation.ts';
import type { Look } from '../../model/world.ts';
import { shapes } from './address.ts';
import { visitedObjects } from './visited.ts';

const paths = ['/notes', '/notes/{noteId}', '/notes/{noteId}/lines', '/users/{userId}', '/pages/{page}'];
const surface = surfaceFromText(
  JSON.stringify({ openapi: '3.0.3', info: {}, paths: Object.fromEntries(paths.map((path) => [path, { get: {} }])) }),
  'notes.json',
  { origin: 'http://api.test' },
);
const identities = ['alice', 'bob'].map((name): Identity => ({ name, source: 'file', facts: {} }));

function answer({ request }: Call, body: unknown, status = 200): Answer {
  const response = { status, headers: [], body: JSON.stringify(body), bytes: 1, truncated: false };
  return { kind: 'exchange', request, response, startedAt: 0, ms: 1 };
}

const visit = (identity: string, path: string, values: Readonly<Record<string, string>>): Visited => ({
  identity,
  operation: `GET ${path}`,
  path: values,
  query: {},
});

async function ownedBy(visited: readonly Visited[], looks: readonly Look[] = [], gone: readonly string[] = []): Promise<string[]> {
  const objects = await visitedObjects({
    surface: { ...surface, visited },
    operations: surface.operations,
    identities,
    looks,
    shapeFor: shapes(),
    namedBy: () => [],
    sendAs: (call) => {
      const id = call.request.path.split('/')[2] ?? '';
      return Promise.resolve(
        gone.includes(id) ? answer(call, { error: 'gone' }, 404) : answer(call, { id: Number(id) || 'report', title: 'T' }),
      );
    },
    token: (salt) => salt,
  });
  return objects.map(({ id }) => id);
}

function listed(as: string, list: readonly number[]): Look {
  const operation = surface.operations.find(({ path }) => path === '/notes');
  if (!operation) throw new Error('there is no list');
  const call = { as, operation: operation.id, request: { method: 'GET', origin: surface.origin, path: '/notes', headers: [] } };
  return {
    operation,
    as,
    baseline: {
      call,
      answers: [
        answer(
          call,
          list.map((id) => ({ id })),
        ),
      ],
      noise: new Set(),
    },
  };
}

const alices = visit('alice', '/notes/{noteId}', { noteId: '7' });

test('what one identity asked for and is still served is its own', async () => {
  expect(await ownedBy([alices, visit('bob', '/notes/{noteId}', { noteId: '9' })])).toEqual(['note 7 of alice', 'note 9 of bob']);
  expect(await ownedBy([alices], [], ['7'])).toEqual([]);
  expect(await ownedBy([alices, visit('bob', '/notes/{noteId}/lines', { noteId: '7' })])).toEqual([]);
  expect(await ownedBy([visit('carol', '/notes/{noteId}', { noteId: '7' })])).toEqual([]);
});

test('objects of a kind that lists show to several are nobody’s', async () => {
  expect(await ownedBy([alices], [listed('alice', [1, 2]), listed('bob', [2, 3])])).toEqual([]);
  expect(await ownedBy([alices], [listed('alice', [1]), listed('bob', [3])])).toEqual(['note 7 of alice']);
});

test('an account is its own only when it is the one account asked for', async () => {
  const user = (id: string): Visited => visit('alice', '/users/{userId}', { userId: id });
  expect(await ownedBy([user('3')])).toEqual(['user 3 of alice']);
  expect(await ownedBy([user('3'), user('4')])).toEqual([]);
});

test('a word that the answer does not carry names no object', async () => {
  expect(await ownedBy([visit('alice', '/pages/{page}', { page: 'imprint' })])).toEqual([]);
});
