import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { connect, createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openGuard, type Guard } from './guard.ts';
import { openUndici } from './undici.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that tunnels for those who bring `authorization`, and notes what it was asked for. */
async function proxyServer(authorization?: string): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server: HttpServer = createHttp((_request, response) => void response.writeHead(405).end());
  server.on('connect', (request, client: Socket, head: Buffer) => {
    asked.push(request.url ?? '');
    if (authorization !== undefined && request.headers['proxy-authorization'] !== authorization) {
      return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    }
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
  });
  return { port: await listen(server), asked };
}

async function get(proxy: string, origin: string, guard: Guard = openGuard(new Set([origin]))) {
  const engine = openUndici({ timeoutMs: 2000, maxBodyBytes: 1000, insecure: false, guard, proxy });
  stops.unshift(engine.close);
  const headers = [
    ['X-A', '1'],
    ['X-A', '2'],
  ] as const;
  return engine.send({ method: 'GET', origin, path: '/a/../b', headers });
}

async function target(): Promise<{ origin: string; heard: string[] }> {
  const heard: string[] = [];
  const server = createTcp((socket) => {
    socket.once('data', (bytes) => {
      heard.push(...bytes.toString().split('\r\n'));
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
  });
  return { origin: `http://127.0.0.1:${await listen(server)}`, heard };
}

test('requests go through the proxy byte for byte', async () => {
  const proxy = await proxyServer();
  const { origin, heard } = await target();
  expect(await get(`http://127.0.0.1:${proxy.port}`, origin)).toMatchObject({ kind: 'exchange', response: { status: 200, body: 'ok' } });
  expect(proxy.asked).toEqual([origin.slice('http://'.length)]);
  expect(heard).toEqual(expect.arrayContaining(['GET /a/../b HTTP/1.1', 'X-A: 1', 'X-A: 2']));
});

test('user and password are taken from its URL', async () => {
  const proxy = await proxyServer(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  const { origin } = await target();
  expect(await get(`http://me:p%40ss@127.0.0.1:${proxy.port}`, origin)).toMatchObject({ kind: 'exchange', response: { status: 200 } });
});

test('a proxy that wants a password says so', async () => {
  const proxy = await proxyServer('Basic x');
  const { origin, heard } = await target();
  const answer = await get(`http://127.0.0.1:${proxy.port}`, origin);
  expect(answer).toMatchObject({ kind: 'silence', reason: 'refused', message: expect.stringContaining('user and a password') });
  expect(heard).toEqual([]);
});

test('a proxy that is not there is named', async () => {
  const closed = createTcp();
  const port = await listen(closed);
  await new Promise((resolve) => closed.close(resolve));
  const answer = await get(`http://127.0.0.1:${port}`, 'http://api.example.com');
  expect(answer).toMatchObject({ kind: 'silence', reason: 'refused', message: expect.stringContaining(`The proxy 127.0.0.1:${port}`) });
});

test('a target that the proxy cannot reach is a silence', async () => {
  const proxy = await proxyServer();
  expect(await get(`http://127.0.0.1:${proxy.port}`, 'http://127.0.0.1:1')).toMatchObject({ kind: 'silence', reason: 'refused' });
});

test.each(['http://127.0.0.1:1', 'http://localhost:1'])('the guard holds through a proxy for %s', async (origin) => {
  const proxy = await proxyServer();
  const answer = await get(`http://127.0.0.1:${proxy.port}`, origin, openGuard(new Set()));
  expect(answer).toMatchObject({ kind: 'silence', reason: 'out-of-scope' });
  expect(proxy.asked).toEqual([]);
});

test.each(['nonsense', 'socks5://127.0.0.1:1'])('%s is not a proxy', (proxy) => {
  expect(() => openUndici({ timeoutMs: 1, maxBodyBytes: 1, insecure: false, guard: openGuard(new Set()), proxy })).toThrow(
    expect.objectContaining({ code: 'bad-proxy' }),
  );
});
