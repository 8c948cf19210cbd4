import { isObject, parseJson, type JsonObject } from '../model/json.ts';
import { decodeJwtPart } from './credential-probes.ts';
import { base64url, hmac, isHmac, type HmacAlgorithm } from './hmac.ts';

/** A JWT, taken apart. What it says is not verified. */
export interface Jwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** Header and claims as they were signed. */
  readonly signed: string;
  readonly signature: string;
}

/** Takes a JWT apart; `undefined` for other texts. */
export function parseJwt(text: string): Jwt | undefined {
  const parts = text.split('.');
  const [first = '', second = '', signature = ''] = parts;
  const header = decodeJwtPart(first);
  const claims = decodeJwtPart(second);
  if (parts.length !== 3 || header?.['alg'] === undefined || !claims) return undefined;
  return { header, claims, signed: `${first}.${second}`, signature };
}

/** What is different in a forged token; what is not said stays as in the genuine one. */
export interface Forging {
  readonly header?: JsonObject;
  readonly claims?: (claims: JsonObject) => JsonObject;
  readonly sign: (signed: string, header: JsonObject) => string;
}

/** A forged token from a genuine one; a text that is no JWT stays as it is. */
export function forged(token: string, { header = {}, claims = (same) => same, sign }: Forging): string {
  const jwt = parseJwt(token);
  if (!jwt) return token;
  const newHeader = { ...jwt.header, ...header };
  const signed = `${part(newHeader)}.${part(claims(jwt.claims))}`;
  return `${signed}.${sign(signed, newHeader)}`;
}

/** Signs by the HMAC that the header names, HS256 when it names none. */
export function signedBy(key: string): Forging['sign'] {
  return (signed, header) => hmac(hmacOf(header), key, signed);
}

function hmacOf(header: JsonObject): HmacAlgorithm {
  const algorithm = header['alg'];
  return isHmac(algorithm) ? algorithm : 'HS256';
}

/** The claims with a difference that gives no rights: a token that was never issued, and otherwise the same. */
export function barelyChanged(claims: JsonObject): JsonObject {
  const { iat, exp } = claims;
  if (typeof iat === 'number') return { ...claims, iat: iat - 1 };
  return typeof exp === 'number' ? { ...claims, exp: exp + 1 } : { ...claims, iat: 1_600_000_000 };
}

const ofTheToken = new Set(['iat', 'exp', 'nbf', 'jti', 'auth_time', 'nonce', 'at_hash']);

/** The claims with what somebody else's say of their bearer. The times and the number of the token itself stay as they are. */
export function inNameOf(other: JsonObject): (claims: JsonObject) => JsonObject {
  const said = Object.entries(asBytes(other)).filter(([name]) => !ofTheToken.has(name));
  return (claims) => ({ ...claims, ...Object.fromEntries(said) });
}

/** True when two sets of claims speak of the same bearer. */
export function sameBearer(one: JsonObject, other: JsonObject): boolean {
  return JSON.stringify(inNameOf(other)(asBytes(one))) === JSON.stringify(asBytes(one));
}

/** Claims that were decoded as text, the way that `parseJwt` decodes them. */
function asBytes(claims: JsonObject): JsonObject {
  const bytes = parseJson(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims))));
  return isObject(bytes) ? bytes : claims;
}

// What was decoded as bytes is encoded as bytes, so that any text in it stays whole.
function part(json: JsonObject): string {
  return base64url(JSON.stringify(json));
}
