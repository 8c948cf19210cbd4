import { createHmac } from 'node:crypto';
import { isObject, parseJson } from '../model/json.ts';
import { wordsOf } from '../model/names.ts';

const hashes: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

/** A session takes two hashes for each word. */
const mostForSessions = 100_000;

const known = new Map<string, string | undefined>();

/** True for a token whose key is worth a search. */
export function isHmacSigned(token: string): boolean {
  return fitting(token) !== undefined;
}

/** True for a session as Flask keeps it in a cookie: JSON, packed or not, a time, and a signature by SHA-1. */
export function isSignedSession(text: string): boolean {
  return /^(?:eyJ[\w-]*|\.eJ[\w-]+)\.[\w-]{5,8}\.[\w-]{27}$/.test(text);
}

/**
 * The key by which a JWT or a session was signed, when it is among `words` or is made of `names` (of the target); `undefined` for
 * others, and for tokens that no HMAC signs. Offline: some 400 words in a millisecond. What was searched once is remembered.
 */
export function weakSecretOf(token: string, names: readonly string[], words: readonly string[]): string | undefined {
  const fits = fitting(token);
  if (!fits) return undefined;
  const named = derivedFrom(names).find(fits);
  if (named !== undefined || known.has(token)) return named ?? known.get(token);
  if (known.size > 500) known.clear();
  const found = (isSignedSession(token) ? words.slice(0, mostForSessions) : words).find(fits);
  known.set(token, found);
  return found;
}

/** Tells whether a key is that of a token; `undefined` for tokens that no HMAC signs. */
function fitting(token: string): ((key: string) => boolean) | undefined {
  const dot = token.lastIndexOf('.');
  if (isSignedSession(token)) {
    const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha1', key).update(text).digest();
    const [signed, signature] = [token.slice(0, dot), token.slice(dot + 1)];
    return (key) => mac(mac(key, 'cookie-session'), signed).toString('base64url') === signature;
  }
  const hash = hashOf(token);
  if (hash === undefined) return undefined;
  const signed = token.slice(0, dot);
  const signature = token.slice(dot + 1);
  return (key) => createHmac(hash, key).update(signed).digest('base64url') === signature;
}

function hashOf(token: string): string | undefined {
  const header = parseJson(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString());
  return isObject(header) ? hashes[String(header['alg'])] : undefined;
}

/** Keys as people make them up from the name of what they build: `shop`, `shop-secret`, `shop_jwt_key`, `supersecretshop`. */
function derivedFrom(names: readonly string[]): string[] {
  const parts = names.flatMap((name) => [...wordsOf(name), wordsOf(name).join(''), wordsOf(name).join('-'), wordsOf(name).join('_')]);
  const stems = [...new Set(parts)].filter((word) => word.length >= 2 && word.length <= 40).slice(0, 60);
  const tails = [
    'secret',
    'key',
    'jwt',
    'token',
    'secretkey',
    'secret-key',
    'secret_key',
    'jwt-secret',
    'jwt_secret',
    '123',
    '1',
    '2024',
    '2025',
  ];
  const written = (word: string): string[] => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)];
  return stems.flatMap((stem) => [
    ...written(stem),
    ...tails.flatMap((tail) => ['', '-', '_', '.'].flatMap((joint) => written(`${stem}${joint}${tail}`))),
    ...['my', 'secret', 'super-secret', 'supersecret', 'secret-', 'secret_', 'the-'].map((head) => head + stem),
  ]);
}
