import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../model/json.ts';
import type { TokenKeys } from '../model/world.ts';

/** Makes key pairs that nobody else knows, one for each algorithm and when first asked: an RSA one takes a tenth of a second. */
export function ownKeys(): TokenKeys['own'] {
  const pairs = new Map<string, { publicKey: KeyObject; privateKey: KeyObject }>();
  return (algorithm) => {
    const pair = pairs.get(algorithm) ?? made(algorithm);
    pairs.set(algorithm, pair);
    return {
      jwk: pair.publicKey.export({ format: 'jwk' }) as JsonObject,
      sign: (text) => createSign('sha256').update(text).sign({ key: pair.privateKey, dsaEncoding: 'ieee-p1363' }, 'base64url'),
    };
  };
}

function made(algorithm: 'RS256' | 'ES256'): { publicKey: KeyObject; privateKey: KeyObject } {
  return algorithm === 'RS256' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
