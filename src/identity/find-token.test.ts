import { expect, it } from 'vitest';
import type { Exchange, Header } from '../model/http.ts';
import type { Json } from '../model/json.ts';
import { findTokens } from './find-token.ts';
import { jwt } from './target.fixture.ts';

function best(json: Json | string, headers: readonly Header[] = []): unknown {
  const body = typeof json === 'string' ? json : JSON.stringify(json);
  const request = { method: 'POST', origin: '', path: '/', headers: [] };
  const answer: Exchange = {
    kind: 'exchange',
    request,
    startedAt: 0,
    ms: 0,
    response: { status: 200, headers, body, bytes: 0, truncated: false },
  };
  const [first] = findTokens(answer);
  return first && (first.extract ?? first.kind);
}

it.each([
  [
    { refresh_token: 'r'.repeat(40), access_token: 'abcdef', token_type: 'bearer' },
    { from: 'body', pointer: '/access_token' },
  ],
  [
    { id_token: jwt({ a: 1 }), data: { user: { accessToken: 'abcdef' } } },
    { from: 'body', pointer: '/data/user/accessToken' },
  ],
  [{ result: [jwt({ sub: '1' })] }, { from: 'body', pointer: '/result/0' }],
  [
    { message: 'welcome', secret: 'a1'.repeat(16) },
    { from: 'body', pointer: '/secret' },
  ],
  [{ token: 'Bearer abcdef' }, { from: 'body', pointer: '/token', prefix: 'Bearer ' }],
  [
    { id: 1, apiKey: 'k-123456' },
    { from: 'body', pointer: '/apiKey' },
  ],
  [jwt({ sub: '1' }), { from: 'body', pointer: '' }],
] as const)('finds the token of %j', (json, place) => {
  expect(best(json)).toEqual(place);
});

it.each([
  [{ id: '2b4f0d5e-8a4f-4c8e-9a51-0c7e5d2a9b11', email: 'a@example.com', password: '$2b$12$abcdefghijklmnopqrstuv' }],
  [{ message: 'token created', csrf_token: 'abcdefabcdef', reset_token: 'abcdefabcdef' }],
  [{ token: 'sent to your mail' }],
])('finds none in %j', (json) => {
  expect(best(json)).toBeUndefined();
});

it('reads headers and cookies', () => {
  expect(best({}, [['authorization', 'Bearer abcdef']])).toEqual({ from: 'header', name: 'Authorization', prefix: 'Bearer ' });
  expect(best({}, [['Set-Cookie', 'session=abc; Path=/']])).toBe('cookies');
  expect(best({}, [['Set-Cookie', 'session=; Max-Age=0']])).toBeUndefined();
});
