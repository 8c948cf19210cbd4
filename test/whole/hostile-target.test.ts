import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { described, hostileHttp, hostileHttps, hostileTcp, nobody, sendJson, threeOperations } from '../support/hostile-servers.ts';
import { middlebrick, type Outcome, test } from './command.ts';

const scan = (url: string, ...args: string[]): Promise<Outcome> => middlebrick(['scan', url, '--format', 'json', ...args]);
const reportIn = (outcome: Outcome): { outcome: string; reasons: string[]; score: number | null } => JSON.parse(outcome.stdout) as never;

function expectBounded(outcome: Outcome, seconds: number): void {
  expect(outcome.seconds, outcome.stderr).toBeLessThan(seconds);
  expect(outcome.megabytes).toBeGreaterThan(0);
  expect(outcome.megabytes).toBeLessThan(400);
}

function expectRefusal(outcome: Outcome, message: RegExp, hint: RegExp): void {
  expect(outcome.stderr).toMatch(new RegExp(`error: .*${message.source}`));
  expect(outcome.stderr).toMatch(new RegExp(`hint: .*${hint.source}`));
  expect(outcome.stdout).toBe('');
  expect(outcome.code).toBe(2);
  expect(outcome.stderr).not.toMatch(/^\s+at /m);
}

describe.concurrent('a target that cannot be reached', () => {
  test('nobody listens', async () => {
    expectRefusal(await scan(await nobody()), /cannot be reached: .*refused/, /check the host and the port/);
  });

  test('its name does not resolve', async () => {
    expectRefusal(await scan('http://nowhere.invalid'), /does not resolve/, /DNS/);
  });

  test('its certificate is self-signed: --insecure is the way out', async ({ using }) => {
    const answer = (request: { url?: string }, response: Parameters<typeof sendJson>[0]): void =>
      sendJson(response, 200, request.url === '/openapi.json' ? threeOperations : { fine: true });
    const server = await using(hostileHttps(answer));
    expectRefusal(await scan(server.url), /cannot be reached/, /--insecure/);
    const trusting = await scan(server.url, '--insecure');
    expect(trusting.code, trusting.stderr).toBe(0);
    expect(reportIn(trusting).outcome).toBe('done');
  });
});

describe.concurrent('a target that is no API', () => {
  test('a web page', async ({ using }) => {
    const server = await using(hostileHttp((_, response) => response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>')));
    expectRefusal(await scan(server.url), /No API was found/, /--spec FILE/);
  });

  test('404 everywhere', async ({ using }) => {
    const server = await using(hostileHttp((_, response) => response.writeHead(404).end()));
    expectRefusal(await scan(server.url), /No API was found/, /--spec FILE/);
  });
});

describe.concurrent('a target that is busy, broken or against us', () => {
  test('429 to everything', async ({ using }) => {
    const server = await using(described(threeOperations, (_, response) => sendJson(response, 429, { error: 'slow down' })));
    const outcome = await scan(server.url, '--max-time', '6');
    expectBounded(outcome, 15);
    expect(outcome.code).toBe(2);
    expect(reportIn(outcome)).toMatchObject({ outcome: 'inconclusive', score: null });
  });

  test('429 with Retry-After, then fine', async ({ using }) => {
    let asked = 0;
    const server = await using(
      described(threeOperations, (_, response) => {
        asked += 1;
        if (asked <= 2) sendJson(response, 429, { error: 'slow down' }, { 'retry-after': '1' });
        else sendJson(response, 200, { fine: true });
      }),
    );
    const outcome = await scan(server.url);
    expectBounded(outcome, 15);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(reportIn(outcome).outcome).toBe('done');
  });

  test('429 that asks for an hour', async ({ using }) => {
    const server = await using(
      described(threeOperations, (_, response) => sendJson(response, 429, { error: 'later' }, { 'retry-after': '3600' })),
    );
    const outcome = await scan(server.url, '--max-time', '5');
    expectBounded(outcome, 15);
    expect(outcome.code).toBe(2);
  });

  test('503 to everything, the description included', async ({ using }) => {
    const server = await using(hostileHttp((_, response) => sendJson(response, 503, { error: 'down' })));
    const outcome = await scan(server.url, '--max-time', '5');
    expectBounded(outcome, 15);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/error: |inconclusive/i);
  });

  test('connections are reset', async ({ using }) => {
    const server = await using(described(threeOperations, (request) => request.socket.resetAndDestroy()));
    const outcome = await scan(server.url, '--max-time', '10');
    expectBounded(outcome, 20);
    expect(outcome.code).toBe(2);
    expect(reportIn(outcome).outcome).toBe('inconclusive');
  });

  test('it never answers', async ({ using }) => {
    const server = await using(hostileTcp(() => {}));
    const outcome = await scan(server.url, '--timeout', '0.5', '--max-time', '5');
    expectBounded(outcome, 15);
    expectRefusal(outcome, /cannot be reached/, /time|answers/);
  });

  test('operations never answer', async ({ using }) => {
    const server = await using(described(threeOperations, () => {}));
    const outcome = await scan(server.url, '--timeout', '0.5', '--max-time', '5');
    expectBounded(outcome, 15);
    expect(outcome.code).toBe(2);
    expect(reportIn(outcome).outcome).toBe('inconclusive');
  });

  test('a gigabyte', async ({ using }) => {
    const chunk = Buffer.alloc(1_000_000, 'x');
    const server = await using(
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
    expectBounded(await scan(server.url, '--max-time', '10'), 20);
  });

  test('a gzip bomb', async ({ using }) => {
    const bomb = gzipSync(Buffer.alloc(300_000_000));
    const server = await using(
      described(threeOperations, (_, response) =>
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb),
      ),
    );
    expectBounded(await scan(server.url, '--max-time', '10'), 20);
  });

  test('JSON that breaks off', async ({ using }) => {
    const server = await using(
      described(threeOperations, (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"items": [1, 2')),
    );
    const outcome = await scan(server.url);
    expectBounded(outcome, 15);
    expect(outcome.code).not.toBe(3);
    expect(reportIn(outcome)).toBeTruthy();
  });

  test('control sequences in what it says', async ({ using }) => {
    const description = { ...threeOperations, info: { title: 'Shop\u001b]0;owned\u0007\u001b[2J', version: '1' } };
    const server = await using(described(description, (_, response) => sendJson(response, 200, { fine: true })));
    const outcome = await middlebrick(['scan', server.url]);
    expect(outcome.stdout + outcome.stderr).not.toMatch(/\u001b/);
    expect(outcome.stdout).toContain('Shop');
  });
});
