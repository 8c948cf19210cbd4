import type { Send } from '../model/http.ts';
import type { Credential } from '../model/identity.ts';
import { isObject, parseJson, type JsonObject } from '../model/json.ts';
import type { LentCredential, World } from '../model/world.ts';
import { ownKeys } from './own-key.ts';
import { publishedKeys } from './published-keys.ts';
import { weakSecretOf } from './weak-secret.ts';

/** What the credentials of the identities are made of, and the keys that checks of signed tokens need. */
export async function credentialsSeen({ surface, identities, sessions }: World, send: Send): Promise<Pick<World, 'lent' | 'keys'>> {
  const tokens = new Map<string, string>();
  const lent: LentCredential[] = [];
  for (const { name } of identities) {
    const credential = await sessions.get(name)?.credential();
    if (!credential || 'unusable' in credential) continue;
    const cookies = credential.cookies.map(([cookie]) => cookie);
    const token = jwtIn(credential);
    if (token) tokens.set(name, token.text);
    lent.push({ identity: name, cookies, ...(token ? { jwt: { header: token.header, claims: token.claims } } : {}) });
  }
  const headers = lent.flatMap(({ jwt }) => (jwt ? [jwt.header] : []));
  const { hostname } = new URL(surface.origin);
  const names = [surface.title ?? '', ...(/[a-z]/i.test(hostname) ? [hostname] : [])].filter((name) => name !== '');
  const secretOf = (identity: string): string | undefined => {
    const token = tokens.get(identity);
    return token === undefined ? undefined : weakSecretOf(token, names);
  };
  return { lent, keys: { secretOf, published: await publishedKeys(headers, surface, send), own: ownKeys() } };
}

interface Jwt {
  readonly text: string;
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

function jwtIn({ headers, cookies, query }: Credential): Jwt | undefined {
  const values = [...headers, ...cookies, ...query].map(([, value]) => value.slice(value.indexOf(' ') + 1));
  return values.flatMap((text) => jwtOf(text) ?? [])[0];
}

function jwtOf(text: string): Jwt | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return undefined;
  const [header, claims] = text.split('.', 2).map((part) => parseJson(Buffer.from(part, 'base64url').toString()));
  return isObject(header) && isObject(claims) && header['alg'] !== undefined ? { text, header, claims } : undefined;
}
