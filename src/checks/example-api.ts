import type { ExampleApi, Reply } from '../model/example.ts';
import { headerOf, type Request } from '../model/http.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../model/json.ts';

/** Someone with an account in an example API. */
export interface ExampleUser {
  readonly id: number;
  readonly username: string;
  email: string;
  password: string;
  admin: boolean;
  readonly extra: Record<string, Json>;
}

/** The objects of example APIs: each belongs to a user. */
export interface ExampleNote {
  readonly id: number;
  readonly owner: string;
  title: string;
  text: string;
  shared: boolean;
}

/** What a route works with. */
export interface ExampleContext {
  /** The caller; `undefined` when anonymous. */
  readonly me: ExampleUser | undefined;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly request: Request;
  readonly users: ExampleUser[];
  readonly notes: ExampleNote[];
  /** The note that the path names by `{id}`. */
  readonly note: ExampleNote | undefined;
}

/** A route: what is described of it, and what it does. */
export interface ExampleRoute {
  readonly reply: (context: ExampleContext) => Reply;
  readonly summary?: string;
  /** Whether the description says that it needs a credential; silent when absent. */
  readonly secured?: boolean;
  /** Names and schemas of the body's properties. */
  readonly body?: Readonly<Record<string, Json>>;
  /** Names and schemas of the answer's properties. */
  readonly returns?: Readonly<Record<string, Json>>;
  readonly query?: readonly string[];
}

export interface ExampleOptions {
  readonly title: string;
  /** `GET /notes/{id}` → route; replaces or adds to the sound ones. `null` removes one. */
  readonly routes?: Readonly<Record<string, ExampleRoute | null>>;
  readonly allow?: 'read' | 'write';
  readonly identities?: ExampleApi['identities'];
  /** People and notes that are there from the start; a person's token is `token-of-<name>`. */
  readonly users?: readonly string[];
  readonly notes?: readonly Omit<ExampleNote, 'id'>[];
  /** Whether a token with this header and signature is taken; the sound rule when absent. */
  readonly verify?: (token: { readonly algorithm: string; readonly signature: string; readonly expected: string }) => boolean;
}

export const text = { type: 'string' } as const;
export const flag = { type: 'boolean' } as const;
export const number = { type: 'integer' } as const;

export const ok = (body: Json): Reply => ({ status: 200, body });
export const created = (body: Json): Reply => ({ status: 201, body });
export const refused: Reply = { status: 401, body: { error: 'log in first' } };
export const forbidden: Reply = { status: 403, body: { error: 'not yours' } };
export const missing: Reply = { status: 404, body: { error: 'not found' } };
export const done: Reply = { status: 204 };

/** A note as answers show it. */
export function shown(note: ExampleNote): JsonObject {
  return { id: note.id, owner: note.owner, title: note.title, text: note.text };
}

const noteBody = { title: text, text };

/** The sound API that examples depart from: people sign up, and read, change and delete their own notes. */
export const soundRoutes: Readonly<Record<string, ExampleRoute>> = {
  'POST /register': {
    summary: 'Register a new account',
    secured: false,
    body: { username: text, email: { type: 'string', format: 'email' }, password: text },
    reply: ({ body, users }) => signUp(users, body, {}),
  },
  'POST /login': {
    summary: 'Log in',
    secured: false,
    body: { username: text, password: text },
    reply: ({ body, users }) => {
      const user = users.find((candidate) => candidate.username === body['username'] && candidate.password === body['password']);
      return user ? ok({ token: tokenFor(user.username) }) : { status: 401, body: { error: 'wrong username or password' } };
    },
  },
  'GET /me': {
    summary: 'The caller',
    secured: true,
    reply: ({ me }) => (me ? ok({ id: me.id, username: me.username, email: me.email, admin: me.admin }) : refused),
  },
  'GET /notes': {
    summary: 'My notes',
    secured: true,
    reply: ({ me, notes }) => (me ? ok(notes.filter((note) => note.owner === me.username).map(shown)) : refused),
  },
  'POST /notes': {
    summary: 'Add a note',
    secured: true,
    body: noteBody,
    reply: ({ me, notes, body }) => {
      if (!me) return refused;
      const note = { id: 101 + notes.length, owner: me.username, title: String(body['title']), text: String(body['text']), shared: false };
      notes.push(note);
      return created(shown(note));
    },
  },
  'GET /notes/{id}': {
    summary: 'A note',
    secured: true,
    reply: ({ me, note }) => (!me ? refused : note?.owner === me.username ? ok(shown(note)) : missing),
  },
  'PUT /notes/{id}': {
    summary: 'Change a note',
    secured: true,
    body: noteBody,
    reply: (context) => change(context, context.note?.owner === context.me?.username),
  },
  'DELETE /notes/{id}': {
    summary: 'Delete a note',
    secured: true,
    reply: (context) => remove(context, context.note?.owner === context.me?.username),
  },
};

/** Signs somebody up with the properties that are theirs to choose, and `extra` ones. */
export function signUp(users: ExampleUser[], body: JsonObject, extra: Partial<Pick<ExampleUser, 'admin' | 'extra'>>): Reply {
  const username = String(body['username']);
  if (body['username'] === undefined || body['password'] === undefined)
    return { status: 400, body: { error: "'username' and 'password' are required" } };
  if (users.some((user) => user.username === username)) return { status: 200, body: { status: 'fail', message: 'User already exists' } };
  users.push({
    id: users.length + 1,
    username,
    email: String(body['email']),
    password: String(body['password']),
    admin: false,
    extra: {},
    ...extra,
  });
  return ok({ status: 'success', message: 'Registered' });
}

/** Changes the note of the path when `allowed`. */
export function change({ me, note, body }: ExampleContext, allowed: boolean): Reply {
  if (!me) return refused;
  if (!note || !allowed) return missing;
  note.title = String(body['title'] ?? note.title);
  note.text = String(body['text'] ?? note.text);
  return ok(shown(note));
}

/** Removes the note of the path when `allowed`. */
export function remove({ me, note, notes }: ExampleContext, allowed: boolean): Reply {
  if (!me) return refused;
  if (!note || !allowed) return missing;
  notes.splice(notes.indexOf(note), 1);
  return done;
}

/** An API for an example, from the sound one and what departs from it. */
export function exampleApi(options: ExampleOptions): ExampleApi {
  const routes = Object.entries({ ...soundRoutes, ...options.routes }).flatMap(([name, route]) => (route ? [compile(name, route)] : []));
  return {
    title: options.title,
    description: describe(options.title, routes),
    start: () => start(routes, options),
    ...(options.identities ? { identities: options.identities } : {}),
    ...(options.allow ? { allow: options.allow } : {}),
  };
}

interface Route extends ExampleRoute {
  readonly method: string;
  readonly template: string;
}

function compile(name: string, route: ExampleRoute): Route {
  const [method = 'GET', template = '/'] = name.split(' ');
  return { ...route, method, template };
}

function start(routes: readonly Route[], options: ExampleOptions): (request: Request) => Reply {
  const users: ExampleUser[] = (options.users ?? []).map((username, index) => ({
    id: index + 1,
    username,
    email: `${username}@example.org`,
    password: `${username}-pass`,
    admin: false,
    extra: {},
  }));
  const notes: ExampleNote[] = (options.notes ?? []).map((note, index) => ({ ...note, id: 11 + index }));
  return (request) => {
    const [path = '', search = ''] = request.path.split('?');
    for (const route of literalFirst(routes)) {
      const values = route.method === request.method ? match(route.template, path) : undefined;
      if (!values) continue;
      const body = parseJson(request.body ?? '');
      const note = notes.find((candidate) => String(candidate.id) === values['id']);
      const me = caller(request, users, options.verify);
      return route.reply({
        me,
        path: values,
        query: new URLSearchParams(search),
        body: isObject(body) ? body : {},
        request,
        users,
        notes,
        note,
      });
    }
    return missing;
  };
}

function literalFirst(routes: readonly Route[]): readonly Route[] {
  return [...routes].sort((left, right) => Number(left.template.includes('{')) - Number(right.template.includes('{')));
}

function match(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith('{')) values[segment.slice(1, -1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return values;
}

const encode = (value: Json): string => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** A token in the shape of a JWT. Its signature is a checksum: enough for an example, useless anywhere else. */
export function tokenFor(username: string): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: username })}`;
  return `${signed}.${signature(signed)}`;
}

function signature(signed: string): string {
  let sum = 0;
  for (const character of signed) sum = (Math.imul(sum, 31) + character.charCodeAt(0)) | 0;
  return encode(`signed ${Math.abs(sum)} by the example`);
}

function caller(request: Request, users: readonly ExampleUser[], verify: ExampleOptions['verify']): ExampleUser | undefined {
  const token = (headerOf(request.headers, 'authorization') ?? '').replace(/^Bearer /, '');
  const lent = /^token-of-(\w+)$/.exec(token)?.[1];
  if (lent !== undefined) return users.find((user) => user.username === lent);
  const [header = '', payload = '', given = ''] = token.split('.');
  const claims = decode(payload);
  const algorithm = decode(header)?.['alg'];
  const expected = signature(`${header}.${payload}`);
  const taken = verify ? verify({ algorithm: String(algorithm), signature: given, expected }) : algorithm === 'HS256' && given === expected;
  return taken ? users.find((user) => user.username === claims?.['sub']) : undefined;
}

function decode(part: string): JsonObject | undefined {
  try {
    const value = parseJson(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function describe(title: string, routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const names = [...route.template.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
    const parameters: Json[] = [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: text })),
      ...(route.query ?? []).map((name) => ({ name, in: 'query', schema: text })),
    ];
    const json = (properties: Readonly<Record<string, Json>>): Json => ({
      'application/json': { schema: { type: 'object', properties: { ...properties } } },
    });
    paths[route.template] = {
      ...paths[route.template],
      [route.method.toLowerCase()]: {
        summary: route.summary ?? '',
        parameters,
        ...(route.secured === undefined ? {} : { security: route.secured ? [{ bearer: [] }] : [] }),
        ...(route.body ? { requestBody: { required: true, content: json(route.body) } } : {}),
        responses: { 200: { description: 'OK', ...(route.returns ? { content: json(route.returns) } : {}) } },
      },
    };
  }
  return {
    openapi: '3.0.3',
    info: { title, version: '1' },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    paths,
  };
}
