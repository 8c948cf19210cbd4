import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Send } from '../model/http.ts';
import type { Surface } from '../model/operation.ts';
import { ownKeys } from './own-key.ts';
import { publishedKeys } from './published-keys.ts';

const surface: Surface = { origin: 'http://api.test', operations: [], securitySchemes: {}, notes: [] };
const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;

/** A target with these pages, and what was asked of it. */
function target(pages: Readonly<Record<string, string>>): { send: Send; asked: string[] } {
  const asked: string[] = [];
  const send: Send = async (request) => {
    asked.push(request.path);
    const body = pages[request.path];
    const response = { status: body === undefined ? 404 : 200, headers: [], body: body ?? '', bytes: 0, truncated: false };
    return { kind: 'exchange', request, response, startedAt: 0, ms: 0 };
  };
  return { send, asked };
}

test('the key that the token names is taken from the key set, in four spellings', async () => {
  const [one, other] = [pair(), pair()];
  const keys = [one, other].map((key, index) => ({ ...key.export({ format: 'jwk' }), kid: `k${index}` }));
  const { send } = target({ '/.well-known/jwks.json': JSON.stringify({ keys }) });
  const found = await publishedKeys([{ header: { alg: 'RS256', kid: 'k1' }, claims: {} }], surface, send);
  const spki = String(other.export({ type: 'spki', format: 'pem' }));
  const pkcs1 = String(other.export({ type: 'pkcs1', format: 'pem' }));
  expect(found).toEqual([spki, spki.trimEnd(), pkcs1, pkcs1.trimEnd()]);
});

test('a configuration leads to the key set, on this origin alone', async () => {
  const key = { ...pair().export({ format: 'jwk' }) };
  const near = target({
    '/.well-known/openid-configuration': JSON.stringify({ jwks_uri: 'http://api.test/keys?v=2' }),
    '/keys?v=2': JSON.stringify({ keys: [key] }),
  });
  expect(await publishedKeys([{ header: { alg: 'RS256' }, claims: {} }], surface, near.send)).toHaveLength(4);
  const far = target({ '/.well-known/openid-configuration': JSON.stringify({ jwks_uri: 'http://other.test/keys' }) });
  expect(await publishedKeys([{ header: { alg: 'RS256' }, claims: {} }], surface, far.send)).toEqual([]);
  expect(far.asked).not.toContain('/keys');
});

test('PEM is read, whatever is not a key is passed over', async () => {
  const pem = String(pair().export({ type: 'spki', format: 'pem' }));
  const { send } = target({ '/.well-known/jwks.json': '{"keys":[{"kty":"RSA"},7]}', '/jwks.json': '<html>', '/public.pem': pem });
  expect(await publishedKeys([{ header: { alg: 'RS256' }, claims: {} }], surface, send)).toContain(pem);
});

test('nothing is asked where no public key signs', async () => {
  const { send, asked } = target({});
  expect(await publishedKeys([{ header: { alg: 'HS256' }, claims: {} }], surface, send)).toEqual([]);
  expect(asked).toEqual([]);
});

test('a certificate in the token or in the key set is one of the spellings', async () => {
  const own = ownKeys().keyFor('RS256');
  if (!own) throw new Error('no key');
  const certificate = own.certificate();
  const lines = certificate.replaceAll(/.{64}(?=.)/g, '$&\n');
  const pem = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----`;
  const spki = String(createPublicKey({ key: { ...own.jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' }));
  const inToken = target({});
  const found = await publishedKeys([{ header: { alg: 'RS256', x5c: [certificate] }, claims: {} }], surface, inToken.send);
  expect(found.slice(0, 4)).toEqual([`${pem}\n`, pem, spki, spki.trimEnd()]);
  expect(inToken.asked).toEqual([]);
  const inSet = target({ '/jwks.json': JSON.stringify({ keys: [{ ...own.jwk, x5c: [certificate] }] }) });
  expect(await publishedKeys([{ header: { alg: 'RS256' }, claims: {} }], surface, inSet.send)).toEqual(found);
});

test('a key is tried as it was published first, line breaks and all', async () => {
  const text = `${String(pair().export({ type: 'spki', format: 'pem' }))
    .trimEnd()
    .replaceAll('\n', '\r\n')}\r\n`;
  const { send } = target({ '/public.pem': text });
  const [first] = await publishedKeys([{ header: { alg: 'RS256' }, claims: {} }], surface, send);
  expect(first).toBe(text);
});

test('the issuer leads to the key set, where it is the target itself', async () => {
  const key = { ...pair().export({ format: 'jwk' }) };
  const { send, asked } = target({ '/realm/.well-known/jwks.json': JSON.stringify({ keys: [key] }) });
  const from = (iss: string) => publishedKeys([{ header: { alg: 'RS256' }, claims: { iss } }], surface, send);
  expect(await from('http://api.test/realm/')).toHaveLength(4);
  expect(asked.at(-1)).toBe('/realm/.well-known/jwks.json');
  expect(await from('https://issuer.test/realm')).toEqual([]);
});

test('a page that begins a key over and over is read in linear time', async () => {
  const { send } = target({ '/public.pem': '-----BEGIN PUBLIC KEY-----\n'.repeat(200_000) });
  const before = performance.now();
  expect(await publishedKeys([{ header: { alg: 'RS256' }, claims: {} }], surface, send)).toEqual([]);
  expect(performance.now() - before).toBeLessThan(2000);
});
