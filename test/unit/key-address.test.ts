import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { parseAuthFlag } from '../../src/identity/index.ts';
import { scan } from '../../src/scan.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const signed = `${part({ alg: 'ES256', typ: 'JWT' })}.${part({ sub: 'alice', exp: 4_102_444_800 })}`;
const token = `${signed}.${sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
const description = {
  openapi: '3.0.3',
  info: { title: 'Keys', version: '1' },
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  paths: { '/me': { get: { security: [{ bearer: [] }], responses: { 200: { description: 'OK' } } } } },
};

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** An API that asks `keyOf` for the key of a token, by its header. */
async function serve(keyOf: (header: { readonly jku?: string }) => Promise<KeyObject | undefined>): Promise<string> {
  const isGenuine = async (text: string): Promise<boolean> => {
    const [head = '', claims = '', signature = ''] = text.split('.');
    try {
      const header: { jku?: string; alg?: string } = JSON.parse(Buffer.from(head, 'base64url').toString());
      const key = await keyOf(header);
      const bytes = Buffer.from(signature, 'base64url');
      return (
        header.alg === 'ES256' && !!key && verify('sha256', Buffer.from(`${head}.${claims}`), { key, dsaEncoding: 'ieee-p1363' }, bytes)
      );
    } catch {
      return false;
    }
  };
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/openapi.json') return answer(200, description);
    if (request.url !== '/me') return answer(404, { error: 'not found' });
    const text = (request.headers.authorization ?? '').replace('Bearer ', '');
    void isGenuine(text).then((genuine) =>
      answer(genuine ? 200 : 401, genuine ? { name: 'alice', mail: 'alice@example.com' } : { error: 'who?' }),
    );
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

async function fetchedKey(url: string): Promise<KeyObject> {
  const set: { keys: [Record<string, string>] } = JSON.parse(await (await fetch(url)).text());
  return createPublicKey({ key: set.keys[0], format: 'jwk' });
}

async function found(origin: string, allow: 'read' | 'write'): Promise<string[]> {
  const only = ['key-address-accepted', 'key-address-fetched'];
  const { report } = await scan({ target: origin, identities: [parseAuthFlag(`alice=Bearer ${token}`)], only, allow });
  return [...report.findings.map(({ check, confidence }) => `${check} ${confidence}`), ...report.skipped.map(({ what }) => `no ${what}`)];
}

test('a target that follows "jku" fetches our key and takes our token', async () => {
  const origin = await serve(async ({ jku }) => (jku === undefined ? publicKey : fetchedKey(jku)));
  expect(await found(origin, 'write')).toEqual(['key-address-accepted certain']);
});

test('a target that fetches and does not take is told apart from one that does neither', async () => {
  const fetching = await serve(async ({ jku }) => {
    if (jku !== undefined) await fetchedKey(jku);
    return publicKey;
  });
  expect(await found(fetching, 'write')).toEqual(['key-address-fetched tentative']);
  expect(await found(await serve(async () => publicKey), 'write')).toEqual([]);
});

test('nothing of ours is served in a scan that only reads', async () => {
  const origin = await serve(async ({ jku }) => (jku === undefined ? publicKey : fetchedKey(jku)));
  expect(await found(origin, 'read')).toEqual(['no key-address-accepted', 'no key-address-fetched']);
});
