import type { ExampleApi, Reply } from '../model/example.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { compile, describe, start } from './example-runtime.ts';
import type { ExampleContext, ExampleNote, ExampleOptions, ExampleRoute, ExampleUser } from './example-types.ts';

export type { ExampleContext, ExampleNote, ExampleOptions, ExampleRoute, ExampleToken, ExampleUser } from './example-types.ts';

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
    reply: ({ body, users, welcome }) => {
      const user = users.find((candidate) => candidate.username === body['username'] && candidate.password === body['password']);
      return user ? welcome(user.username) : { status: 401, body: { error: 'wrong username or password' } };
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
    description: describe(
      options.title,
      routes.filter((route) => !route.undescribed),
      options.scheme,
    ),
    start: (fetch) => start(routes, options, fetch),
    ...(options.identities ? { identities: options.identities } : {}),
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    ...(options.permissions ? { permissions: options.permissions } : {}),
    ...(options.allow ? { allow: options.allow } : {}),
  };
}
