import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Header, Request } from '../model/http.ts';
import { openGuard } from './guard.ts';
import { openUndici, type Engine } from './undici.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A server of bare TCP that answers each connection's first bytes and keeps what it was sent. */
async function rawServer(answer: string): Promise<{ origin: string; heard: string[] }> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard.push(bytes.toString('latin1'));
      socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

function engineFor(origin: string): Engine {
  const guard = openGuard(new Set([origin]));
  const engine = openUndici({ timeoutMs: 3000, maxBodyBytes: 1e6, insecure: false, guard, userAgent: 'middlebrick/test' });
  stops.push(engine.close);
  return engine;
}

const plain = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

async function firstLine(path: string, extra: Partial<Request> = {}): Promise<string> {
  const { origin, heard } = await rawServer(plain);
  const answer = await engineFor(origin).send({ method: 'GET', origin, path, headers: [], ...extra });
  expect(answer).toMatchObject({ kind: 'exchange', response: { status: 200, body: 'ok' } });
  return heard.join('').split('\r\n')[0] ?? '';
}

describe('what is sent', () => {
  test.each(['/a/../../etc/passwd', '/%2e%2e/%252f', '/a\\b', '//double//slash', '/?a=1&a=%00', '/x#fragment', 'http://other.test/x'])(
    'the request-target %s is sent as it is',
    async (path) => {
      expect(await firstLine(path)).toBe(`GET ${path} HTTP/1.1`);
    },
  );

  test.each(['FOOBAR', 'TRACE', 'get', 'QUERY'])('any method is sent: %s', async (method) => {
    expect(await firstLine('/', { method })).toBe(`${method} / HTTP/1.1`);
  });

  test('headers keep their case, order and repetition; host can be set', async () => {
    const { origin, heard } = await rawServer(plain);
    const headers: Header[] = [
      ['X-B', '1'],
      ['x-a', '2'],
      ['X-B', '3'],
      ['Host', 'inner.test'],
    ];
    await engineFor(origin).send({ method: 'GET', origin, path: '/', headers });
    const lines = heard.join('').split('\r\n');
    expect(lines.filter((line) => /^x-/i.test(line))).toEqual(['X-B: 1', 'x-a: 2', 'X-B: 3']);
    expect(lines.filter((line) => /^host:/i.test(line))).toEqual(['host: inner.test']);
    expect(lines).toContain('user-agent: middlebrick/test');
  });

  test('a user-agent that the request brings is the only one', async () => {
    const { origin, heard } = await rawServer(plain);
    await engineFor(origin).send({ method: 'GET', origin, path: '/', headers: [['User-Agent', 'mine']] });
    expect(heard.join('').match(/user-agent: .*/gi)).toEqual(['User-Agent: mine']);
  });

  test('a GET may have a body', async () => {
    const { origin, heard } = await rawServer(plain);
    await engineFor(origin).send({ method: 'GET', origin, path: '/', headers: [], body: '{"a":"é"}' });
    const sent = Buffer.from(heard.join(''), 'latin1').toString();
    expect(sent).toMatch(/content-length: 10\r\n/);
    expect(sent).toMatch(/\r\n\r\n\{"a":"é"\}$/);
  });

  test.each([
    ['a space in the target', { path: '/a b' }],
    ['a target without a slash', { path: 'a' }],
    ['a line break in a header', { headers: [['x', 'a\r\nb: c']] as const }],
    ['an origin that is none', { origin: 'nonsense' }],
  ])('%s is refused with a sentence, and nothing is sent', async (_what, change) => {
    const { origin, heard } = await rawServer(plain);
    const answer = await engineFor(origin).send({ method: 'GET', origin, path: '/', headers: [], ...change });
    expect(answer).toMatchObject({ kind: 'silence', reason: 'protocol' });
    expect(answer.kind === 'silence' && answer.message).toMatch(/\.$/);
    expect(heard).toEqual([]);
  });
});

describe('what is received', () => {
  test('response headers keep their case, order and repetition', async () => {
    const { origin } = await rawServer('HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-Z: é\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n');
    const answer = await engineFor(origin).send({ method: 'GET', origin, path: '/', headers: [] });
    expect(answer.kind === 'exchange' && answer.response.headers).toEqual([
      ['Set-Cookie', 'a=1'],
      ['X-Z', Buffer.from('é').toString('latin1')],
      ['set-cookie', 'b=2'],
      ['Content-Length', '0'],
    ]);
  });

  test('a redirect is an answer like any other', async () => {
    const { origin, heard } = await rawServer('HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n');
    const answer = await engineFor(origin).send({ method: 'GET', origin, path: '/', headers: [] });
    expect(answer).toMatchObject({ kind: 'exchange', response: { status: 302, body: '', bytes: 0, truncated: false } });
    expect(heard).toHaveLength(1);
  });

  test('an interim response is skipped', async () => {
    const { origin } = await rawServer(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${plain}`);
    const answer = await engineFor(origin).send({ method: 'GET', origin, path: '/', headers: [] });
    expect(answer).toMatchObject({ kind: 'exchange', response: { status: 200, headers: [['content-length', '2']], body: 'ok' } });
  });

  test('the time of an answer is told in milliseconds since the epoch', async () => {
    const { origin } = await rawServer(plain);
    const answer = await engineFor(origin).send({ method: 'GET', origin, path: '/', headers: [] });
    expect(Math.abs(answer.startedAt - Date.now())).toBeLessThan(5000);
    expect(answer.ms).toBeGreaterThan(0);
    expect(answer.ms).toBeLessThan(3000);
  });
});
