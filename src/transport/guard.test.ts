import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directConnector } from './connector.ts';
import { openGuard } from './guard.ts';
import { openUndici } from './undici.ts';

let requests = 0;
let port = 0;
const server = createServer((_request, response) => {
  requests++;
  response.end('inner secret');
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function reach(origin: string, declared: readonly string[]) {
  const engine = openUndici({ timeoutMs: 2000, maxBodyBytes: 1000, insecure: false, guard: openGuard(new Set(declared)) });
  const answer = await engine.send({ method: 'GET', origin, path: '/', headers: [] });
  await engine.close();
  return answer;
}

const loopbacks = ['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '0.0.0.0', '[::ffff:127.0.0.1]', 'localhost'];

describe('what was not declared', () => {
  test.each(loopbacks)('loopback written as %s is refused without a request', async (host) => {
    const before = requests;
    expect(await reach(`http://${host}:${port}`, ['https://api.example.com'])).toMatchObject({ kind: 'silence', reason: 'out-of-scope' });
    expect(requests).toBe(before);
  });

  // The connector is asked for names as they stand, which `URL` would have normalised above.
  test.each(['2130706433', '0x7f.1', '127.1', '::ffff:127.0.0.1', '[::ffff:127.0.0.1]', '0.0.0.0'])(
    'the connector refuses the raw host %s',
    async (hostname) => {
      const connect = directConnector('http://learned.test', { timeoutMs: 2000, insecure: false, guard: openGuard(new Set()) });
      const error = await new Promise<Error | null>((resolve) =>
        connect({ hostname, host: hostname, protocol: 'http:', port: String(port) }, (...[failure]) => resolve(failure)),
      );
      expect(error).toMatchObject({ code: 'ADDRESS_REFUSED' });
    },
  );

  test('a peer that turns out to be inside is dropped, whatever was resolved', async () => {
    const guard = openGuard(new Set());
    const blind = { ...guard, lookup: openGuard(new Set(['http://127.0.0.1'])).lookup };
    const connect = directConnector('http://learned.test', { timeoutMs: 2000, insecure: false, guard: blind });
    const error = await new Promise<Error | null>((resolve) =>
      connect({ hostname: 'localhost', host: 'localhost', protocol: 'http:', port: String(port) }, (...[failure]) => resolve(failure)),
    );
    expect(error).toMatchObject({ code: 'ADDRESS_REFUSED' });
  });
});

test.each(['127.0.0.1', 'localhost'])('a declared target may be on loopback: %s', async (host) => {
  expect(await reach(`http://${host}:${port}`, [`http://${host}:${port}/`])).toMatchObject({ response: { body: 'inner secret' } });
});

test('the neighbours of a declared private target may be reached, but not other private ranges', () => {
  const { refusal } = openGuard(new Set(['http://127.0.0.1:5000']));
  expect(refusal('127.0.0.2')).toBeUndefined();
  expect(refusal('10.0.0.1')).toMatch(/private/);
  expect(refusal('169.254.169.254')).toMatch(/linkLocal/);
});

test('where a declared name lives is learned from its connection', async () => {
  const guard = openGuard(new Set([`http://localhost:${port}`]));
  expect(guard.refusal('127.0.0.1')).toBeDefined();
  const engine = openUndici({ timeoutMs: 2000, maxBodyBytes: 1000, insecure: false, guard });
  await engine.send({ method: 'GET', origin: `http://localhost:${port}`, path: '/', headers: [] });
  await engine.close();
  expect(guard.refusal('127.0.0.1')).toBeUndefined();
});

test('a declared link-local target does not open its range', () => {
  expect(openGuard(new Set(['http://169.254.1.1'])).refusal('169.254.169.254')).toMatch(/linkLocal/);
});

test.each([
  ['169.254.169.254', 'linkLocal'],
  ['10.1.2.3', 'private'],
  ['172.16.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'carrierGradeNat'],
  ['0.0.0.0', 'unspecified'],
  ['255.255.255.255', 'broadcast'],
  ['224.0.0.1', 'multicast'],
  ['198.18.0.1', 'reserved'],
  ['::1', 'loopback'],
  ['::', 'unspecified'],
  ['::ffff:10.0.0.1', 'private'],
  ['64:ff9b::7f00:1', 'rfc6052'],
  ['2002:7f00:1::', '6to4'],
  ['fe80::1', 'linkLocal'],
  ['fe80::1%eth0', 'linkLocal'],
  ['fc00::1', 'uniqueLocal'],
  ['example.com', 'not an IP address'],
  ['', 'not an IP address'],
])('the address %s is refused as %s', (address, range) => {
  expect(openGuard(new Set()).refusal(address)).toContain(range);
});

test.each(['1.1.1.1', '93.184.215.14', '2606:4700::1111'])('the public address %s is let through', (address) => {
  expect(openGuard(new Set()).refusal(address)).toBeUndefined();
});
