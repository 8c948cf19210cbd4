import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from './context.ts';
import { isList, listAt, objectAt, textAt, textsAt } from './raw.ts';

/** Where operations are sent to. */
export interface Base {
  readonly origin: string;
  /** Without a slash at its end; empty for the root. */
  readonly path: string;
}

/** What the user said about the target. */
export interface Wanted {
  /** Wins over every server that the description names. */
  readonly origin?: string;
  /** Path of the URL that the user gave: the base path where the description has no say. */
  readonly path?: string;
}

interface Candidate {
  readonly origin?: string;
  readonly path: string;
}

/** The base of the whole document. Throws `target-unknown` when neither the user nor the description names a host. */
export function documentBase(context: Context, wanted: Wanted): Base {
  const urls = context.dialect === 'swagger' ? swaggerUrls(context, wanted) : serverUrls(listAt(context.root, 'servers'));
  const candidates = urls.flatMap((url) => candidateOf(url, context));
  const fallback = originOf(context.location);
  const origin = wanted.origin ?? candidates.find((candidate) => candidate.origin !== undefined)?.origin ?? fallback;
  if (origin === undefined) {
    throw new UserError('target-unknown', `${context.location} does not say where the API runs.`, {
      hint: 'Give the URL of the API as well: middlebrick scan http://localhost:5000 --spec FILE.',
    });
  }
  if (candidates.length === 0) return { origin, path: trimmed(wanted.path ?? '') };
  const chosen = choose(candidates, origin, wanted.path);
  if (chosen.origin !== undefined && chosen.origin !== origin) {
    context.notes.add(`Requests go to ${origin}, not to the server that the description names`, chosen.origin);
  }
  return { origin, path: chosen.path };
}

/** The base path of a path item or operation with `servers` of its own; `undefined` when it has none. */
export function ownBasePath(raw: JsonObject, base: Base, context: Context): string | undefined {
  const candidates = serverUrls(listAt(raw, 'servers')).flatMap((url) => candidateOf(url, context));
  if (candidates.length === 0) return undefined;
  const chosen = choose(candidates, base.origin, undefined);
  if (chosen.origin !== undefined && chosen.origin !== base.origin) {
    context.notes.add(`Requests for some operations go to ${base.origin}, not to their own server`, chosen.origin);
  }
  return chosen.path;
}

/** The same origin before a relative server before a foreign one; among those, the one that the user's path begins with. */
function choose(candidates: readonly Candidate[], origin: string, path: string | undefined): Candidate {
  const same = candidates.filter((candidate) => candidate.origin === origin);
  const relative = candidates.filter((candidate) => candidate.origin === undefined);
  const pool = [same, relative, candidates].find((group) => group.length > 0) ?? candidates;
  const fitting = pool.filter((candidate) => candidate.path !== '' && `${path ?? ''}/`.startsWith(`${candidate.path}/`));
  const longest = [...fitting].sort((one, other) => other.path.length - one.path.length)[0];
  return longest ?? pool[0] ?? { path: '' };
}

function swaggerUrls({ root, location }: Context, wanted: Wanted): string[] {
  const path = `/${(textAt(root, 'basePath') ?? '').replace(/^\/+/, '')}`;
  const host = textAt(root, 'host');
  if (host === undefined) return root['basePath'] === undefined ? [] : [path];
  const schemes: readonly string[] = textsAt(root, 'schemes').filter((scheme) => scheme === 'https' || scheme === 'http');
  const preferred = [wanted.origin, originOf(location)].flatMap((origin) => (origin === undefined ? [] : [origin.split(':')[0] ?? '']));
  const scheme = preferred.find((name) => schemes.length === 0 || schemes.includes(name)) ?? schemes.find((name) => name === 'https');
  return [`${scheme ?? schemes[0] ?? 'https'}://${host.replace(/^\w+:\/\//, '').replace(/\/.*$/, '')}${path}`];
}

function serverUrls(servers: readonly Json[]): string[] {
  return servers.flatMap((server) => {
    if (!isObject(server) || typeof server['url'] !== 'string') return [];
    const variables = objectAt(server, 'variables');
    const url = server['url'].trim().replaceAll(/\{([^{}]*)\}/g, (_, name: string) => variableValue(variables, name));
    // Read by the letter an empty URL is the address of the document itself; those who write it mean the root.
    return [url === '' ? '/' : url];
  });
}

function variableValue(variables: JsonObject, name: string): string {
  const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (!isObject(variable)) return '';
  const values = isList(variable['enum']) ? variable['enum'] : [];
  const value = [variable['default'], ...values].find((item) => typeof item === 'string' || typeof item === 'number');
  return value === undefined ? '' : String(value);
}

/** A server's URL; relative ones are read against the document's own URL. Nothing when it makes no sense. */
function candidateOf(url: string, { location, notes }: Context): Candidate[] {
  const hasHost = /^(?:https?:)?\/\//i.test(url);
  const bareHost = !hasHost && /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/|$)/.test(url);
  const root = isWeb(location) ? location : 'http://relative.invalid/';
  try {
    if (/^\w+:\/\//.test(url) && !hasHost) throw new Error('another protocol');
    const parsed = new URL(bareHost ? `https://${url}` : url, root);
    const path = trimmed(parsed.pathname);
    return [hasHost || bareHost ? { origin: parsed.origin, path } : { path }];
  } catch {
    notes.add('Left out servers whose URL makes no sense for HTTP', url);
    return [];
  }
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '');
}

export function isWeb(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

function originOf(location: string): string | undefined {
  return isWeb(location) && URL.canParse(location) ? new URL(location).origin : undefined;
}
