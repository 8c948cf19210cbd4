import { base64url, sha256 } from './hmac.ts';

// A key of 1024 bits, made for the examples: too short for anything else, and no secret.
const modulusHex =
  'd134e2cad17f52bc7bceb1186a2e7c1191451296360342e8e3c11eeddf5fbf2a9750fec66c658767fd5ff1f329d778694c9bf98166e9629b5e9d6da978a9f1fe' +
  'ddbaa68f14c68c5a235e4d1fca01e1fb1bd8a882ad572ea253944d2eb285fc5af7e981cb162d98feaacdaf35cbd58706c20ac58570405ba623d72caea489eab5';
const exponentHex =
  '7529b825bc242152dbc78ad8d0868e074ca331609c89410caa98ba589fb3c09cfab76aa7f786f8c95d56416b5c308707f9d6946a4b1743991de8eec46d8647b6' +
  'e00c49c4a209169428c85dbd78440d50652a5045cc3f11826277c7e473309d072890c7da6deb66427a8502c83140189e759b94983f0322054e419af7ac910b15';
const modulus = BigInt(`0x${modulusHex}`);
const size = modulusHex.length / 2;

const bytes = (hex: string): string => hex.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
const hex = (text: string): string => [...text].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');

function power(base: bigint, exponent: bigint, over: bigint): bigint {
  let result = 1n;
  for (let [square, rest] = [base % over, exponent]; rest > 0n; [square, rest] = [(square * square) % over, rest >> 1n])
    if (rest & 1n) result = (result * square) % over;
  return result;
}

/** PKCS #1 v1.5 for SHA-256: what a signature is the power of. */
function expected(text: string, length: number): bigint {
  const digest = `3031300d060960864801650304020105000420${hex(sha256(text))}`;
  return BigInt(`0x0001${'ff'.repeat(length - digest.length / 2 - 3)}00${digest}`);
}

/** The RS256 signature of the examples' key. */
export function rsaSignature(text: string): string {
  const value = power(expected(text, size), BigInt(`0x${exponentHex}`), modulus);
  return base64url(bytes(value.toString(16).padStart(modulusHex.length, '0')));
}

/** True for an RS256 signature of a text by the key in a JWK. */
export function isSignedBy(jwk: { readonly n: string }, text: string, signature: string): boolean {
  const [n, given] = [jwk.n, signature].map((part) => hex(atob(part.replaceAll('-', '+').replaceAll('_', '/'))));
  if (!n || !given) return false;
  const over = BigInt(`0x${n}`);
  return power(BigInt(`0x${given}`), 65_537n, over) === expected(text, n.length / 2);
}

/** The RSA key of 2048 bits in a certificate, whoever made it: what a verifier does that asks for no chain. */
export function certifiedKey(certificate: string): { readonly n: string } {
  const found = /0282010100([0-9a-f]{512})0203010001/.exec(hex(atob(certificate)))?.[1] ?? '';
  return { n: base64url(bytes(found)) };
}

/** The public key as it is published. */
export const publicJwk = { kty: 'RSA', kid: 'example', use: 'sig', alg: 'RS256', n: base64url(bytes(modulusHex)), e: 'AQAB' };

const der = btoa(bytes(`30819f300d06092a864886f70d010101050003818d0030818902818100${modulusHex}0203010001`));
/** The public key as a file that an application reads. */
export const publicPem = `-----BEGIN PUBLIC KEY-----\n${der.replaceAll(/.{64}/g, '$&\n')}\n-----END PUBLIC KEY-----\n`;
