import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { described, hostileHttp, hostileHttps, hostileTcp, nobody, sendJson, threeOperations } from '../support/hostile-servers.ts';
import { excess, middlebrick, refusal, type Outcome, using } from './command.ts';

const scan = (url: string, ...args: string[]): Promise<Outcome> => middlebrick(['scan', url, '--format', 'json', ...args]);
const reportIn = (outcome: Outcome): { outcome: string; reasons: string[]; score: number | null } => JSON.parse(outcome.stdout) as never;

describe.concurrent('a target that cannot be reached', () => {
  test('nobody listens', async () => {
    expect(await scan(await nobody())).toMatchObject(refusal(/cannot be reached: .*refused/, /check the host and the port/));
  });

  test('its name does not resolve', async () => {
    expect(await scan('http://nowhere.invalid')).toMatchObject(refusal(/does not resolve/, /DNS/));
  });

  test('its certificate is self-signed: --insecure is the way out', async (t) => {
    const answer: RequestListener = (request, response) =>
      sendJson(response, 200, request.url === '/openapi.json' ? threeOperations : { fine: true });
    const server = await using(t, hostileHttps(answer));
    expect(await scan(server.url)).toMatchObject(refusal(/cannot be reached/, /--insecure/));
    const trusting = await scan(server.url, '--insecure');
    expect(trusting.code, trusting.stderr).toBe(0);
    expect(reportIn(trusting).outcome).toBe('done');
  });
});

describe.concurrent('a target that is no API', () => {
  test('a web page', async (t) => {
    const server = await using(
      t,
      hostileHttp((_, response) => response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>')),
    );
    expect(await scan(server.url)).toMatchObject(refusal(/No API was found/, /--spec FILE/));
  });

  test('404 everywhere', async (t) => {
    const server = await using(
      t,
      hostileHttp((_, response) => response.writeHead(404).end()),
    );
    expect(await scan(server.url)).toMatchObject(refusal(/No API was found/, /--spec FILE/));
  });
});

describe.concurrent('a target that is busy, broken or against us', () => {
  test('429 to everything', async (t) => {
    const server = await using(
      t,
      described(threeOperations, (_, response) => sendJson(response, 429, { error: 'slow down' })),
    );
    const outcome = await scan(server.url, '--max-time', '6');
    expect(excess(outcome, { seconds: 15 })).toEqual([]);
    expect(outcome.code).toBe(2);
    expect(reportIn(outcome)).toMatchObject({ outcome: 'inconclusive', score: null });
  });

  test('429 with Retry-After, then fine', async (t) => {
    let asked = 0;
    const server = await using(
      t,
      described(threeOperations, (_, response) => {
        asked += 1;
        if (asked <= 2) sendJson(response, 429, { error: 'slow down' }, { 'retry-after': '1' });
        else sendJson(response, 200, { fine: true });
      }),
    );
    const outcome = await scan(server.url);
    expect(excess(outcome, { seconds: 15 })).toEqual([]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(reportIn(outcome).outcome).toBe('done');
  });

  test('429 that asks for an hour', async (t) => {
    const server = await using(
      t,
      described(threeOperations, (_, response) => sendJson(response, 429, { error: 'later' }, { 'retry-after': '3600' })),
    );
    const outcome = await scan(server.url, '--max-time', '5');
    expect(excess(outcome, { seconds: 15 })).toEqual([]);
    expect(outcome.code).toBe(2);
  });

  test('503 to everything, the description included', async (t) => {
    const server = await using(
      t,
      hostileHttp((_, response) => sendJson(response, 503, { error: 'down' })),
    );
    const outcome = await scan(server.url, '--max-time', '5');
    expect(excess(outcome, { seconds: 15 })).toEqual([]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/error: |inconclusive/i);
  });

  test('connections are reset', async (t) => {
    const server = await using(
      t,
      described(threeOperations, (request) => request.socket.resetAndDestroy()),
    );
    const outcome = await scan(server.url, '--max-time', '10');
    expect(excess(outcome, { seconds: 20 })).toEqual([]);
    expect(outcome.code).toBe(2);
    expect(reportIn(outcome).outcome).toBe('inconclusive');
  });

  test('it never answers', async (t) => {
    const server = await using(
      t,
      hostileTcp(() => {}),
    );
    const outcome = await scan(server.url, '--timeout', '0.5', '--max-time', '5');
    expect(excess(outcome, { seconds: 15 })).toEqual([]);
    expect(outcome).toMatchObject(refusal(/cannot be reached/, /time|answers/));
  });

  test('operations never answer', async (t) => {
    const server = await using(
      t,
      described(threeOperations, () => {}),
    );
    const outcome = await scan(server.url, '--timeout', '2', '--max-time', '8');
    expect(excess(outcome, { seconds: 25 })).toEqual([]);
    expect(outcome.code).toBe(2);
    expect(reportIn(outcome).outcome).toBe('inconclusive');
  });

  test('a gigabyte', async (t) => {
    const chunk = Buffer.alloc(1_000_000, 'x');
    const server = await using(
      t,
      described(threeOperations, (_, response) => {
        let sent = 0;
        response.writeHead(200, { 'content-type': 'application/json' });
        const pour = (): void => {
          while (sent < 1000 && !response.destroyed) {
            sent += 1;
            if (!response.write(chunk)) return void response.once('drain', pour);
          }
          response.end();
        };
        pour();
      }),
    );
    expect(excess(await scan(server.url, '--max-time', '10'), { seconds: 20 })).toEqual([]);
  });

  test('a gzip bomb', async (t) => {
    const bomb = gzipSync(Buffer.alloc(300_000_000));
    const server = await using(
      t,
      described(threeOperations, (_, response) =>
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb),
      ),
    );
    expect(excess(await scan(server.url, '--max-time', '10'), { seconds: 20 })).toEqual([]);
  });

  test('JSON that breaks off', async (t) => {
    const server = await using(
      t,
      described(threeOperations, (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"items": [1, 2')),
    );
    const outcome = await scan(server.url);
    expect(excess(outcome, { seconds: 15 })).toEqual([]);
    expect(outcome.code).not.toBe(3);
    expect(reportIn(outcome)).toBeTruthy();
  });

  test('control sequences in what it says', async (t) => {
    const description = { ...threeOperations, info: { title: 'Shop\u001b]0;owned\u0007\u001b[2J', version: '1' } };
    const server = await using(
      t,
      described(description, (_, response) => sendJson(response, 200, { fine: true })),
    );
    const outcome = await middlebrick(['scan', server.url]);
    expect(outcome.stdout + outcome.stderr).not.toMatch(/\u001b/);
    expect(outcome.stdout).toContain('Shop');
  });
});
