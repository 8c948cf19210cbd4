import { headerOf, jsonOf, type Exchange } from '../model/http.ts';
import { leaves, type Leaf } from '../model/json.ts';
import { plainName } from '../model/names.ts';
import { claimsOf, setCookiesOf } from './credentials.ts';
import type { Extraction } from './declared-identity.ts';

/** Something in an answer that may be a credential. */
export interface FoundToken {
  /** `cookies`: all that the answer sets, together. */
  readonly kind: 'token' | 'api-key' | 'cookies';
  /** Absent for cookies. */
  readonly extract?: Extraction;
  readonly value: string;
  /** How much it looks like the credential; more is better. */
  readonly weight: number;
}

const weights: Readonly<Record<string, number>> = {
  accesstoken: 100,
  token: 95,
  authtoken: 95,
  jwt: 95,
  jwttoken: 95,
  bearertoken: 95,
  bearer: 90,
  authenticationtoken: 90,
  authorization: 90,
  sessiontoken: 88,
  xaccesstoken: 88,
  xauthtoken: 88,
  usertoken: 85,
  sessionkey: 75,
  sessionid: 75,
  session: 60,
  auth: 60,
  idtoken: 50,
  credential: 40,
};
const keyNames = /^(?:x?api_?key|apitoken|accesskey|secretkey|authkey|userkey|key)$/;
const foreign = /refresh|csrf|xsrf|reset|verif|confirm|activat|invite|expires|tokentype|scope|password|hash|email|url|push|device|fcm/;
const headerNames = [
  'Authorization',
  'X-Auth-Token',
  'X-Access-Token',
  'X-Session-Token',
  'X-Api-Key',
  'X-Token',
  'Auth-Token',
  'Access-Token',
  'Token',
  'Jwt',
];
const sessionCookie = /sess|sid$|^sid|token|auth|jwt|remember|login|identity/i;

/** Everything in an answer that may be a credential, likeliest first. Reads body, headers and cookies. */
export function findTokens({ response }: Exchange): FoundToken[] {
  const found: FoundToken[] = [];
  const json = jsonOf(response);
  if (json !== undefined) {
    for (const leaf of leaves(json, 2_000)) {
      const token = tokenOf(leaf);
      if (token) found.push(token);
    }
  } else if (claimsOf(response.body.trim())) {
    found.push({ kind: 'token', extract: { from: 'body', pointer: '' }, value: response.body.trim(), weight: 90 });
  }
  for (const name of headerNames) {
    const raw = headerOf(response.headers, name)?.trim();
    if (raw === undefined || raw === '') continue;
    const { value, prefix } = withoutScheme(raw);
    if (/\s/.test(value)) continue;
    const kind = /key/i.test(name) ? 'api-key' : 'token';
    found.push({ kind, extract: { from: 'header', name, ...prefix }, value, weight: 80 });
  }
  const cookies = setCookiesOf(response);
  if (cookies.length > 0) {
    const likely = cookies.some(({ name, value }) => sessionCookie.test(name) || claimsOf(value));
    found.push({ kind: 'cookies', value: cookies.map(({ value }) => value).join(';'), weight: likely ? 65 : 15 });
  }
  return found.toSorted((one, other) => other.weight - one.weight);
}

function tokenOf(leaf: Leaf): FoundToken | undefined {
  if (typeof leaf.value !== 'string') return undefined;
  const { value, prefix } = withoutScheme(leaf.value.trim());
  if (value.length < 4 || value.length > 8_000 || /[\s@]/.test(value) || /^https?:/.test(value)) return undefined;
  const name = plainName(leaf.name);
  if (foreign.test(name)) return undefined;
  const isKey = keyNames.test(name);
  const named = isKey ? (name === 'key' ? 70 : 92) : (weights[name] ?? (name.endsWith('token') || name.endsWith('jwt') ? 70 : 0));
  const shaped = claimsOf(value) ? 30 : 0;
  const opaque = named === 0 && shaped === 0 && !/id$|hash$|^created|^updated/.test(name) && isOpaque(value) ? 20 : 0;
  const weight = named + shaped + opaque;
  if (weight === 0) return undefined;
  return { kind: isKey ? 'api-key' : 'token', extract: { from: 'body', pointer: leaf.pointer, ...prefix }, value, weight };
}

function withoutScheme(text: string): { value: string; prefix: { prefix?: string } } {
  const scheme = /^(?:bearer|token|jwt)\s+/i.exec(text)?.[0];
  return scheme === undefined ? { value: text, prefix: {} } : { value: text.slice(scheme.length), prefix: { prefix: scheme } };
}

// Long, mixed, and neither a hash of something nor an id.
function isOpaque(value: string): boolean {
  return (
    /^[\w.~+/=-]{24,}$/.test(value) &&
    /\d/.test(value) &&
    /[a-z]/i.test(value) &&
    !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
  );
}
