import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { isObject } from '../model/json.ts';
import type { OwnKey, TokenKeys } from '../model/world.ts';
import { selfSigned } from './self-signed.ts';

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const curves: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

export interface OwnKeys {
  readonly keyFor: TokenKeys['own'];
  /** True for an algorithm that signs with a key pair; makes none. */
  readonly isFor: (algorithm: string) => boolean;
}

// Kept for the length of the process: an RSA pair takes a tenth of a second to make, and no target learns more than the public half.
const pairs = new Map<string, KeyPair>();

/** Key pairs that nobody else knows, one for each kind, made when first asked. */
export function ownKeys(): OwnKeys {
  const keyFor = (algorithm: string): OwnKey | undefined => {
    const kind = kindOf(algorithm);
    if (kind === undefined) return undefined;
    const pair = pairs.get(kind) ?? made(kind);
    pairs.set(kind, pair);
    return keyOf(pair, algorithm);
  };
  return { keyFor, isFor: (algorithm) => kindOf(algorithm) !== undefined };
}

function kindOf(algorithm: string): string | undefined {
  if (/^[RP]S(?:256|384|512)$/.test(algorithm)) return 'rsa';
  return algorithm === 'EdDSA' ? 'ed25519' : curves[algorithm];
}

function made(kind: string): KeyPair {
  if (kind === 'rsa') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  return kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: kind });
}

function keyOf({ publicKey, privateKey }: KeyPair, algorithm: string): OwnKey {
  const jwk = publicKey.export({ format: 'jwk' });
  if (!isObject(jwk)) throw new Error(`a key for ${algorithm} cannot be written as a JWK`);
  const hash = algorithm === 'EdDSA' ? null : `sha${algorithm.slice(2)}`;
  const pss = algorithm.startsWith('PS') ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
  return {
    jwk,
    sign: (text) => sign(hash, Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363', ...pss }).toString('base64url'),
    certificate: () => selfSigned(publicKey, privateKey).toString('base64'),
  };
}
