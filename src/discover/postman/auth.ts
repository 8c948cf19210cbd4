import type { Credential } from '../../model/identity.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { SecurityScheme } from '../../model/operation.ts';
import { isResolved, type Substitute } from './variables.ts';

/** What an `auth` of a collection comes to. */
export interface CollectionAuth {
  readonly scheme?: SecurityScheme;
  /** Present when every variable in it has a value. */
  readonly credential?: Credential;
  /** Why there is no credential, as the beginning of a sentence. */
  readonly why?: string;
}

const nothing: Credential = { headers: [], cookies: [], query: [] };

/** Reads `auth`, version 2.0 (a map) or 2.1 (a list of keys). `undefined` where it is inherited; an empty one for `noauth`. */
export function authOf(raw: Json | undefined, substitute: Substitute): CollectionAuth | undefined {
  if (!isObject(raw) || typeof raw['type'] !== 'string') return undefined;
  const { type } = raw;
  const read = (name: string): string => substitute(attribute(raw, type, name));
  switch (type) {
    case 'noauth':
      return {};
    case 'bearer':
      return withHeader({ kind: 'http', scheme: 'bearer' }, 'Authorization', [read('token')], ([token]) => `Bearer ${token}`);
    case 'oauth2':
      return withHeader({ kind: 'http', scheme: 'bearer' }, 'Authorization', [read('accessToken')], ([token]) => `Bearer ${token}`);
    case 'basic':
      return withHeader(
        { kind: 'http', scheme: 'basic' },
        'Authorization',
        [read('username'), read('password')],
        ([username, password]) => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      );
    case 'apikey':
      return apiKey(read('key'), read('value'), read('in'));
    default:
      return { why: `The collection logs in by ${type}, which cannot be done here` };
  }
}

function apiKey(name: string, value: string, place: string): CollectionAuth {
  if (name === '' || !isResolved(name)) return { why: unresolved };
  if (place !== 'query') return withHeader({ kind: 'apiKey', in: 'header', name }, name, [value], ([key]) => key ?? '');
  const scheme = { kind: 'apiKey', in: 'query', name } as const;
  return value === '' || !isResolved(value) ? { scheme, why: unresolved } : { scheme, credential: { ...nothing, query: [[name, value]] } };
}

const unresolved = 'The credential of the collection is a variable without a value';

function withHeader(
  scheme: SecurityScheme,
  name: string,
  parts: readonly string[],
  write: (parts: readonly string[]) => string,
): CollectionAuth {
  if (parts.some((part) => part === '' || !isResolved(part))) return { scheme, why: unresolved };
  return { scheme, credential: { ...nothing, headers: [[name, write(parts)]] } };
}

function attribute(raw: JsonObject, type: string, name: string): string {
  const values = raw[type];
  const value = Array.isArray(values)
    ? (values as readonly Json[]).find((item): item is JsonObject => isObject(item) && item['key'] === name)?.['value']
    : isObject(values)
      ? values[name]
      : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
