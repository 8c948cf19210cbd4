import { headersOf, type Header, type Response } from '../model/http.ts';
import type { Credential } from '../model/identity.ts';
import { isObject, leaves, parseJson, type Json } from '../model/json.ts';
import { plainName } from '../model/names.ts';
import type { Placement } from './declared-identity.ts';

/** Adds nothing to a request. */
export const noCredential: Credential = { headers: [], cookies: [], query: [] };

/** The parts of `credentials` together. */
export function joinCredentials(...credentials: readonly Credential[]): Credential {
  return {
    headers: credentials.flatMap((credential) => credential.headers),
    cookies: credentials.flatMap((credential) => credential.cookies),
    query: credentials.flatMap((credential) => credential.query),
  };
}

/** A credential of headers alone. */
export function headerCredential(headers: readonly Header[]): Credential {
  return { ...noCredential, headers };
}

/** `Authorization: Bearer …`. */
export function bearerCredential(token: string): Credential {
  return headerCredential([['Authorization', `Bearer ${token}`]]);
}

/** `Authorization: Basic …` (RFC 7617, UTF-8). */
export function basicCredential(username: string, password: string): Credential {
  return headerCredential([['Authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`]]);
}

/** A token where `placement` says. */
export function placedCredential(token: string, placement: Placement): Credential {
  const value = `${placement.before}${token}${placement.after}`;
  if (placement.in === 'header') return headerCredential([[placement.name, value]]);
  if (placement.in === 'cookie') return { ...noCredential, cookies: [[placement.name, value]] };
  return { ...noCredential, query: [[placement.name, value]] };
}

/** The pairs of a `Cookie` header: `a=b; c=d`. */
export function parseCookies(text: string): (readonly [string, string])[] {
  return text
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.indexOf('=') > 0)
    .map((pair): readonly [string, string] => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()]);
}

/** A cookie that an answer sets. `maxAge` in seconds. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  readonly maxAge?: number;
}

/** The cookies that an answer sets, those that it deletes left out. */
export function setCookiesOf(response: Response): SetCookie[] {
  const found = new Map<string, SetCookie>();
  for (const header of headersOf(response.headers, 'set-cookie')) {
    const [pair] = parseCookies(header.split(';', 1)[0] ?? '');
    if (!pair) continue;
    const [name, value] = pair;
    const maxAge = /;\s*max-age\s*=\s*(-?\d+)/i.exec(header)?.[1];
    const past = /;\s*expires\s*=[^;]*\b(?:19\d\d|2000)\b/i.test(header);
    if (value === '' || past || (maxAge !== undefined && Number(maxAge) <= 0)) found.delete(name);
    else found.set(name, { name, value, ...(maxAge === undefined ? {} : { maxAge: Number(maxAge) }) });
  }
  return [...found.values()];
}

/** The claims of a JWT, unverified; `undefined` when the text is none. */
export function claimsOf(token: string): Readonly<Record<string, Json>> | undefined {
  const [head, claims] = token.split('.');
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token) || head === undefined || claims === undefined) return undefined;
  if (!isObject(parseJson(Buffer.from(head, 'base64url').toString('utf8')))) return undefined;
  const value = parseJson(Buffer.from(claims, 'base64url').toString('utf8'));
  return isObject(value) ? value : undefined;
}

/** What must not be shown of a credential: each value whole, and without the scheme word in front. */
export function secretsOf(credential: Credential): string[] {
  const values = [
    ...credential.headers.map(([, value]) => value),
    ...credential.cookies.map(([, value]) => value),
    ...credential.query.map(([, value]) => value),
  ];
  const bare = values.map((value) => value.replace(/^[A-Za-z][\w-]*\s+/, ''));
  const pairs = bare.map((value, index) => (/^basic\s/i.test(values[index] ?? '') ? Buffer.from(value, 'base64').toString('utf8') : ''));
  const passwords = pairs.map((pair) => pair.slice(pair.indexOf(':') + 1));
  return [...new Set([...values, ...bare, ...pairs, ...passwords])].filter((value) => value !== '');
}

/** Tokens and keys in a JSON body, by name or shape: those that are used, and those that came along (refresh tokens). */
export function secretsIn(json: Json | undefined): string[] {
  if (json === undefined) return [];
  return leaves(json, 2_000)
    .filter((leaf) => /token|jwt|apikey|secret|sessionid|accesskey|password$/.test(plainName(leaf.name)) || isJwt(leaf.value))
    .flatMap((leaf) => (typeof leaf.value === 'string' && leaf.value.length >= 8 && !/\s/.test(leaf.value) ? [leaf.value] : []));
}

function isJwt(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('eyJ') && claimsOf(value) !== undefined;
}
