import { isTenantHeader } from '../model/credential-place.ts';
import { headersOf, type Header, type Request } from '../model/http.ts';
import type { Credential } from '../model/identity.ts';
import { parseCookies } from './credentials.ts';

/**
 * The request with a credential added: headers, cookies and query parameters of the same name are replaced,
 * cookies end up in one `Cookie` header, the rest of the request-target stays byte for byte.
 */
export function applyCredential(request: Request, credential: Credential): Request {
  return { ...request, path: withQuery(request.path, credential.query), headers: withHeaders(request.headers, credential) };
}

function withHeaders(headers: readonly Header[], credential: Credential): readonly Header[] {
  const asked = new Set(headers.filter(([name]) => isTenantHeader(name)).map(([name]) => name.toLowerCase()));
  return asked.size === 0 ? merged(headers, credential) : merged(headers, without(credential, asked));
}

/** A request that says in which tenant it is meant is not sent in another. */
function without(credential: Credential, names: ReadonlySet<string>): Credential {
  return { ...credential, headers: credential.headers.filter(([name]) => !names.has(name.toLowerCase())) };
}

function merged(headers: readonly Header[], credential: Credential): readonly Header[] {
  const replaced = new Set(credential.headers.map(([name]) => name.toLowerCase()));
  const kept = headers.filter(([name]) => !replaced.has(name.toLowerCase()));
  if (credential.cookies.length === 0) return [...kept, ...credential.headers];
  const sent = headersOf([...kept, ...credential.headers], 'cookie').flatMap(parseCookies);
  const jar = new Map([...sent, ...credential.cookies]);
  const isCookie = ([name]: Header): boolean => name.toLowerCase() === 'cookie';
  const cookie: Header = ['Cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; ')];
  return [...kept.filter((header) => !isCookie(header)), ...credential.headers.filter((header) => !isCookie(header)), cookie];
}

function withQuery(path: string, added: Credential['query']): string {
  if (added.length === 0) return path;
  const mark = path.indexOf('?');
  const names = new Set(added.map(([name]) => name));
  const pairs = mark < 0 ? [] : path.slice(mark + 1).split('&');
  const kept = pairs.filter((pair) => pair !== '' && !names.has(decoded(pair.split('=', 1)[0] ?? '')));
  const fresh = added.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `${mark < 0 ? path : path.slice(0, mark)}?${[...kept, ...fresh].join('&')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
