import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Substitute } from './variables.ts';
import { isResolved, openNames } from './variables.ts';

/** Where a request of a collection goes. */
export interface Address {
  /** '' when the host is a variable without a value. */
  readonly origin: string;
  /** With `{name}` for each variable of the path. */
  readonly path: string;
  readonly slots: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Variables of the host without a value. */
  readonly unresolved: readonly string[];
}

/** Reads `url`: a text, or its parts. `undefined` when there is no address in it. */
export function addressOf(raw: Json | undefined, substitute: Substitute): Address | undefined {
  const text = rawText(raw);
  if (text === undefined || text.trim() === '') return undefined;
  const [beforeHash = ''] = text.trim().split('#', 1);
  const at = beforeHash.indexOf('?');
  const [location, search] = at === -1 ? [beforeHash, ''] : [beforeHash.slice(0, at), beforeHash.slice(at + 1)];
  // Variables of the path become parameters, so only the host is filled in here.
  const { host, path } = splitHost(location, substitute);
  const origin = originOf(host);
  if (origin === undefined) return undefined;
  const values = pathValues(raw, substitute);
  const slots: Record<string, string> = {};
  const segments = path.split('/').map((segment) => templated(segment, slots, values, substitute));
  const query =
    isObject(raw) && Array.isArray(raw['query'])
      ? listedQuery(raw['query'] as readonly Json[], substitute)
      : writtenQuery(search, substitute);
  return { origin, path: segments.join('/'), slots, query, unresolved: origin === '' ? openNames(host) : [] };
}

function rawText(raw: Json | undefined): string | undefined {
  if (typeof raw === 'string') return raw;
  if (!isObject(raw)) return undefined;
  if (typeof raw['raw'] === 'string' && raw['raw'] !== '') return raw['raw'];
  const host = joined(raw['host'], '.');
  if (host === undefined) return undefined;
  const protocol = typeof raw['protocol'] === 'string' ? `${raw['protocol']}://` : '';
  const port = typeof raw['port'] === 'string' && raw['port'] !== '' ? `:${raw['port']}` : '';
  return `${protocol}${host}${port}/${joined(raw['path'], '/') ?? ''}`;
}

function joined(raw: Json | undefined, separator: string): string | undefined {
  if (typeof raw === 'string') return raw;
  if (!Array.isArray(raw)) return undefined;
  const parts = (raw as readonly Json[]).map((part) => (isObject(part) ? String(part['value'] ?? '') : String(part)));
  return parts.join(separator);
}

/** The host filled in, with a base path that its variable may hold, and the path as written. */
function splitHost(location: string, substitute: Substitute): { host: string; path: string } {
  const [, scheme = '', authority = '', path = ''] = /^([^/]*?:\/\/)?([^/]*)(.*)$/s.exec(location) ?? [];
  const host = substitute(scheme + authority);
  const inside = /^([a-z][\w+.-]*:\/\/)?([^/]*)(\/.*)?$/is.exec(host);
  const [, innerScheme = '', innerHost = host, base = ''] = inside ?? [];
  const whole = `${base.replace(/\/+$/, '')}${path}`;
  return { host: innerScheme + innerHost, path: whole.startsWith('/') ? whole : `/${whole}` };
}

function originOf(host: string): string | undefined {
  if (!isResolved(host)) return '';
  const full = /^[a-z][\w+.-]*:\/\//i.test(host) ? host : `http://${host}`;
  return URL.canParse(full) && /^https?:/i.test(full) ? new URL(full).origin : undefined;
}

/** `:id` and `{{id}}` become `{id}`; variables inside of a segment are filled in where they can be. */
function templated(segment: string, slots: Record<string, string>, values: ReadonlyMap<string, string>, substitute: Substitute): string {
  const name = /^:([A-Za-z_][\w.-]*)$/.exec(segment)?.[1] ?? /^\{\{\s*([^{}]+?)\s*\}\}$/.exec(segment)?.[1];
  if (name === undefined) return substitute(segment).replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, open: string) => `{${plainSlot(open)}}`);
  const slot = plainSlot(name);
  const value = segment.startsWith(':') ? values.get(name) : substitute(segment);
  // A version or a prefix kept in a variable is part of the path.
  if (value !== undefined && /^(?:api|rest|v\d+)(?:\/|$)/i.test(value) && !segment.startsWith(':')) return value;
  if (value !== undefined && value !== '' && isResolved(value)) slots[slot] = value;
  return `{${slot}}`;
}

function plainSlot(name: string): string {
  return name.replaceAll(/[^\w]/g, '') || 'id';
}

function pathValues(raw: Json | undefined, substitute: Substitute): ReadonlyMap<string, string> {
  const list = isObject(raw) && Array.isArray(raw['variable']) ? (raw['variable'] as readonly Json[]) : [];
  return new Map(
    list.filter(isObject).flatMap((item): [string, string][] => {
      const { key, value } = item;
      return typeof key === 'string' && (typeof value === 'string' || typeof value === 'number') ? [[key, substitute(String(value))]] : [];
    }),
  );
}

function listedQuery(list: readonly Json[], substitute: Substitute): (readonly [string, string])[] {
  const enabled = list.filter((item): item is JsonObject => isObject(item) && item['disabled'] !== true);
  return enabled.flatMap((item): (readonly [string, string])[] => {
    const name = typeof item['key'] === 'string' ? substitute(item['key']) : '';
    return name === '' ? [] : [[name, known(typeof item['value'] === 'string' ? substitute(item['value']) : '')]];
  });
}

function writtenQuery(search: string, substitute: Substitute): (readonly [string, string])[] {
  const pairs = search.split('&').flatMap((pair) => (pair === '' ? [] : [pair]));
  return pairs.map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    return [substitute(name), known(substitute(rest.join('=')))];
  });
}

function known(value: string): string {
  return isResolved(value) ? value : '';
}
