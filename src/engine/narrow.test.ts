import { expect, test } from 'vitest';
import { documentRequest } from '../model/graphql.ts';
import type { Answer } from '../model/http.ts';
import type { Call, SendAs } from '../model/identity.ts';
import { isObject, parseJson, type Json } from '../model/json.ts';
import { narrowed } from './narrow.ts';

/** Everything is served, except that `card` spoils whatever it is asked below. */
function spoiled(seen: string[]): SendAs {
  return async ({ as, request }): Promise<Answer> => {
    const sent = parseJson(request.body ?? '');
    const document = isObject(sent) ? String(sent['query']) : '';
    seen.push(`${as ?? 'nobody'}: ${document}`);
    const body: Json = document.includes('card')
      ? { data: { order: null }, errors: [{ message: 'Forbidden', path: ['order', 'buyer', 'card'] }] }
      : { data: { order: { id: '1' } } };
    const text = JSON.stringify(body);
    return {
      kind: 'exchange',
      request,
      response: { status: 200, headers: [], body: text, bytes: text.length, truncated: false },
      startedAt: 0,
      ms: 0,
    };
  };
}

const call = (as: string | null, document: string): Call => ({
  as,
  operation: document.split(' ')[1] ?? '',
  request: documentRequest('http://api.test', '/graphql', document),
});
const full = 'query order { order { id buyer { name card } } }';
const less = 'query order { order { id buyer { name } } }';

test('a field that spoils the answer is left out, for everybody after that', async () => {
  const seen: string[] = [];
  const send = narrowed(spoiled(seen));
  expect(JSON.stringify(await send(call('alice', full)))).toContain('"status":200');
  await send(call('bob', full));
  await send(call(null, full));
  expect(seen).toEqual([`alice: ${full}`, `alice: ${less}`, `bob: ${less}`, `nobody: ${less}`]);
});

test('what an anonymous caller is refused settles nothing', async () => {
  const seen: string[] = [];
  const send = narrowed(spoiled(seen));
  await send(call(null, full));
  await send(call('alice', full));
  expect(seen).toEqual([`nobody: ${full}`, `nobody: ${less}`, `alice: ${full}`, `alice: ${less}`]);
});

test('a mutation is sent once, without what is known to spoil its answer', async () => {
  const seen: string[] = [];
  const send = narrowed(spoiled(seen));
  await send(call('alice', 'mutation save { order { id card } }'));
  await send(call('alice', 'mutation save { order { id card } }'));
  expect(seen).toEqual(['alice: mutation save { order { id card } }', 'alice: mutation save { order { id } }']);
});
