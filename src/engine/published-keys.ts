import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Send } from '../model/http.ts';
import { isObject, parseJson, type JsonObject } from '../model/json.ts';
import type { Surface } from '../model/operation.ts';

const wellKnown = [
  '/.well-known/jwks.json',
  '/jwks.json',
  '/.well-known/openid-configuration',
  '/oauth/jwks',
  '/oauth2/jwks',
  '/auth/jwks',
  '/public-key',
  '/public.pem',
];
const described = /jwks|(?:public|signing|verification)[-_]?keys?|\bcerts$|\.pem$/i;
const mostKeys = 2;

/**
 * The target's public signing keys, from the usual places and those that its description names, as the texts that an application
 * may have read from a file: PEM of both kinds, with and without the last line break. Asks only when a token says that such a key
 * signed it.
 */
export async function publishedKeys(headers: readonly JsonObject[], surface: Surface, send: Send): Promise<string[]> {
  if (!headers.some((header) => /^(?:RS|PS|ES|Ed)/.test(String(header['alg'])))) return [];
  const kids = new Set(headers.map((header) => header['kid']));
  const keys: { readonly kid: unknown; readonly key: KeyObject }[] = [];
  const asked = new Set<string>();
  const paths = placesOf(headers, surface);
  for (let path = paths.shift(); path !== undefined && keys.length === 0; path = paths.shift()) {
    if (asked.has(path)) continue;
    asked.add(path);
    const answer = await send({ method: 'GET', origin: surface.origin, path, headers: [['accept', 'application/json, */*;q=0.5']] });
    if (answer.kind !== 'exchange' || answer.response.status !== 200) continue;
    const { body } = answer.response;
    keys.push(...keysIn(body));
    const json = parseJson(body);
    const uri = isObject(json) ? json['jwks_uri'] : undefined;
    if (typeof uri === 'string') paths.unshift(...pathOn(uri, surface.origin));
  }
  const fitting = keys.filter(({ kid }) => kid !== undefined && kids.has(String(kid)));
  return (fitting.length > 0 ? fitting : keys).slice(0, mostKeys).flatMap(({ key }) => written(key));
}

function placesOf(headers: readonly JsonObject[], { origin, operations }: Surface): string[] {
  const own = operations
    .filter(({ method, path }) => method === 'GET' && !path.includes('{') && described.test(path))
    .map(({ path }) => path);
  const named = headers.flatMap((header) => (typeof header['jku'] === 'string' ? pathOn(header['jku'], origin) : []));
  const bases = [...new Set(operations.map(({ path }) => /^\/[^/{}]+(?=\/)/.exec(path)?.[0] ?? ''))].slice(0, 2);
  return [
    ...named,
    ...own.slice(0, 4),
    ...wellKnown,
    ...bases.filter((base) => base !== '').map((base) => `${base}/.well-known/jwks.json`),
  ];
}

function pathOn(url: string, origin: string): string[] {
  if (!URL.canParse(url, origin)) return [];
  const parsed = new URL(url, origin);
  return parsed.origin === origin ? [parsed.pathname + parsed.search] : [];
}

function keysIn(body: string): { kid: unknown; key: KeyObject }[] {
  const pem = /-----BEGIN (?:RSA )?PUBLIC KEY-----[\s\S]+?-----END (?:RSA )?PUBLIC KEY-----/.exec(
    body.replaceAll(String.raw`\n`, '\n'),
  )?.[0];
  const json = parseJson(body);
  const set = isObject(json) ? (json['keys'] ?? json) : [];
  const jwks = (Array.isArray(set) ? set : [set]).filter(isObject).filter((jwk) => jwk['use'] !== 'enc');
  return [
    ...(pem === undefined ? [] : made(() => createPublicKey(pem), undefined)),
    ...jwks.flatMap((jwk) => made(() => createPublicKey({ key: { ...jwk }, format: 'jwk' }), jwk['kid'])),
  ];
}

// Whatever else the target has at such a place is no key.
function made(key: () => KeyObject, kid: unknown): { kid: unknown; key: KeyObject }[] {
  try {
    return [{ kid, key: key() }];
  } catch {
    return [];
  }
}

function written(key: KeyObject): string[] {
  const pems = [
    key.export({ type: 'spki', format: 'pem' }),
    ...(key.asymmetricKeyType === 'rsa' ? [key.export({ type: 'pkcs1', format: 'pem' })] : []),
  ];
  return pems.map(String).flatMap((pem) => [pem, pem.trimEnd()]);
}
