import type { Credential } from '../../model/identity.ts';
import { isCredentialHeader, isCredentialQuery } from '../../model/credential-place.ts';
import type { Header } from '../../model/http.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../../model/json.ts';
import type { SecurityScheme } from '../../model/operation.ts';
import { UserError } from '../../model/user-error.ts';
import { lineFinder } from '../lines/line-of.ts';
import { createNotes, type Notes } from '../notes.ts';
import { parseText } from '../parse-text.ts';
import { addKeyValues, namedSegments, type KeyValues } from '../trace/key-values.ts';
import type { Trace, TracedRequest } from '../trace/trace.ts';
import { addressOf } from './address.ts';
import { authOf, type CollectionAuth } from './auth.ts';
import { readBody } from './body.ts';
import { isResolved, openNames, substitution, variablesIn, type Substitute, type Variables } from './variables.ts';

/** A collection read: its requests, and the credential that most of them are sent with. */
export interface Collection {
  readonly trace: Trace;
  readonly credential?: Credential;
}

/** True for a parsed Postman collection of any version. */
export function isCollection(value: Json | undefined): boolean {
  if (!isObject(value)) return false;
  if (isObject(value['collection'])) return isCollection(value['collection']);
  const { info } = value;
  if (isObject(info) && (info['_postman_id'] !== undefined || String(info['schema'] ?? '').includes('getpostman.com'))) return true;
  return Array.isArray(value['requests']) && typeof value['name'] === 'string' && value['order'] !== undefined;
}

/** Reads a collection of version 2.0 or 2.1. Throws `UserError` for another version, and for one without a request. */
export function readCollection(text: string, location: string, environment: Variables = new Map()): Collection {
  const { value } = parseText(text, location);
  const whole = isObject(value) ? value : {};
  // As its own API gives it out, a collection is wrapped once more.
  const [root, base] = isObject(whole['collection']) ? [whole['collection'], '/collection'] : [whole, ''];
  if (!Array.isArray(root['item'])) {
    throw new UserError('unsupported-version', `${location} is a Postman collection of another version than 2.0 or 2.1.`, {
      hint: 'Export it again as "Collection v2.1".',
    });
  }
  const walk = createWalk();
  const own = variablesIn(root['variable']);
  const top = substitution(environment, own);
  walk.folder(root['item'] as readonly Json[], {
    pointer: `${base}/item`,
    tags: [],
    lists: [environment, own],
    auth: authOf(root['auth'], top),
  });
  if (walk.requests.length === 0) {
    throw new UserError('no-operations', `${location} holds no request that can be sent over HTTP.`, {
      hint: 'Give a collection with requests; WebSocket requests are not read.',
    });
  }
  const best = [...walk.credentials.values()].toSorted((one, other) => other.count - one.count)[0];
  if (best === undefined) for (const why of walk.whys) walk.notes.add(why);
  const info = isObject(root['info']) ? root['info'] : {};
  const version = /v(2\.\d)/.exec(String(info['schema'] ?? ''))?.[1] ?? '2.1';
  const known = walk.keys;
  return {
    trace: {
      kind: 'postman',
      location,
      dialect: `postman ${version}`,
      ...(typeof info['name'] === 'string' ? { title: info['name'] } : {}),
      requests: walk.requests.map((request) => {
        const named = namedSegments(request.path, known);
        return named === undefined ? request : { ...request, named };
      }),
      securitySchemes: Object.fromEntries(walk.schemes),
      notes: walk.notes.sentences(),
      lineOf: lineFinder(text, 'json'),
    },
    ...(best === undefined ? {} : { credential: best.credential }),
  };
}

interface Around {
  readonly pointer: string;
  readonly tags: readonly string[];
  readonly lists: readonly Variables[];
  readonly auth: CollectionAuth | undefined;
}

interface Walk {
  readonly folder: (items: readonly Json[], around: Around, depth?: number) => void;
  readonly requests: readonly TracedRequest[];
  readonly credentials: ReadonlyMap<string, { readonly credential: Credential; readonly count: number }>;
  readonly schemes: ReadonlyMap<string, SecurityScheme>;
  readonly keys: KeyValues;
  readonly whys: ReadonlySet<string>;
  readonly notes: Notes;
}

function createWalk(): Walk {
  const requests: TracedRequest[] = [];
  const credentials = new Map<string, { credential: Credential; count: number }>();
  const schemes = new Map<string, SecurityScheme>();
  const keys: KeyValues = new Map();
  const whys = new Set<string>();
  const notes = createNotes();

  const learn = (auth: CollectionAuth | undefined): void => {
    if (auth?.scheme) schemes.set(schemeName(auth.scheme), auth.scheme);
    if (auth?.why !== undefined) whys.add(auth.why);
    if (!auth?.credential) return;
    const key = JSON.stringify(auth.credential);
    credentials.set(key, { credential: auth.credential, count: (credentials.get(key)?.count ?? 0) + 1 });
  };
  const request = (item: JsonObject, around: Around, substitute: Substitute): void => {
    const raw = typeof item['request'] === 'string' ? { url: item['request'] } : item['request'];
    if (!isObject(raw)) return;
    const name = typeof item['name'] === 'string' ? item['name'] : '';
    const place = name === '' ? around.pointer : `"${name}"`;
    const address = addressOf(raw['url'], substitute);
    if (address === undefined) return notes.add('Requests without an HTTP address were left out', place);
    for (const variable of address.unresolved) notes.add('Variables of the address have no value; the requests go to the target', variable);
    const headers = headersOf(raw['header'], substitute);
    const body = readBody(raw['body'], headers.find(([header]) => /^content-type$/i.test(header))?.[1], substitute);
    if (body.kind === 'unreadable') notes.add('Bodies that are neither JSON nor a form were left out', place);
    const auth = authOf(raw['auth'], substitute) ?? around.auth;
    const written = writtenCredential(headers, address.query);
    learn(written ?? auth);
    for (const answer of answersOf(item)) addKeyValues(keys, answer);
    const isOpen = auth !== undefined && Object.keys(auth).length === 0 && written === undefined;
    requests.push({
      method: typeof raw['method'] === 'string' && raw['method'] !== '' ? raw['method'].toUpperCase() : 'GET',
      origin: address.origin,
      path: address.path,
      slots: address.slots,
      query: address.query.filter(([parameter]) => !isCredentialQuery(parameter)),
      headers: headers
        .filter(([header]) => /^x-/i.test(header) && !isCredentialHeader(header))
        .map(([header, value]) => [header, isResolved(value) ? value : '']),
      ...(body.kind === 'body' ? { body: body.body } : {}),
      ...(body.kind === 'graphql' ? { graphql: [] } : {}),
      ...(isOpen ? { open: true } : {}),
      ...(name === '' ? {} : { summary: name }),
      tags: around.tags,
      pointer: around.pointer,
    });
  };
  const folder = (items: readonly Json[], around: Around, depth = 0): void => {
    items.forEach((item, index) => {
      if (!isObject(item) || depth > 50) return;
      const lists = [...around.lists, variablesIn(item['variable'])];
      const substitute = substitution(...lists);
      const pointer = `${around.pointer}/${index}`;
      if (!Array.isArray(item['item'])) return request(item, { ...around, pointer }, substitute);
      const tags = typeof item['name'] === 'string' ? [...around.tags, item['name']] : around.tags;
      const auth = authOf(item['auth'], substitute) ?? around.auth;
      folder(item['item'] as readonly Json[], { pointer: `${pointer}/item`, tags, lists, auth }, depth + 1);
    });
  };
  return { folder, requests, credentials, schemes, keys, whys, notes };
}

function schemeName(scheme: SecurityScheme): string {
  return scheme.kind === 'http' ? scheme.scheme : scheme.kind === 'apiKey' ? scheme.name : scheme.kind;
}

function headersOf(raw: Json | undefined, substitute: Substitute): Header[] {
  const list = Array.isArray(raw) ? (raw as readonly Json[]) : [];
  return list.flatMap((item): Header[] => {
    if (!isObject(item) || item['disabled'] === true || typeof item['key'] !== 'string') return [];
    return [[substitute(item['key']), typeof item['value'] === 'string' ? substitute(item['value']) : '']];
  });
}

/** A credential that is written into the request itself, beside `auth`. */
function writtenCredential(headers: readonly Header[], query: readonly (readonly [string, string])[]): CollectionAuth | undefined {
  const header = headers.find(([name]) => isCredentialHeader(name));
  const key = query.find(([name]) => isCredentialQuery(name));
  if (header === undefined && key === undefined) return undefined;
  const [name, value] = header ?? key ?? ['', ''];
  const word = /^(bearer|basic)\s/i.exec(value)?.[1]?.toLowerCase();
  const scheme: SecurityScheme =
    word === undefined ? { kind: 'apiKey', in: header ? 'header' : 'query', name } : { kind: 'http', scheme: word };
  const open = openNames(value);
  if (value === '' || open.length > 0) return { scheme, why: 'The credential of the collection is a variable without a value' };
  return { scheme, credential: { headers: header ? [[name, value]] : [], cookies: [], query: header ? [] : [[name, value]] } };
}

/** The saved answers of a request: they tell which values are ids. */
function answersOf(item: JsonObject): (Json | undefined)[] {
  const saved = Array.isArray(item['response']) ? (item['response'] as readonly Json[]) : [];
  return saved.map((answer) => (isObject(answer) && typeof answer['body'] === 'string' ? parseJson(answer['body']) : undefined));
}
