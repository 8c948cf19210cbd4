import { UserError } from '../model/user-error.ts';
import { basicCredential, bearerCredential, claimsOf, headerCredential, noCredential, parseCookies } from './credentials.ts';
import { fixed } from './declared.ts';
import type { DeclaredIdentity, Means } from './declared-identity.ts';
import { factsOfToken } from './facts.ts';

const forms = 'name=Bearer TOKEN, name=Basic PAIR, name=Header-Name: VALUE or name=cookie:a=b; name(role)=… gives a role';

/** Reads one `--auth` flag: `alice=Bearer eyJ…`. Throws `UserError`; the value is never part of a message. */
export function parseAuthFlag(flag: string): DeclaredIdentity {
  const match = /^\s*([^=():]+?)\s*(?:\(\s*([^()=]+?)\s*\))?\s*=\s*([\s\S]+?)\s*$/.exec(flag);
  const [, name, role, value] = match ?? [];
  if (name === undefined || value === undefined)
    throw new UserError('auth-flag-invalid', '--auth takes a name, "=" and a credential', { hint: `Write ${forms}.` });
  const read = meansOf(value);
  if (!read)
    throw new UserError('auth-flag-invalid', `--auth for "${name}": the credential is of no known form`, { hint: `Write ${forms}.` });
  return { name, ...(role === undefined ? {} : { role }), source: 'flag', ...read };
}

function meansOf(value: string): { facts: Readonly<Record<string, string>>; means: Means } | undefined {
  const bearer = /^bearer\s+(\S+)$/i.exec(value)?.[1] ?? (claimsOf(value) ? value : undefined);
  if (bearer !== undefined) return { facts: factsOfToken(bearer), means: fixed(bearerCredential(bearer)) };
  const basic = /^basic\s+([\s\S]+)$/i.exec(value)?.[1];
  if (basic !== undefined) {
    const pair = basic.includes(':') ? basic : Buffer.from(basic, 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    if (colon < 1) return undefined;
    const username = pair.slice(0, colon);
    return { facts: { username }, means: fixed(basicCredential(username, pair.slice(colon + 1))) };
  }
  const cookie = /^cookie:([\s\S]+)$/i.exec(value)?.[1];
  if (cookie !== undefined) {
    const cookies = parseCookies(cookie);
    return cookies.length === 0 ? undefined : { facts: {}, means: fixed({ ...noCredential, cookies }) };
  }
  const header = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):\s*([^\r\n]+)$/.exec(value);
  if (header?.[1] === undefined || header[2] === undefined) return undefined;
  return { facts: factsOfToken(header[2].replace(/^\w+\s+/, '')), means: fixed(headerCredential([[header[1], header[2]]])) };
}
