import { isNode, isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import type { Header } from '../model/http.ts';
import { isObject, type Json } from '../model/json.ts';
import { UserError } from '../model/user-error.ts';
import {
  basicCredential,
  bearerCredential,
  headerCredential,
  noCredential,
  parseCookies,
  placedCredential,
  secretsOf,
} from './credentials.ts';
import type { DeclaredIdentity, DeclaredLogIn, Means, TokenUse } from './declared-identity.ts';
import { didYouMean } from '../model/did-you-mean.ts';
import { withEnvironment, type Environment } from './environment.ts';
import { factsOfToken, factsSent } from './facts.ts';
import { identitiesOfWfc, isWfc } from './wfc.ts';

const text = z.string({ error: 'must be text; put it in quotes' }).min(1, { error: 'must not be empty' });
const json: z.ZodType<Json> = z.json();

function closed<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return `must be a map with ${known.join(', ')}`;
      const [key = ''] = z.array(z.string()).catch([]).parse(issue.keys);
      const meant = didYouMean(key, known);
      return `unknown key "${key}"${meant === undefined ? '' : `; did you mean ${meant}?`} (known: ${known.join(', ')})`;
    },
  });
}

const place = z.enum(['header', 'query', 'cookie'], { error: 'must be header, query or cookie' });
const logIn = closed({
  request: closed({
    method: text.default('POST'),
    path: text.startsWith('/', { error: 'must start with /' }),
    headers: z.record(z.string(), text).optional(),
    json: json.optional(),
    form: z.record(z.string(), text).optional(),
  }),
  extract: closed({
    from: z.enum(['body', 'header', 'cookie'], { error: 'must be body, header or cookie' }),
    pointer: z
      .string()
      .regex(/^(?:\/.*)?$/, { error: 'must be a JSON Pointer such as /access_token' })
      .optional(),
    name: text.optional(),
    prefix: z.string().optional(),
  }).optional(),
  send: closed({ in: place, name: text, prefix: z.string().optional() }).optional(),
  expiresIn: z.number({ error: 'must be a number of seconds' }).positive({ error: 'must be more than 0 seconds' }).optional(),
});
const kinds = ['bearer', 'cookie', 'headers', 'apiKey', 'basic', 'login'] as const;
const entry = closed({
  name: text,
  role: text.optional(),
  tenant: text.optional(),
  bearer: text.optional(),
  cookie: text.optional(),
  headers: z.record(z.string(), text, { error: 'must be a map of header names and values' }).optional(),
  apiKey: closed({ in: place, name: text, value: text }).optional(),
  basic: closed({ username: text, password: text }).optional(),
  login: logIn.optional(),
});
type Entry = z.infer<typeof entry>;
const file = z.array(entry, { error: 'must be a list of identities' }).min(1, { error: 'lists no identity' });

/**
 * Reads a file of identities: ours, or the Web Fuzzing Commons `auth.yaml`. `location` is named in errors.
 * `${NAME}` is taken from `env`. Throws `UserError`; no value of the file is ever part of a message.
 */
export function parseIdentitiesFile(source: string, location: string, env: Environment): DeclaredIdentity[] {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) throw failure(`${location}:${lines.linePos(broken.pos[0]).line}: this is not YAML (${broken.code})`);
  const raw = z.json().safeParse(plainValue(document, location) ?? []);
  if (!raw.success) throw failure(`${location}: must hold plain text, numbers, lists and maps`);
  const value = withEnvironment(raw.data, env, location);
  const identities = isWfc(value) ? identitiesOfWfc(value, location) : identitiesOf(value, location, document, lines);
  refuseDuplicates(identities, location);
  return identities;
}

function plainValue(document: Document, location: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    // The one thing that goes wrong here: aliases that would expand without end.
    throw failure(`${location}: its aliases expand to too much`);
  }
}

function identitiesOf(value: Json, location: string, document: Document, lines: LineCounter): DeclaredIdentity[] {
  const at = (path: readonly PropertyKey[], message: string): UserError => {
    const line = lineOf(document, lines, path);
    const where = isObject(value) || path.length === 0 ? '' : ` ${describePath(path, value)}`;
    return failure(`${location}${line === undefined ? '' : `:${line}`}:${where} ${message}`);
  };
  const parsed = file.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    throw at([...(issue?.path ?? []), ...key], issue?.message ?? 'cannot be read');
  }
  return parsed.data.map((item, index) => {
    const given = kinds.filter((kind) => item[kind] !== undefined);
    if (given.length !== 1) {
      const found = given.length === 0 ? 'has none' : `has ${given.join(' and ')}`;
      throw at([index], `needs exactly one of ${kinds.join(', ')}; it ${found}`);
    }
    return declaredOf(item, (path, message) => at([index, ...path], message));
  });
}

type Complain = (path: readonly PropertyKey[], message: string) => UserError;

function declaredOf(item: Entry, complain: Complain): DeclaredIdentity {
  const { name, role, tenant } = item;
  const base = { name, ...(role === undefined ? {} : { role }), ...(tenant === undefined ? {} : { tenant }), source: 'file' as const };
  if (item.login) {
    const { json: body, form } = item.login.request;
    return { ...base, facts: factsSent(body ?? form), means: { kind: 'log-in', logIn: logInOf(item.login, complain) } };
  }
  if (item.bearer !== undefined) return { ...base, facts: factsOfToken(item.bearer), means: fixed(bearerCredential(item.bearer)) };
  if (item.basic) {
    const { username, password } = item.basic;
    return { ...base, facts: { username }, means: fixed(basicCredential(username, password), [password]) };
  }
  if (item.apiKey)
    return { ...base, facts: {}, means: fixed(placedCredential(item.apiKey.value, { ...item.apiKey, before: '', after: '' })) };
  if (item.headers) return { ...base, facts: {}, means: fixed(headerCredential(Object.entries(item.headers))) };
  const cookies = parseCookies(item.cookie ?? '');
  if (cookies.length === 0) throw complain(['cookie'], 'must look like "name=value; other=value"');
  return { ...base, facts: {}, means: fixed({ ...noCredential, cookies }) };
}

/** Means with a credential that stays as it is. */
export function fixed(credential: Parameters<typeof secretsOf>[0], secrets: readonly string[] = []): Means {
  return { kind: 'fixed', credential, secrets: [...new Set([...secretsOf(credential), ...secrets])] };
}

function logInOf(declared: NonNullable<Entry['login']>, complain: Complain): DeclaredLogIn {
  const { request, extract, send, expiresIn } = declared;
  if (request.json !== undefined && request.form) throw complain(['login', 'request'], 'takes json or form, not both');
  const headers: Header[] = [['Accept', 'application/json, */*;q=0.5'], ...Object.entries(request.headers ?? {})];
  const value = request.json ?? request.form;
  const mediaType = request.form ? 'application/x-www-form-urlencoded' : 'application/json';
  return {
    method: request.method.toUpperCase(),
    path: request.path,
    headers,
    ...(value === undefined ? {} : { body: { kind: 'structured', mediaType, value } }),
    use: useOf(extract, send, expiresIn, complain),
  };
}

function useOf(
  extract: NonNullable<Entry['login']>['extract'],
  send: NonNullable<Entry['login']>['send'],
  expiresIn: number | undefined,
  complain: Complain,
): TokenUse {
  const lifetime = expiresIn === undefined ? {} : { expiresIn };
  if (!extract) {
    if (send) throw complain(['login', 'send'], 'needs extract, which says where the token stands in the answer');
    return { keepCookies: true, also: [], ...lifetime };
  }
  const { from, pointer, name } = extract;
  const prefix = extract.prefix === undefined ? {} : { prefix: extract.prefix };
  const placement = send
    ? { in: send.in, name: send.name, before: send.prefix ?? '', after: '' }
    : from === 'cookie' && name !== undefined
      ? { in: 'cookie' as const, name, before: '', after: '' }
      : { in: 'header' as const, name: 'Authorization', before: 'Bearer ', after: '' };
  const keepCookies = placement.in === 'cookie';
  if (from === 'body') {
    if (pointer === undefined) throw complain(['login', 'extract'], 'from body needs pointer, a JSON Pointer such as /access_token');
    return { token: { extract: { from, pointer, ...prefix }, send: placement }, keepCookies, also: [], ...lifetime };
  }
  if (name === undefined) throw complain(['login', 'extract'], `from ${from} needs name`);
  return { token: { extract: { from, name, ...prefix }, send: placement }, keepCookies, also: [], ...lifetime };
}

function refuseDuplicates(identities: readonly DeclaredIdentity[], location: string): void {
  const seen = new Set<string>();
  for (const { name } of identities) {
    if (seen.has(name)) throw failure(`${location}: two identities are called "${name}"`);
    seen.add(name);
  }
}

function failure(message: string): UserError {
  return new UserError('identities-invalid', message, { hint: `Each identity is a map with a name and one of ${kinds.join(', ')}.` });
}

function describePath(path: readonly PropertyKey[], value: Json): string {
  const [index, ...rest] = path;
  const item = Array.isArray(value) && typeof index === 'number' ? (value as readonly Json[])[index] : undefined;
  const named = isObject(item) && typeof item['name'] === 'string' ? `identity "${item['name']}"` : `identity ${Number(index) + 1}`;
  return rest.length === 0 ? named : `${named}, ${rest.map(String).join('.')}:`;
}

function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const upto = path.slice(0, length);
    const last = upto.at(-1);
    const above = length === 0 ? undefined : document.getIn(upto.slice(0, -1), true);
    const key = isMap(above) ? above.items.find((pair) => isScalar(pair.key) && pair.key.value === last)?.key : undefined;
    const node = key ?? document.getIn(upto, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}
