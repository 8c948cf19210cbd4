import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { Answer } from '../model/http.ts';
import { openGuard } from './guard.ts';
import { openUndici, type Engine, type UndiciOptions } from './undici.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const tcp = (serve: (socket: Socket) => void): Promise<string> => listen(createTcp(serve));
const http = (serve: RequestListener): Promise<string> => listen(createHttp(serve));

function engineWith(options: Partial<UndiciOptions> = {}): Engine {
  const guard = openGuard(new Set(['http://127.0.0.1']));
  const engine = openUndici({ timeoutMs: 2000, maxBodyBytes: 1_000_000, insecure: false, guard, ...options });
  stops.push(engine.close);
  return engine;
}

function get(origin: string, options: Partial<UndiciOptions> = {}): Promise<Answer> {
  return engineWith({ guard: openGuard(new Set([origin])), ...options }).send({ method: 'GET', origin, path: '/', headers: [] });
}

describe('a server that does not answer properly', () => {
  test('refuses the connection', async () => {
    const server = createTcp();
    const origin = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await get(origin)).toMatchObject({ kind: 'silence', reason: 'refused', message: expect.stringContaining(origin) });
  });

  test('has a name that does not resolve', async () => {
    expect(await get('http://nowhere.invalid')).toMatchObject({ kind: 'silence', reason: 'unresolved' });
  });

  test('resets in mid-body', async () => {
    const origin = await tcp((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', () => socket.resetAndDestroy()));
    });
    expect(await get(origin)).toMatchObject({ kind: 'silence', reason: 'reset' });
  });

  test('closes in mid-body', async () => {
    const origin = await tcp((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'));
    });
    expect(await get(origin)).toMatchObject({ kind: 'silence', reason: 'reset' });
  });

  test('hangs before the headers', async () => {
    const origin = await tcp(() => undefined);
    const answer = await get(origin, { timeoutMs: 200 });
    expect(answer).toMatchObject({ kind: 'silence', reason: 'timeout', message: expect.stringContaining('did not answer within 0.2 s') });
    expect(answer.ms).toBeGreaterThanOrEqual(195);
    expect(answer.ms).toBeLessThan(1000);
  });

  test('drips one byte at a time for ever', async () => {
    const origin = await http((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const answer = await get(origin, { timeoutMs: 300 });
    expect(answer).toMatchObject({ kind: 'silence', reason: 'timeout', message: expect.stringContaining('did not finish') });
    expect(answer.ms).toBeLessThan(1000);
  });

  test.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a bad chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['endless headers', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['a switch of protocols that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
  ])('speaks %s', async (_what, text) => {
    const origin = await tcp((socket) => socket.once('data', () => socket.write(text)));
    expect(await get(origin)).toMatchObject({ kind: 'silence', reason: 'protocol' });
  });
});

const quickBrotli = (bytes: Buffer): Buffer => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

describe('a body that is too much', () => {
  test('a gigabyte is cut at the cap and the connection dropped', async () => {
    let sent = 0;
    let drop: (() => void) | undefined;
    const dropped = new Promise<void>((resolve) => (drop = resolve));
    const chunk = Buffer.alloc(256 * 1024, 'a');
    const origin = await http((_request, response) => {
      response.writeHead(200, { 'content-length': 1024 ** 3 });
      const pump = (): void => {
        while (sent < 1024 ** 3 && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', pump);
        }
      };
      response.on('close', () => drop?.());
      pump();
    });
    const answer = await get(origin);
    await dropped;
    expect(answer).toMatchObject({ kind: 'exchange', response: { status: 200, bytes: 1_000_000, truncated: true } });
    expect(answer.kind === 'exchange' && answer.response.body.length).toBe(1_000_000);
    expect(sent).toBeLessThan(64 * 1024 ** 2);
  });

  test('a body of just the cap is whole', async () => {
    const origin = await http((_request, response) => void response.end(Buffer.alloc(1_000_000, 'a')));
    expect(await get(origin)).toMatchObject({ kind: 'exchange', response: { bytes: 1_000_000, truncated: false } });
  });

  test.each([
    ['gzip', 'gzip', gzipSync],
    ['brotli', 'br', quickBrotli],
    ['deflate', 'deflate', deflateSync],
  ])('a bomb of %s is cut at the cap', async (_name, coding, compress) => {
    const bomb = compress(Buffer.alloc(200 * 1024 ** 2));
    const before = process.memoryUsage.rss();
    const origin = await http((_request, response) => void response.writeHead(200, { 'content-encoding': coding }).end(bomb));
    const answer = await get(origin);
    expect(answer).toMatchObject({ kind: 'exchange', response: { bytes: bomb.length, truncated: true } });
    expect(answer.kind === 'exchange' && answer.response.body.length).toBe(1_000_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 ** 2);
  });
});

describe('compressed bodies', () => {
  const text = '{"name":"Grüße"}';
  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity', Buffer.from(text)],
  ])('%s is undone', async (coding, bytes) => {
    const origin = await http((_request, response) => void response.writeHead(200, { 'content-encoding': coding }).end(bytes));
    expect(await get(origin)).toMatchObject({ kind: 'exchange', response: { body: text, bytes: bytes.length, truncated: false } });
  });

  test.each(['gzip', 'br', 'deflate', 'unheard-of'])(
    'a body that is not the %s that it claims to be is given as it came',
    async (coding) => {
      const origin = await http((_request, response) => void response.writeHead(200, { 'content-encoding': coding }).end('not really'));
      expect(await get(origin)).toMatchObject({ kind: 'exchange', response: { body: 'not really', truncated: false } });
    },
  );
});

describe('a kept-alive connection that breaks', () => {
  /** Answers the first request of each connection and resets at the second. */
  async function fickle(): Promise<{ origin: string; requests: () => number }> {
    let requests = 0;
    const origin = await tcp((socket) => {
      let mine = 0;
      socket.on('data', () => {
        requests++;
        if (++mine > 1) socket.resetAndDestroy();
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      });
    });
    return { origin, requests: () => requests };
  }

  // undici gives a connection a turn of the event loop before it is used again, and would open another one meanwhile.
  const connectionIsIdle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

  test('a GET is sent once more', async () => {
    const { origin, requests } = await fickle();
    const { send } = engineWith({ guard: openGuard(new Set([origin])) });
    await send({ method: 'GET', origin, path: '/', headers: [] });
    await connectionIsIdle();
    expect(await send({ method: 'GET', origin, path: '/', headers: [] })).toMatchObject({ kind: 'exchange', response: { status: 200 } });
    expect(requests()).toBe(3);
  });

  test('a GET is not sent a third time', async () => {
    const { origin, requests } = await fickle();
    const { send } = engineWith({ guard: openGuard(new Set([origin])) });
    const first = { method: 'GET', origin, path: '/', headers: [] } as const;
    await Promise.all([send(first), send(first)]);
    await connectionIsIdle();
    expect(await send(first)).toMatchObject({ kind: 'silence', reason: 'reset' });
    expect(requests()).toBe(4);
  });

  test('a POST is not', async () => {
    const { origin, requests } = await fickle();
    const { send } = engineWith({ guard: openGuard(new Set([origin])) });
    await send({ method: 'GET', origin, path: '/', headers: [] });
    await connectionIsIdle();
    expect(await send({ method: 'POST', origin, path: '/', headers: [], body: 'x' })).toMatchObject({ kind: 'silence', reason: 'reset' });
    expect(requests()).toBe(2);
  });

  test('a GET on a new connection is not', async () => {
    let requests = 0;
    const origin = await tcp((socket) => {
      socket.once('data', () => {
        requests++;
        socket.resetAndDestroy();
      });
    });
    expect(await get(origin)).toMatchObject({ kind: 'silence', reason: 'reset' });
    expect(requests).toBe(1);
  });
});

describe('stopping', () => {
  test('a signal ends what is under way at once, and nothing is sent after it', async () => {
    let requests = 0;
    const origin = await http(() => void requests++);
    const controller = new AbortController();
    const { send } = engineWith({ guard: openGuard(new Set([origin])), signal: controller.signal });
    const pending = send({ method: 'GET', origin, path: '/', headers: [] });
    setTimeout(() => controller.abort(), 50);
    const answer = await pending;
    expect(answer).toMatchObject({ kind: 'silence', reason: 'aborted' });
    expect(answer.ms).toBeLessThan(500);
    expect(await send({ method: 'GET', origin, path: '/', headers: [] })).toMatchObject({ kind: 'silence', reason: 'aborted' });
    expect(requests).toBe(1);
  });

  test('closing ends what is under way', async () => {
    const origin = await http(() => undefined);
    const { send, close } = engineWith({ guard: openGuard(new Set([origin])) });
    const pending = send({ method: 'GET', origin, path: '/', headers: [] });
    await close();
    expect(await pending).toMatchObject({ kind: 'silence', reason: 'aborted' });
  });
});
