import type { Host } from '../model/hosting.ts';
import type { Send } from '../model/http.ts';
import type { Credential } from '../model/identity.ts';
import { isObject, parseJson } from '../model/json.ts';
import type { LentCredential, SeenJwt, TokenKeys, World } from '../model/world.ts';
import { hostedKeys } from './hosted-keys.ts';
import { ownKeys } from './own-key.ts';
import { publishedKeys } from './published-keys.ts';
import { isHmacSigned, isSignedSession, weakSecretOf } from './weak-secret.ts';

export interface SeeingInput {
  readonly send: Send;
  readonly host: Host;
  /** Keys to try on what is signed with a secret one; asked for when there is something to try them on. */
  readonly words: () => Promise<readonly string[]>;
  /** The answers come from a recording: of credentials that were lent, the secret parts are stand-ins. */
  readonly isReplay: boolean;
}

/** What the credentials of the identities are made of, and the keys that checks of signed tokens need. */
export async function credentialsSeen(
  { surface, identities, sessions }: World,
  { send, host, words, isReplay }: SeeingInput,
): Promise<Pick<World, 'lent' | 'keys'>> {
  const tokens = new Map<string, string>();
  const lent: LentCredential[] = [];
  for (const { name, source } of identities) {
    const credential = await sessions.get(name)?.credential();
    if (!credential || 'unusable' in credential) continue;
    const cookies = credential.cookies.map(([cookie]) => cookie);
    const query = credential.query.map(([parameter]) => parameter);
    const headers = credential.headers.map(([header, value]) => [header, ...(/^([A-Za-z]+) ./.exec(value)?.slice(1) ?? [])].join(' '));
    const token = jwtIn(credential);
    const session = credential.cookies.find(([, value]) => isSignedSession(value));
    const text = token?.text ?? session?.[1];
    if (text !== undefined) tokens.set(name, text);
    const isSealed = isReplay && source !== 'signed-up';
    lent.push({
      identity: name,
      cookies,
      headers,
      query,
      ...(token ? { jwt: { ...token.jwt, ...(isSealed ? { isSealed } : {}) } } : {}),
      ...(session ? { signedSession: { cookie: session[0], ...(isSealed ? { isSealed } : {}) } } : {}),
    });
  }
  return { lent, keys: await keysFor(lent, tokens, { surface, send, host, words }) };
}

async function keysFor(
  lent: readonly LentCredential[],
  tokens: ReadonlyMap<string, string>,
  { surface, send, host, words }: Pick<World, 'surface'> & Omit<SeeingInput, 'isReplay'>,
): Promise<TokenKeys> {
  const jwts = lent.flatMap(({ jwt }) => jwt ?? []);
  const { hostname } = new URL(surface.origin);
  const names = [surface.title ?? '', ...(/[a-z]/i.test(hostname) ? [hostname] : [])].filter((name) => name !== '');
  const keys = [...tokens.values()].some(isHmacSigned) ? await words() : [];
  const own = ownKeys();
  const isAsymmetric = jwts.some(({ header }) => own.isFor(String(header['alg'])));
  return {
    secretOf: (identity) => {
      const token = tokens.get(identity);
      return token === undefined ? undefined : weakSecretOf(token, names, keys);
    },
    published: await publishedKeys(jwts, surface, send),
    own: own.keyFor,
    hosted: isAsymmetric ? await hostedKeys(own.keyFor, host) : { why: 'no token is signed with a key pair' },
  };
}

interface Token {
  readonly text: string;
  readonly jwt: SeenJwt;
}

function jwtIn({ headers, cookies, query }: Credential): Token | undefined {
  const values = [...headers, ...cookies, ...query].map(([, value]) => value.slice(value.indexOf(' ') + 1));
  return values.flatMap((text) => jwtOf(text) ?? [])[0];
}

function jwtOf(text: string): Token | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return undefined;
  const [first = '', second = '', signature = ''] = text.split('.');
  const [header, claims] = [first, second].map((part) => parseJson(Buffer.from(part, 'base64url').toString()));
  if (!isObject(header) || !isObject(claims) || header['alg'] === undefined) return undefined;
  return { text, jwt: { header, claims, signatureBytes: Buffer.from(signature, 'base64url').length } };
}
