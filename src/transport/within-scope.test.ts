import { expect, test } from 'vitest';
import type { Request, Send } from '../model/http.ts';
import { withinScope } from './within-scope.ts';

const sent: Request[] = [];
const engine: Send = async (request) => {
  sent.push(request);
  return { kind: 'silence', request, reason: 'reset', message: '', startedAt: 0, ms: 0 };
};
const send = withinScope({ origins: new Set(['http://api.test:80/v1', 'https://other.test']) })(engine);

test.each(['http://api.test', 'http://API.test:80', 'https://other.test:443'])('%s is in scope', async (origin) => {
  sent.length = 0;
  await send({ method: 'GET', origin, path: '/', headers: [] });
  expect(sent).toHaveLength(1);
});

test.each(['https://api.test', 'http://api.test:8080', 'http://api.test.evil.test', 'http://api.test@evil.test', 'nonsense', ''])(
  '%s is not, and nothing is sent',
  async (origin) => {
    sent.length = 0;
    expect(await send({ method: 'GET', origin, path: '/', headers: [] })).toMatchObject({ kind: 'silence', reason: 'out-of-scope' });
    expect(sent).toEqual([]);
  },
);
