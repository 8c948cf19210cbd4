import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Send } from '../model/http.ts';
import { isObject, parseJson } from '../model/json.ts';
import type { Surface } from '../model/operation.ts';
import type { SeenJwt } from '../model/world.ts';

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

/** A public key, as it was found. */
interface Found {
  readonly kid: unknown;
  readonly key: KeyObject;
  /** The texts in which it stood: an application may have read the same file. */
  readonly texts: readonly string[];
}

/**
 * The target's public signing keys, from the usual places, those that its description and its tokens name, and the certificates in
 * the tokens, as the texts that an application may have read from a file: as they are published, and as PEM of each kind, with and
 * without the last line break. Asks only when a token says that such a key signed it.
 */
export async function publishedKeys(
  tokens: readonly Pick<SeenJwt, 'header' | 'claims'>[],
  surface: Surface,
  send: Send,
): Promise<string[]> {
  const signed = tokens.filter(({ header }) => /^(?:RS|PS|ES|Ed)/.test(String(header['alg'])));
  if (signed.length === 0) return [];
  const kids = new Set(signed.map(({ header }) => header['kid']));
  const keys = signed.flatMap(({ header: { x5c, kid } }) => (Array.isArray(x5c) ? certified(x5c[0], kid) : []));
  const asked = new Set<string>();
  const paths = placesOf(signed, surface);
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
  return [...new Set((fitting.length > 0 ? fitting : keys).slice(0, mostKeys).flatMap(({ key, texts }) => [...texts, ...written(key)]))];
}

function placesOf(tokens: readonly Pick<SeenJwt, 'header' | 'claims'>[], { origin, operations }: Surface): string[] {
  const own = operations
    .filter(({ method, path }) => method === 'GET' && !path.includes('{') && described.test(path))
    .map(({ path }) => path);
  const named = tokens.flatMap(({ header: { jku, x5u }, claims: { iss } }) => {
    const issuer = typeof iss === 'string' && /^https?:/.test(iss) ? iss.replace(/\/$/, '') : undefined;
    const urls = [
      jku,
      x5u,
      ...(issuer === undefined ? [] : [`${issuer}/.well-known/openid-configuration`, `${issuer}/.well-known/jwks.json`]),
    ];
    return urls.flatMap((url) => (typeof url === 'string' ? pathOn(url, origin) : []));
  });
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

function keysIn(body: string): Found[] {
  const pem = pemIn(body.replaceAll(String.raw`\n`, '\n'));
  const json = parseJson(body);
  const set = isObject(json) ? (json['keys'] ?? json) : [];
  const jwks = (Array.isArray(set) ? set : [set]).filter(isObject).filter((jwk) => jwk['use'] !== 'enc');
  const published = body.trim() === pem ? [body] : [];
  return [
    ...(pem === undefined ? [] : made(() => createPublicKey(pem), undefined, [...published, pem, `${pem}\n`])),
    ...jwks.flatMap((jwk): Found[] => {
      const { kid, x5c } = jwk;
      const key = made(() => createPublicKey({ key: { ...jwk }, format: 'jwk' }), kid, []);
      const certificates = Array.isArray(x5c) ? certified(x5c[0], kid) : [];
      return key.length === 0 ? certificates : key.map((found) => ({ ...found, texts: certificates.flatMap(({ texts }) => texts) }));
    }),
  ];
}

/** The first key or certificate in a text. The text is hostile, so its ends are looked for one after the other. */
function pemIn(text: string): string | undefined {
  const [begin] = /-----BEGIN (?:RSA )?(?:PUBLIC KEY|CERTIFICATE)-----/.exec(text) ?? [];
  if (begin === undefined) return undefined;
  const rest = text.slice(text.indexOf(begin));
  const end = begin.replace('BEGIN', 'END');
  const at = rest.indexOf(end);
  return at < 0 ? undefined : rest.slice(0, at + end.length);
}

/** The key in a certificate in base64. */
function certified(certificate: unknown, kid: unknown): Found[] {
  if (typeof certificate !== 'string') return [];
  const lines = certificate.replaceAll(/\s/g, '').replaceAll(/.{64}(?=.)/g, '$&\n');
  const pem = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----`;
  return made(() => createPublicKey(pem), kid, [`${pem}\n`, pem]);
}

// Whatever else the target has at such a place is no key.
function made(key: () => KeyObject, kid: unknown, texts: readonly string[]): Found[] {
  try {
    return [{ kid, key: key(), texts }];
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
