import { expect, test } from 'vitest';
import { meaningOf } from './answer.ts';
import type { Answer, Header } from './http.ts';

function answer(status: number, body: unknown = '', headers: readonly Header[] = []): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = { method: 'GET', origin: 'http://api.test', path: '/', headers: [] };
  return {
    kind: 'exchange',
    request,
    response: { status, headers, body: text, bytes: text.length, truncated: false },
    startedAt: 0,
    ms: 0,
  };
}

test.each([
  [answer(200, { id: 1 }), 'served'],
  [answer(204), 'served'],
  [answer(200, { status: 'success', data: {} }), 'served'],
  [answer(200, { status: 'active', id: 4 }), 'served'],
  [answer(200, { error: null, data: [] }), 'served'],
  [answer(200, { errors: [] }), 'served'],
  [answer(200, { status: 200, items: [] }), 'served'],
  [answer(200, { success: false, message: 'permission denied' }), 'refused'],
  [answer(200, { status: 'fail', message: 'User not found' }), 'absent'],
  [answer(200, { error: 'please log in' }), 'refused'],
  [answer(200, { status: 'error', detail: 'title is too long' }), 'rejected'],
  [answer(200, '<form><input type="password"></form>', [['content-type', 'text/html']]), 'refused'],
  [answer(302, '', [['location', '/login?next=/notes']]), 'refused'],
  [answer(302, '', [['location', '/home']]), 'absent'],
  [answer(302, { id: 7, text: 'x' }, [['location', '/home']]), 'served'],
  [answer(400, { error: 'invalid token' }), 'refused'],
  [answer(400, { error: 'no such note' }), 'absent'],
  [answer(422, { detail: [] }), 'rejected'],
  [answer(401), 'refused'],
  [answer(403, { id: 1 }), 'refused'],
  [answer(404), 'absent'],
  [answer(429), 'busy'],
  [answer(503), 'busy'],
  [answer(500, { error: 'not yours' }), 'failed'],
])('%j', (given, expected) => {
  expect(meaningOf(given)).toBe(expected);
});

test('silence is failure', () => {
  const request = { method: 'GET', origin: 'http://api.test', path: '/', headers: [] };
  expect(meaningOf({ kind: 'silence', request, reason: 'timeout', message: '', startedAt: 0, ms: 0 })).toBe('failed');
});
