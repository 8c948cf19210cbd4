import { createHmac } from 'node:crypto';
import { parseAuthFlag, type DeclaredIdentity } from '../../src/identity/index.ts';
import { headerOf, type Request } from '../../src/model/http.ts';
import { isObject, parseJson, type JsonObject } from '../../src/model/json.ts';
import { isPlanted, type Blueprint } from './blueprint.ts';
import { freshState, lentNames, type Account, type State } from './state.ts';

const secret = 'an invented secret of the invented API';

/** The text that an account sends to be known. */
export function credentialOf({ authentication }: Blueprint, account: Account): string {
  if (authentication === 'basic') return Buffer.from(`${account.username}:${account.password}`).toString('base64');
  if (authentication !== 'jwt') return account.token;
  const part = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: String(account.id), exp: 4_102_444_800 })}`;
  return `${signed}.${signature(signed)}`;
}

function signature(signed: string): string {
  return createHmac('sha256', secret).update(signed).digest('base64url');
}

/** The credential of a request, without its scheme; `undefined` when none was sent in the right place. */
export function presented({ authentication }: Blueprint, request: Request): string | undefined {
  if (authentication === 'api-key') return headerOf(request.headers, 'X-API-Key');
  if (authentication === 'cookie') return /(?:^|;\s*)session=([^;]+)/.exec(headerOf(request.headers, 'cookie') ?? '')?.[1];
  const [, scheme, value] = /^(\w+) +(\S+)$/.exec(headerOf(request.headers, 'authorization') ?? '') ?? [];
  return scheme?.toLowerCase() === (authentication === 'basic' ? 'basic' : 'bearer') ? value : undefined;
}

/** Whose request it is, by the credential in it. */
export function callerOf(state: State, request: Request): Account | undefined {
  const { blueprint, accounts } = state;
  const text = presented(blueprint, request);
  if (text === undefined) return undefined;
  const lax = isPlanted(blueprint, 'any-credential', '*');
  if (blueprint.authentication === 'jwt') return bearer(state, text, lax);
  if (blueprint.authentication !== 'basic') return accounts.find((account) => account.token === text);
  const [name = '', ...password] = Buffer.from(text, 'base64').toString().split(':');
  return accounts.find((account) => [account.username, account.email].includes(name) && (lax || account.password === password.join(':')));
}

function bearer({ blueprint, accounts }: State, text: string, lax: boolean): Account | undefined {
  const [head = '', claims = '', signed = '', ...more] = text.split('.');
  const algorithm = decoded(head)?.['alg'];
  const subject = decoded(claims)?.['sub'];
  if (more.length > 0 || subject === undefined) return undefined;
  const unsigned = isPlanted(blueprint, 'unsigned', '*') && typeof algorithm === 'string' && algorithm.toLowerCase() === 'none';
  const genuine = algorithm === 'HS256' && signed === signature(`${head}.${claims}`);
  return genuine || lax || unsigned ? accounts.find((account) => String(account.id) === subject) : undefined;
}

function decoded(part: string): JsonObject | undefined {
  const value = parseJson(Buffer.from(part, 'base64url').toString());
  return isObject(value) ? value : undefined;
}

/** What the scanner is lent: the credentials that a fresh instance knows. */
export function lentIdentities(blueprint: Blueprint): DeclaredIdentity[] {
  const { accounts } = freshState(blueprint);
  return lentNames(blueprint).flatMap((name, index): DeclaredIdentity[] => {
    const account = accounts[index];
    if (!account) return [];
    const text = credentialOf(blueprint, account);
    const value = {
      jwt: `Bearer ${text}`,
      opaque: `Bearer ${text}`,
      cookie: `cookie:session=${text}`,
      'api-key': `X-API-Key: ${text}`,
      basic: `Basic ${account.username}:${account.password}`,
    }[blueprint.authentication];
    const identity = parseAuthFlag(`${name}${name === 'root' ? '(admin)' : ''}=${value}`);
    const { means } = identity;
    const header = ['X-Tenant-Id', account.tenant] as const;
    const within =
      blueprint.tenantHeader && means.kind === 'fixed'
        ? { ...means, credential: { ...means.credential, headers: [...means.credential.headers, header] } }
        : means;
    return [blueprint.tenants ? { ...identity, means: within, tenant: account.tenant } : identity];
  });
}
