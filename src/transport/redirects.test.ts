import { expect, test } from 'vitest';
import type { Header, Send } from '../model/http.ts';
import { followRedirects } from './redirects.ts';

function site(pages: Readonly<Record<string, string>>): { send: Send; asked: string[] } {
  const asked: string[] = [];
  const send: Send = async (request) => {
    asked.push(`${request.method} ${request.path}`);
    const location = pages[request.path];
    const headers: Header[] = location === undefined ? [] : [['Location', location]];
    const response = { status: location === undefined ? 200 : 302, headers, body: '', bytes: 0, truncated: false };
    return { kind: 'exchange', request, response, startedAt: 0, ms: 0 };
  };
  return { send, asked };
}

async function follow(pages: Readonly<Record<string, string>>, method = 'GET') {
  const { send, asked } = site(pages);
  const answer = await followRedirects(send, 3)({ method, origin: 'http://api.test', path: '/a/start', headers: [['x', '1']] });
  return {
    asked,
    status: answer.kind === 'exchange' && answer.response.status,
    path: answer.request.path,
    headers: answer.request.headers,
  };
}

test.each([
  ['/b', '/b'],
  ['b?x=1#top', '/a/b?x=1'],
  ['http://API.test:80/b', '/b'],
  ['//api.test/b', '/b'],
])('%s within the origin is followed', async (location, path) => {
  expect(await follow({ '/a/start': location })).toMatchObject({ status: 200, path, headers: [['x', '1']] });
});

test.each(['https://api.test/b', 'http://evil.test/', '//evil.test/', 'javascript:alert(1)', 'http://[', ''])(
  'a redirect to %j is given as it came, or ends',
  async (location) => {
    const { asked, status } = await follow({ '/a/start': location });
    expect(status).toBe(302);
    expect(asked.every((line) => line === 'GET /a/start')).toBe(true);
  },
);

test('a circle ends after the most hops', async () => {
  expect((await follow({ '/a/start': '/b', '/b': '/a/start' })).asked).toHaveLength(4);
});

test('only GET is followed', async () => {
  expect(await follow({ '/a/start': '/b' }, 'POST')).toMatchObject({ asked: ['POST /a/start'], status: 302 });
});
