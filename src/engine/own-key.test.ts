import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { ownKeys } from './own-key.ts';

const { keyFor: own } = ownKeys();

test.each(['RS256', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])('%s: signatures and certificates fit the key', (algorithm) => {
  const key = own(algorithm);
  if (!key) throw new Error('no key');
  const publicKey = createPublicKey({ key: { ...key.jwk }, format: 'jwk' });
  const hash = algorithm === 'EdDSA' ? null : `sha${algorithm.slice(2)}`;
  const signature = Buffer.from(key.sign('a.b'), 'base64url');
  expect(verify(hash, Buffer.from('a.b'), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  const certificate = new X509Certificate(Buffer.from(key.certificate(), 'base64'));
  expect(certificate.publicKey.equals(publicKey)).toBe(true);
  expect(certificate.verify(publicKey)).toBe(true);
  expect(certificate.subject).toBe('CN=not to be trusted');
});

test('the same pair signs by all algorithms of its kind, and there is none for HMACs', () => {
  expect(own('PS384')?.jwk).toEqual(own('RS256')?.jwk);
  expect(own('HS256')).toBeUndefined();
});
