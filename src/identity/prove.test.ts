import { expect, it } from 'vitest';
import type { Operation, Parameter } from '../model/operation.ts';
import { parseIdentitiesFile } from './declared.ts';
import { proveIdentities } from './prove.ts';
import { sendAs } from './send-as.ts';
import { openSession } from './session.ts';
import { operation, secured, surface, target, type Seen, type Told } from './target.fixture.ts';

const id: Parameter = { name: 'id', in: 'path', required: true, examples: ['1'] };
const isKnown = ({ headers }: Seen): boolean => headers['authorization'] === 'Bearer good';

async function prove(
  operations: readonly Operation[],
  handle: (seen: Seen) => Told,
  file = '[{name: a, bearer: good}, {name: b, bearer: bad}]',
) {
  const described = surface(operations);
  const server = target(handle);
  const sessions = new Map(
    parseIdentitiesFile(file, 'f', {}).map((item) => [
      item.name,
      openSession(item, { surface: described, send: server.send, now: () => 0 }),
    ]),
  );
  const proofs = await proveIdentities({
    surface: described,
    sessions,
    sendAs: sendAs({ sessions, send: server.send, now: () => 0 }),
    authOperations: new Set(['GET /login']),
  });
  return { proofs, server };
}

it('proves by an operation that refuses anonymous, asks anonymously once, and touches nothing that may destroy', async () => {
  const operations = [
    operation('GET', '/createdb'),
    operation('GET', '/logout'),
    operation('GET', '/db', { summary: 'Resets the database' }),
    operation('DELETE', '/items'),
    operation('POST', '/items'),
    operation('GET', '/login'),
    operation('GET', '/public', { security: [] }),
    operation('GET', '/items', { security: secured }),
  ];
  const { proofs, server } = await prove(operations, (seen) => (isKnown(seen) ? { status: 200, json: [] } : { status: 401 }));
  expect(proofs).toEqual([
    { identity: 'a', usable: true, operation: 'GET /items', why: 'GET /items answers 401 to anonymous and 200 to a' },
    { identity: 'b', usable: false, why: expect.stringContaining('GET /items: 401') },
  ]);
  expect(new Set(server.seen.map((seen) => seen.id))).toEqual(new Set(['GET /items', 'GET /public']));
  expect(server.seen.filter((seen) => seen.id === 'GET /items' && seen.headers['authorization'] === undefined)).toHaveLength(1);
});

it('proves by a redirect to the log-in page that only anonymous gets', async () => {
  const { proofs } = await prove([operation('GET', '/home')], (seen) =>
    isKnown(seen) ? { status: 200, text: '<p>hello' } : { status: 302, headers: [['Location', '/login']] },
  );
  expect(proofs.map(({ usable }) => usable)).toEqual([true, false]);
});

it('proves by 401 against 404 where every operation needs an id, and takes no example for it', async () => {
  const { proofs, server } = await prove([operation('GET', '/items/{id}', { parameters: [id] })], (seen) =>
    isKnown(seen) ? { status: 404, json: { error: 'not found' } } : { status: 401 },
  );
  expect(proofs.map(({ usable }) => usable)).toEqual([true, false]);
  expect(server.seen.map((seen) => seen.id)).not.toContain('GET /items/1');
});

it('does not take "not found" for everybody as a proof', async () => {
  const { proofs } = await prove([operation('GET', '/gone')], () => ({ status: 404, json: { error: 'not found' } }));
  expect(proofs.map(({ usable }) => usable)).toEqual([false, false]);
});

it('says so when nothing refuses anonymous, or nothing can be tried', async () => {
  const open = await prove([operation('GET', '/items')], () => ({ status: 200, json: [] }));
  expect(open.proofs[0]).toMatchObject({ usable: false, why: expect.stringContaining('no operation that was tried refuses anonymous') });
  const none = await prove([operation('POST', '/items')], () => ({ status: 200, json: [] }));
  expect(none.proofs[0]).toMatchObject({ usable: false, why: expect.stringContaining('no GET operation') });
});

const logIn =
  '[{name: a, login: {request: {path: /login, json: {email: a@x.test, password: pw}}, extract: {from: body, pointer: /token}}}]';

it('proves a log-in by the account that an open operation names, or by the log-in alone', async () => {
  const handle =
    (fact: string) =>
    (seen: Seen): Told =>
      seen.id === 'POST /login' ? { status: 200, json: { token: 'good' } } : { status: 200, json: { as: isKnown(seen) ? fact : 'guest' } };
  const named = await prove([operation('GET', '/home')], handle('a@x.test'), logIn);
  expect(named.proofs[0]).toMatchObject({ usable: true, operation: 'GET /home' });
  const alone = await prove([operation('GET', '/home')], handle('guest'), logIn);
  expect(alone.proofs[0]).toMatchObject({ usable: true, why: expect.stringContaining('no operation that was tried refuses anonymous') });
  expect(alone.proofs[0]).not.toHaveProperty('operation');
});

it('passes on why a log-in failed, and takes 403 instead of 401 for somebody who logged in', async () => {
  const failed = await prove([operation('GET', '/home')], () => ({ status: 401 }), logIn);
  expect(failed.proofs[0]).toMatchObject({ usable: false, why: expect.stringContaining('the log-in answered 401') });
  const lowly = (seen: Seen): Told =>
    seen.id === 'POST /login'
      ? { status: 200, json: { token: 'good' } }
      : { status: isKnown(seen) ? 403 : 401, json: { error: 'admins only' } };
  const known = await prove([operation('GET', '/admin/users')], lowly, logIn);
  expect(known.proofs[0]).toMatchObject({ usable: true, why: expect.stringContaining('403') });
});
