import { meaningOf } from '../model/answer.ts';
import { headerOf, jsonOf, type Answer, type Response } from '../model/http.ts';
import type { Credential, Unusable } from '../model/identity.ts';
import { atPointer, leaves } from '../model/json.ts';
import {
  claimsOf,
  headerCredential,
  joinCredentials,
  noCredential,
  placedCredential,
  secretsIn,
  secretsOf,
  setCookiesOf,
} from './credentials.ts';
import type { Extraction, TokenUse } from './declared-identity.ts';
import { factsIn, factsOfToken } from './facts.ts';
import { lifetimeOf } from './lifetime.ts';

/** What the answer to a log-in gives. */
export interface Grant {
  readonly credential: Credential;
  /** What the answer tells of the account. */
  readonly facts: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** True for the sentence that stands in for a value. */
export function isUnusable(value: object): value is Unusable {
  return 'unusable' in value;
}

/** The credential in the answer to a log-in, or a sentence that says what is wrong. `receivedAt`: milliseconds, our clock. */
export function grantOf(answer: Answer, use: TokenUse, receivedAt: number): Grant | Unusable {
  const trouble = troubleWith(answer);
  if (trouble !== undefined) return { unusable: trouble };
  if (answer.kind === 'silence') return { unusable: 'the log-in had no answer' };
  const { response } = answer;
  const cookies = use.keepCookies ? setCookiesOf(response) : [];
  const token = use.token ? extractToken(response, use.token.extract) : undefined;
  if (use.token && token === undefined) return { unusable: missing(response, use.token.extract) };
  if (!use.token && cookies.length === 0) return { unusable: `the log-in answered ${response.status}, but sets no cookie` };
  const placed = use.token && token !== undefined ? placedCredential(token, use.token.send) : noCredential;
  const jar = cookies.filter(({ name }) => !placed.cookies.some(([taken]) => taken === name));
  const credential = joinCredentials(headerCredential(use.also), placed, {
    ...headerCredential(crossSiteHeaders(jar)),
    cookies: jar.map(({ name, value }) => [name, value]),
  });
  const seconds = lifetimeOf(response, token, use.expiresIn);
  return {
    credential: seconds === undefined ? credential : { ...credential, expiresAt: receivedAt + seconds * 1000 },
    facts: { ...factsOfToken(token ?? jar.find(({ value }) => claimsOf(value))?.value ?? ''), ...factsIn(jsonOf(response)) },
    secrets: [...secretsOf(credential), ...(token === undefined ? [] : [token]), ...secretsIn(jsonOf(response))],
  };
}

/** The token at its place in a response, without the text in front of it; `undefined` when there is none. */
export function extractToken(response: Response, extract: Extraction): string | undefined {
  const found = rawToken(response, extract);
  if (found === undefined) return undefined;
  const { prefix = '' } = extract;
  const bare = found.startsWith(prefix) ? found.slice(prefix.length) : found;
  return bare === '' ? undefined : bare;
}

function rawToken(response: Response, extract: Extraction): string | undefined {
  if (extract.from === 'body') return bodyToken(response, extract.pointer);
  if (extract.from === 'header') return headerOf(response.headers, extract.name)?.trim();
  return setCookiesOf(response).find(({ name }) => name === extract.name)?.value;
}

function bodyToken(response: Response, pointer: string): string | undefined {
  const json = jsonOf(response);
  if (json === undefined) return pointer === '' ? response.body.trim() : undefined;
  const value = atPointer(json, pointer);
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : undefined;
}

function troubleWith(answer: Answer): string | undefined {
  if (answer.kind === 'silence') return `the log-in had no answer: ${answer.message}`;
  const { status } = answer.response;
  const meaning = meaningOf(answer);
  if (meaning === 'served') return undefined;
  // A form log-in that succeeds sends the browser on and sets the session.
  if (status >= 300 && status < 400 && meaning !== 'refused' && setCookiesOf(answer.response).length > 0) return undefined;
  const said = `the log-in answered ${status}`;
  if (meaning === 'refused') return `${said}; are the user name and the password right?`;
  if (meaning === 'absent') return `${said}; is its path right, and does the account exist?`;
  if (meaning === 'rejected') return `${said}; is the request what the target expects?`;
  return meaning === 'busy' ? `${said}; the target is busy` : `${said}; the target failed`;
}

// Names of places only: the values may be secrets.
function missing(response: Response, extract: Extraction): string {
  const said = `the log-in answered ${response.status}, but`;
  if (extract.from !== 'body') return `${said} has no ${extract.from} ${extract.name}`;
  const json = jsonOf(response);
  if (json === undefined) return `${said} its body is not JSON`;
  const texts = leaves(json, 200).filter((leaf) => typeof leaf.value === 'string');
  const where = texts.slice(0, 8).map((leaf) => leaf.pointer || "''");
  const others = where.length === 0 ? 'no text values' : `text at ${where.join(', ')}`;
  return `${said} has nothing at ${extract.pointer || "''"}; it has ${others}`;
}

const crossSite: Readonly<Record<string, string>> = {
  csrf_access_token: 'X-CSRF-TOKEN',
  csrftoken: 'X-CSRFToken',
  'xsrf-token': 'X-XSRF-TOKEN',
};

// Frameworks that check a request by a cookie repeated in a header would refuse every write otherwise.
function crossSiteHeaders(jar: readonly { name: string; value: string }[]): (readonly [string, string])[] {
  return jar.flatMap(({ name, value }) => {
    const header = crossSite[name.toLowerCase()];
    return header === undefined ? [] : [[header, value] as const];
  });
}
