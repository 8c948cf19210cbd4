import { isCredentialCookie, isCredentialHeader, isCredentialQuery, isTenantHeader } from '../model/credential-place.ts';
import { headersOf, jsonOf, type Exchange, type Header } from '../model/http.ts';
import type { Credential } from '../model/identity.ts';
import { leaves, parseJson, type Json } from '../model/json.ts';
import { isPasswordName } from '../model/sample.ts';
import { UserError } from '../model/user-error.ts';
import { parseCookies, secretsIn, secretsOf, setCookiesOf } from './credentials.ts';
import { fixed } from './declared.ts';
import type { DeclaredIdentity } from './declared-identity.ts';
import { factsOfToken, factsSent } from './facts.ts';

/** Somebody's traffic with the API, in its order. */
export interface RecordedTraffic {
  readonly name: string;
  readonly role?: string;
  /** The file, for messages. */
  readonly location: string;
  readonly exchanges: readonly Exchange[];
}

/**
 * The identity behind recorded traffic: the last credentials that it sent and was not refused with. Throws `UserError` when it
 * sent none.
 */
export function recordedIdentity({ name, role, location, exchanges }: RecordedTraffic): DeclaredIdentity {
  const accepted = exchanges.filter(({ response }) => response.status < 400);
  const credential = credentialOf(accepted.length > 0 ? accepted : exchanges);
  if (credential.headers.length + credential.cookies.length + credential.query.length === 0) {
    throw new UserError('har-without-credentials', `${location} holds no credentials: no Authorization, cookie or key was recorded.`, {
      hint: 'Record while logged in. Browsers leave credentials out of an ordinary export: in Chrome choose "Export HAR (with sensitive data)", which the settings of its developer tools allow.',
    });
  }
  const logIns = exchanges.flatMap((exchange) => (passwordsIn(sentBody(exchange)).length > 0 ? exchange : []));
  const tokens = credential.headers.flatMap(([, value]) => value.replace(/^\w+\s+/, ''));
  const facts = Object.assign(
    {},
    ...logIns.filter(({ response }) => response.status < 400).map((exchange) => factsSent(sentBody(exchange))),
    ...[...tokens, ...credential.cookies.map(([, value]) => value)].map(factsOfToken),
  );
  return {
    name,
    ...(role === undefined ? {} : { role }),
    source: 'file',
    facts,
    means: fixed(credential, secretsOfTraffic(exchanges, logIns)),
  };
}

/** An identity of a credential that was found written down. */
export function foundIdentity(name: string, credential: Credential): DeclaredIdentity {
  const facts = Object.assign({}, ...credential.headers.map(([, value]) => factsOfToken(value.replace(/^\w+\s+/, ''))));
  return { name, source: 'file', facts, means: fixed(credential) };
}

/** The latest value of each header, cookie and query parameter that carries a credential. */
function credentialOf(exchanges: readonly Exchange[]): Credential {
  const headers = new Map<string, Header>();
  const cookies = new Map<string, string>();
  const query = new Map<string, string>();
  for (const { request, response } of exchanges) {
    for (const [name, value] of request.headers)
      if (value !== '' && (isCredentialHeader(name) || isTenantHeader(name))) headers.set(name.toLowerCase(), [name, value]);
    for (const cookie of headersOf(request.headers, 'cookie')) for (const [name, value] of parseCookies(cookie)) cookies.set(name, value);
    for (const { name, value } of setCookiesOf(response)) cookies.set(name, value);
    for (const [name, value] of new URL(request.path, 'http://relative.invalid').searchParams)
      if (value !== '' && isCredentialQuery(name)) query.set(name, value);
  }
  return {
    headers: [...headers.values()],
    cookies: [...cookies].filter(([name, value]) => isCredentialCookie(name, value)),
    query: [...query],
  };
}

/** Everything in the traffic that must not be shown: credentials that were replaced since, passwords, and what log-ins answered. */
function secretsOfTraffic(exchanges: readonly Exchange[], logIns: readonly Exchange[]): string[] {
  const earlier = exchanges.flatMap((exchange) => secretsOf(credentialOf([exchange])));
  const passwords = exchanges.flatMap((exchange) => passwordsIn(sentBody(exchange)));
  const answers = exchanges.filter(
    (exchange) => logIns.includes(exchange) || /auth|token|login|log-in|signin|sign-in|session|refresh/i.test(exchange.request.path),
  );
  return [...new Set([...earlier, ...passwords, ...answers.flatMap(({ response }) => secretsIn(jsonOf(response)))])];
}

function sentBody({ request }: Exchange): Json | undefined {
  const { body } = request;
  if (body === undefined) return undefined;
  return parseJson(body) ?? (/^[^\s{]*=/.test(body) ? Object.fromEntries(new URLSearchParams(body)) : undefined);
}

function passwordsIn(body: Json | undefined): string[] {
  if (body === undefined) return [];
  return leaves(body, 500).flatMap(({ name, value }) => (typeof value === 'string' && value !== '' && isPasswordName(name) ? [value] : []));
}
