import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asBytes, base64url, hmac, hmacSha1, sha256 } from './hmac.ts';

test.each([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
] as const)('%s agrees with Node', (algorithm, hash) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300, unit: 'binary' }), fc.string({ maxLength: 400, unit: 'binary-ascii' }), (key, text) => {
      expect(hmac(algorithm, key, text)).toBe(createHmac(hash, key).update(text).digest('base64url'));
    }),
    { numRuns: 60 },
  );
});

test('SHA-256 agrees with Node at each length of padding', () => {
  for (let length = 0; length < 200; length++) {
    const text = 'é'.repeat(length);
    expect(Buffer.from(sha256(text), 'latin1').toString('hex')).toBe(createHash('sha256').update(text, 'latin1').digest('hex'));
  }
});

test('HMAC by SHA-1 agrees with Node', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300, unit: 'binary' }), fc.string({ maxLength: 400, unit: 'binary-ascii' }), (key, text) => {
      expect(base64url(hmacSha1(asBytes(key), text))).toBe(createHmac('sha1', key).update(text).digest('base64url'));
    }),
    { numRuns: 20 },
  );
});
