import { createHmac } from 'node:crypto';
import { isObject, parseJson } from '../model/json.ts';
import { wordsOf } from '../model/names.ts';
import { commonSecrets } from './common-secrets.ts';

const hashes: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

const known = new Map<string, string | undefined>();

/**
 * The key by which a JWT was signed, when it is a common one or is made of `names` (of the target);
 * `undefined` for others, and for tokens that no HMAC signs. Offline; takes a few milliseconds, once for each token.
 */
export function weakSecretOf(token: string, names: readonly string[]): string | undefined {
  const memory = `${token}\n${names.join(' ')}`;
  if (known.has(memory)) return known.get(memory);
  if (known.size > 200) known.clear();
  const found = search(token, names);
  known.set(memory, found);
  return found;
}

function search(token: string, names: readonly string[]): string | undefined {
  const dot = token.lastIndexOf('.');
  const signed = token.slice(0, dot);
  const hash = hashOf(token);
  if (hash === undefined) return undefined;
  const signature = token.slice(dot + 1);
  const fits = (key: string): boolean => createHmac(hash, key).update(signed).digest('base64url') === signature;
  return derivedFrom(names).find(fits) ?? ['', ...commonSecrets].find(fits);
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
