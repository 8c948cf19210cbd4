import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Request } from '../model/http.ts';
import { openRecorder, openTransport, readRecording, replayed, type Transport, type TransportOptions } from './index.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function target(serve: RequestListener): Promise<string> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function open(origin: string, options: Partial<TransportOptions> = {}): Transport {
  const transport = openTransport({ origins: new Set([origin]), ...options });
  stops.unshift(transport.close);
  return transport;
}

const get = (origin: string, path = '/'): Request => ({ method: 'GET', origin, path, headers: [] });

test('a request is answered and accounted for', async () => {
  const agents: (string | undefined)[] = [];
  const origin = await target((request, response) => {
    agents.push(request.headers['user-agent']);
    response.end('hello');
  });
  const { send, spent } = open(origin);
  expect(await send(get(origin))).toMatchObject({ kind: 'exchange', response: { status: 200, body: 'hello' } });
  expect(spent()).toMatchObject({ requests: 1, bytes: 5 });
  expect(agents).toEqual([expect.stringMatching(/^middlebrick\/\d+\.\d+\.\d+/)]);
});

test('429 with Retry-After and then 200 is 200; both requests are accounted for', async () => {
  let requests = 0;
  const origin = await target((_request, response) => {
    if (++requests === 1) response.writeHead(429, { 'retry-after': '0.1' }).end();
    else response.end('at last');
  });
  const { send, spent } = open(origin);
  const start = performance.now();
  expect(await send(get(origin))).toMatchObject({ response: { status: 200, body: 'at last' } });
  expect(performance.now() - start).toBeGreaterThan(95);
  expect(spent().requests).toBe(2);
});

test('503 for ever is given as 503', async () => {
  let requests = 0;
  const origin = await target((_request, response) => {
    requests++;
    response.writeHead(503, { 'retry-after': '0' }).end();
  });
  expect(await open(origin).send(get(origin))).toMatchObject({ response: { status: 503 } });
  expect(requests).toBe(3);
});

test('never more requests under way than allowed', async () => {
  let now = 0;
  let most = 0;
  const origin = await target((_request, response) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      response.end();
    }, 5);
  });
  const { send } = open(origin, { pace: { maxConcurrency: 10 } });
  await Promise.all(Array.from({ length: 200 }, () => send(get(origin))));
  expect(most).toBe(10);
});

test('what is out of scope costs nothing and what is out of budget is not sent', async () => {
  let requests = 0;
  const origin = await target((_request, response) => {
    requests++;
    response.end();
  });
  const { send, spent } = open(origin, { budget: { requests: 1 } });
  expect(await send(get('http://127.0.0.1:1'))).toMatchObject({ reason: 'out-of-scope' });
  expect(await send(get(origin))).toMatchObject({ kind: 'exchange' });
  expect(await send(get(origin))).toMatchObject({ reason: 'out-of-budget' });
  expect(requests).toBe(1);
  expect(spent().requests).toBe(1);
});

test('a scanner that serves others refuses inner addresses even when they are declared', async () => {
  const origin = await target((_request, response) => void response.end('inner secret'));
  expect(await open(origin, { publicOnly: true }).send(get(origin))).toMatchObject({ kind: 'silence', reason: 'out-of-scope' });
});

test('a signal ends everything, also what waits', async () => {
  const origin = await target(() => undefined);
  const controller = new AbortController();
  const { send } = open(origin, { pace: { maxConcurrency: 1, requestsPerSecond: 1 }, signal: controller.signal });
  const all = Promise.all([send(get(origin)), send(get(origin)), send(get(origin))]);
  setTimeout(() => controller.abort(), 50);
  expect((await all).map((answer) => answer.kind === 'silence' && answer.reason)).toEqual(['aborted', 'aborted', 'aborted']);
});

test('a scan that was recorded can be replayed without its target', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'replay-'));
  stops.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'scan.ndjson');
  const origin = await target((request, response) => void response.end(request.url));
  const recorder = await openRecorder(file, {}, (text) => text);
  const { send } = open(origin, { recorder });
  const live = [await send(get(origin, '/1')), await send(get(origin, '/2'))];
  expect(await recorder.close()).toEqual({});
  const again = replayed(await readRecording(file));
  expect([await again(get(origin, '/1')), await again(get(origin, '/2'))]).toEqual(live);
});
