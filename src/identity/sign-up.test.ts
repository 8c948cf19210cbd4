import { describe, expect, it } from 'vitest';
import { parseJson, type Json } from '../model/json.ts';
import type { Operation, SecurityScheme, Surface } from '../model/operation.ts';
import { proveIdentities } from './prove.ts';
import { sendAs } from './send-as.ts';
import { signUpAccounts } from './sign-up.ts';
import {
  bearerScheme,
  jwt,
  operation,
  secured,
  shape,
  surface,
  target,
  tokenOf,
  type Seen,
  type Target,
  type Told,
} from './target.fixture.ts';

const now = (): number => 1_000_000;
const me = operation('GET', '/me');

async function enrol(described: Surface, { send }: Target) {
  const made = await signUpAccounts({ surface: described, send, now, token: tokenOf, names: ['alice', 'bob'] });
  const sessions = new Map(made.sessions.map((session) => [session.identity.name, session]));
  const proofs = await proveIdentities({
    surface: described,
    sessions,
    sendAs: sendAs({ sessions, send, now }),
    authOperations: made.authOperations,
  });
  return { ...made, proofs, usable: proofs.filter(({ usable }) => usable).map(({ identity }) => identity) };
}

interface Flavour {
  readonly title: string;
  readonly operations: readonly Operation[];
  readonly schemes?: Readonly<Record<string, SecurityScheme>>;
  /** The name that a sign-up gives, or why it is refused. */
  readonly register: (seen: Seen) => { name: string; password: string } | Told;
  readonly registered?: (token: string) => Told;
  readonly logIn?: (seen: Seen) => { name: string; password: string; told: (token: string) => Told } | Told;
  readonly holder: (seen: Seen) => string | undefined;
}

// A target that keeps passwords by name and gives each account one token.
function serve(flavour: Flavour): Target {
  const passwords = new Map<string, string>();
  const tokens = new Map<string, string>();
  const mint = (name: string): string => {
    const token = `tok-${tokenOf(name)}-${tokens.size}`;
    tokens.set(token, name);
    return token;
  };
  return target((seen) => {
    if (seen.id === 'GET /me') {
      const name = tokens.get(flavour.holder(seen) ?? '');
      return name === undefined ? { status: 401, json: { message: 'no' } } : { status: 200, json: { name } };
    }
    if (seen.id === `POST ${flavour.operations[0]?.path}`) {
      const asked = flavour.register(seen);
      if ('status' in asked) return asked;
      if (passwords.has(asked.name)) return { status: 200, json: { message: 'User already exists. Please log in.' } };
      passwords.set(asked.name, asked.password);
      return flavour.registered?.(mint(asked.name)) ?? { status: 201, json: { message: 'created' } };
    }
    const asked = flavour.logIn?.(seen);
    if (!asked) return { status: 404, json: { error: 'not found' } };
    if ('status' in asked) return asked;
    if (passwords.get(asked.name) !== asked.password) return { status: 401, json: { message: 'wrong' } };
    return asked.told(mint(asked.name));
  });
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const bearer = ({ headers }: Seen): string | undefined => /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1];
const plainBody = ({ json }: Seen) => ({ name: text(json['username']), password: text(json['password']) });
const fault = (message: string, status = 400): Told => ({ status, json: { message } });
const account = shape({ username: {}, email: { format: 'email' }, password: {} });
const credentials = shape({ username: {}, password: {} });

const flavours: readonly Flavour[] = [
  {
    title: 'JSON, bearer token nested in the log-in answer',
    operations: [
      operation('POST', '/users/v1/register', { body: account }),
      operation('POST', '/users/v1/login', { body: credentials }),
      me,
    ],
    schemes: bearerScheme,
    register: plainBody,
    logIn: (seen) => ({ ...plainBody(seen), told: (token) => ({ status: 200, json: { data: { auth_token: token } } }) }),
    holder: bearer,
  },
  {
    title: 'nested user bodies, token in the sign-up answer, sent as "Token …"',
    operations: [
      operation('POST', '/api/users', {
        body: shape({ user: shape({ username: {}, email: {}, password: {} }) }, []),
        summary: 'Register a new user',
      }),
      operation('POST', '/api/users/login', { body: shape({ user: shape({ email: {}, password: {} }) }, []) }),
      me,
    ],
    schemes: { Token: { kind: 'apiKey', in: 'header', name: 'Authorization' } },
    register: ({ json }) => {
      const { user } = json as { user?: { email?: string; password?: string } };
      return { name: user?.email ?? '', password: user?.password ?? '' };
    },
    registered: (token) => ({ status: 200, json: { user: { username: 'x', token } } }),
    logIn: ({ json }) => {
      const { user } = json as { user?: { email?: string; password?: string } };
      return { name: user?.email ?? '', password: user?.password ?? '', told: (token) => ({ status: 200, json: { user: { token } } }) };
    },
    holder: ({ headers }) => /^Token (.+)$/.exec(headers['authorization'] ?? '')?.[1],
  },
  {
    title: 'token in a header of the answer, sent in a header of its own',
    operations: [operation('POST', '/signup', { body: account }), operation('POST', '/signin', { body: credentials }), me],
    register: plainBody,
    logIn: (seen) => ({ ...plainBody(seen), told: (token) => ({ status: 204, headers: [['X-Auth-Token', token]] }) }),
    holder: ({ headers }) => headers['x-auth-token'],
  },
  {
    title: 'cookie session',
    operations: [operation('POST', '/register', { body: account }), operation('POST', '/login', { body: credentials }), me],
    register: plainBody,
    logIn: (seen) => ({
      ...plainBody(seen),
      told: (token) => ({ status: 200, json: { ok: true }, headers: [['Set-Cookie', `session=${token}; Path=/; HttpOnly`]] }),
    }),
    holder: ({ cookies }) => cookies['session'],
  },
  {
    title: 'API key issued at sign-up, sent as the description says',
    operations: [operation('POST', '/register', { body: shape({ name: {}, email: { format: 'email' }, password: {} }) }), me],
    schemes: { key: { kind: 'apiKey', in: 'query', name: 'api_key' } },
    register: ({ json }) => ({ name: text(json['name']), password: text(json['password']) }),
    registered: (token) => ({ status: 201, json: { id: 7, api_key: token } }),
    holder: ({ query }) => query.get('api_key') ?? undefined,
  },
  {
    title: 'OAuth2 password form, whose "username" is the address',
    operations: [
      operation('POST', '/users/', { body: shape({ email: { format: 'email' }, password: {} }), summary: 'Create User' }),
      operation('POST', '/token', {
        body: shape({ grant_type: { pattern: 'password' }, username: {}, password: {}, scope: {} }, ['username', 'password']),
        mediaType: 'application/x-www-form-urlencoded',
      }),
      me,
    ],
    schemes: { oauth: { kind: 'oauth2', tokenUrls: ['token'] } },
    register: ({ json }) => ({ name: text(json['email']), password: text(json['password']) }),
    logIn: ({ form }) => ({
      name: form.get('username') ?? '',
      password: form.get('grant_type') === 'password' ? (form.get('password') ?? '') : '',
      told: (token) => ({ status: 200, json: { access_token: token, token_type: 'bearer' } }),
    }),
    holder: bearer,
  },
  {
    title: 'a description without properties, errors that name the fields one by one',
    operations: [operation('POST', '/auth/register'), operation('POST', '/auth/login'), me],
    register: ({ json }) => {
      if (json['phone'] === undefined) return fault('"phone" is required');
      if (json['first_name'] === undefined)
        return { status: 422, json: { detail: [{ loc: ['body', 'first_name'], msg: 'field required', type: 'missing' }] } };
      if (json['city'] === undefined) return { status: 422, json: { errors: { json: { city: ['Missing data for required field.'] } } } };
      if (json['nick'] === undefined) return fault("'nick' is a required property");
      return { name: text(json['email']), password: text(json['password']) };
    },
    logIn: ({ json }) => {
      if (json['email'] === undefined) return fault('email and password are required');
      return { name: text(json['email']), password: text(json['password']), told: (token) => ({ status: 200, json: { token } }) };
    },
    holder: bearer,
  },
  {
    title: 'a description without properties, forms instead of JSON',
    operations: [operation('POST', '/register'), operation('POST', '/login'), me],
    register: ({ form }) =>
      form.get('username') === null
        ? fault('username and password are required')
        : { name: form.get('username') ?? '', password: form.get('password') ?? '' },
    logIn: ({ form }) => ({
      name: form.get('username') ?? '',
      password: form.get('password') ?? '',
      told: (token) => ({
        status: 302,
        headers: [
          ['Location', '/home'],
          ['Set-Cookie', `sid=${token}`],
        ],
      }),
    }),
    holder: ({ cookies }) => cookies['sid'],
  },
  {
    title: 'a closed body that refuses unknown properties, log-in by e-mail only',
    operations: [
      operation('POST', '/accounts/signup'),
      operation('POST', '/accounts/session', { body: shape({ email: {}, password: {} }) }),
      me,
    ],
    register: ({ json }) =>
      json['username'] === undefined
        ? { name: text(json['email']), password: text(json['password']) }
        : fault("Additional properties are not allowed ('username' was unexpected)"),
    logIn: ({ json }) => ({
      name: text(json['email']),
      password: text(json['password']),
      told: (token) => ({ status: 200, json: { token } }),
    }),
    holder: bearer,
  },
  {
    title: 'log-in by an HTTP basic header, token sent as X-Access-Token',
    operations: [operation('POST', '/register', { body: credentials }), operation('POST', '/login'), me],
    register: plainBody,
    logIn: ({ headers }) => {
      const basic = /^Basic (.+)$/.exec(headers['authorization'] ?? '')?.[1];
      if (basic === undefined) return { status: 401, text: 'Could not verify', headers: [['WWW-Authenticate', 'Basic realm="Login"']] };
      const [name = '', password = ''] = Buffer.from(basic, 'base64').toString().split(':');
      return { name, password, told: (token) => ({ status: 200, json: { token } }) };
    },
    holder: ({ headers }) => headers['x-access-token'],
  },
  {
    title: 'parameters in the query, and a declared scheme that is not the one in use',
    operations: ['/register', '/login']
      .map((path) =>
        operation('POST', path, {
          parameters: ['username', 'password'].map((name) => ({ name, in: 'query', required: true, examples: ['admin'] })),
        }),
      )
      .concat(me),
    schemes: { key: { kind: 'apiKey', in: 'header', name: 'X-API-Key' } },
    register: ({ query }) => ({ name: query.get('username') ?? '', password: query.get('password') ?? '' }),
    logIn: ({ query }) => ({
      name: query.get('username') ?? '',
      password: query.get('password') ?? '',
      told: (token) => ({ status: 200, json: { access_token: token } }),
    }),
    holder: bearer,
  },
  {
    title: 'HTTP basic with the account itself',
    operations: [operation('POST', '/users', { body: credentials, security: [] }), me],
    schemes: { basic: { kind: 'http', scheme: 'basic' } },
    register: plainBody,
    registered: () => ({ status: 201, json: { id: 3 } }),
    holder: () => undefined,
  },
];

describe('signing up', () => {
  it.each(flavours.slice(0, -1))('gets in and proves it: $title', async (flavour) => {
    const described = surface(flavour.operations, flavour.schemes);
    const { usable, proofs, notes } = await enrol(described, serve(flavour));
    expect({ usable, notes }).toEqual({ usable: ['alice', 'bob'], notes: [] });
    expect(proofs.map((proof) => proof.operation)).toEqual(['GET /me', 'GET /me']);
  });

  it('uses the account itself where the target asks for HTTP basic', async () => {
    const passwords = new Map<string, string>();
    const basic = target(({ id, json, headers }) => {
      if (id === 'POST /users') passwords.set(text(json['username']), text(json['password']));
      if (id === 'POST /users') return { status: 201, json: { id: 3 } };
      const [name = '', password] = Buffer.from((headers['authorization'] ?? '').slice(6), 'base64')
        .toString()
        .split(':');
      return password !== undefined && passwords.get(name) === password ? { status: 200, json: {} } : { status: 401 };
    });
    const { usable } = await enrol(surface(flavours.at(-1)?.operations ?? [], flavours.at(-1)?.schemes), basic);
    expect(usable).toEqual(['alice', 'bob']);
  });

  it('gives accounts values of their own, never examples nor privileges, and knows the facts', async () => {
    const body = shape(
      {
        username: { examples: ['admin'] },
        password: { examples: ['string'] },
        bio: {},
        role: { enum: ['admin', 'user'] },
        is_admin: { types: ['boolean'] },
        terms_accepted: { types: ['boolean'] },
        birth_date: { format: 'date' },
        password_confirmation: {},
      },
      ['username', 'password', 'role'],
    );
    const bodies: Seen['json'][] = [];
    const server = target(({ id, json, headers }) => {
      if (id === 'POST /register') bodies.push(json);
      if (id === 'POST /register')
        return { status: 201, json: { user: { id: bodies.length, role: { id: 9 } }, token: jwt({ sub: `u${bodies.length}` }) } };
      return headers['authorization'] ? { status: 200, json: {} } : { status: 401 };
    });
    const described = surface([operation('POST', '/register', { body }), me], bearerScheme);
    const { sessions, signUp } = await enrol(described, server);
    const [first = {}, second = {}] = bodies;
    expect(Object.keys(first).toSorted()).toEqual(
      ['username', 'password', 'bio', 'role', 'terms_accepted', 'birth_date', 'password_confirmation'].toSorted(),
    );
    expect(first).toMatchObject({ role: 'user', terms_accepted: true, birth_date: '1990-01-01' });
    expect(String(first['password_confirmation'])).toBe(String(first['password']));
    expect(first['username']).toMatch(/^[a-z][a-z0-9]+$/);
    expect(first['password']).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*!).{16}$/);
    expect(second['password']).not.toBe(String(first['password']));
    expect(sessions[0]?.identity.facts).toEqual({ username: first['username'], bio: first['bio'], id: '1', sub: 'u1' });
    expect(sessions[0]?.secrets()).toEqual(expect.arrayContaining([String(first['password']), jwt({ sub: 'u1' })]));
    const attempt = signUp?.attempt('probe', { is_admin: true });
    expect(parseJson(attempt?.request.body ?? '')).toMatchObject({ is_admin: true, ...attempt?.facts });
    expect(attempt?.logIn).toBeUndefined();
  });

  it('places extra properties beside the user name, and logs the new account in', async () => {
    const nested = flavours[1];
    if (!nested) return;
    const server = serve(nested);
    const { signUp } = await enrol(surface(nested.operations, nested.schemes), server);
    const attempt = signUp?.attempt('probe', { admin: true });
    expect(parseJson(attempt?.request.body ?? '')).toMatchObject({ user: { admin: true, password: attempt?.password } });
    if (!attempt?.logIn) throw new Error('a log-in was expected');
    await server.send(attempt.request);
    const answer = await server.send(attempt.logIn);
    const request = attempt.as(answer, { method: 'GET', origin: '', path: '/me', headers: [] });
    expect(request && (await server.send(request))).toMatchObject({ response: { status: 200 } });
  });

  it('uses an account of an earlier run again, and makes another when its password is not ours any more', async () => {
    const passwords = new Map<string, string>();
    const server = target((seen) => {
      const { name, password } = plainBody(seen);
      if (seen.id === 'POST /register') {
        if (passwords.has(name)) return { status: 200, json: { message: 'User already exists. Please log in.' } };
        passwords.set(name, password);
        return { status: 201, json: {} };
      }
      if (seen.id === 'GET /me') return bearer(seen) === undefined ? { status: 401 } : { status: 200, json: {} };
      return passwords.get(name) === password
        ? { status: 200, json: { token: `secret-${name}` } }
        : { status: 401, json: { error: 'wrong' } };
    });
    const described = surface(
      [operation('POST', '/register', { body: account }), operation('POST', '/login', { body: credentials }), me],
      bearerScheme,
    );
    const before = await enrol(described, server);
    const again = await enrol(described, server);
    expect(again.usable).toEqual(['alice', 'bob']);
    expect(again.sessions[0]?.identity.facts).toEqual(before.sessions[0]?.identity.facts);
    for (const name of passwords.keys()) passwords.set(name, 'changed');
    const third = await enrol(described, server);
    expect(third.usable).toEqual(['alice', 'bob']);
    expect(third.sessions[0]?.identity.facts['username']).not.toBe(before.sessions[0]?.identity.facts['username']);
  });

  it('signs up with the names that the target asks for, and names the password field by them', async () => {
    const server = target(({ id, json }) => {
      const absent = ['mail', 'passwd'].find((name) => json[name] === undefined);
      if (absent !== undefined && id !== 'GET /me') return fault(`KeyError: '${absent}'`, 500);
      if (id === 'GET /me') return { status: 200, json: {} };
      return { status: 200, json: { token: 'abcdefgh' } };
    });
    const { sessions, proofs } = await enrol(surface([operation('POST', '/register'), operation('POST', '/login'), me]), server);
    expect(sessions.map(({ account: known }) => known?.passwordField)).toEqual(['passwd', 'passwd']);
    expect(proofs[0]).toMatchObject({ usable: true, why: expect.stringContaining('log-in was accepted') });
  });

  it('leaves look-alikes alone and says what it tried', async () => {
    const password = shape({ email: {}, password: {} });
    const described = surface(
      [
        operation('POST', '/password/reset', { body: password, summary: 'Reset the password of an account' }),
        operation('POST', '/admin/users', { body: account, security: secured, summary: 'Create a user' }),
        operation('POST', '/newsletter/signup', { body: shape({ email: {} }) }),
        operation('POST', '/token/refresh', { body: shape({ refresh_token: {} }) }),
        operation('POST', '/events/{id}/register', { body: shape({ seats: {} }) }),
        operation('POST', '/logout'),
        operation('POST', '/register', { body: account }),
        me,
      ],
      bearerScheme,
    );
    const server = target(() => ({ status: 400, json: { message: 'registration is closed' } }));
    const { notes, sessions, authOperations, signUp } = await enrol(described, server);
    expect(new Set(server.seen.map(({ id }) => id))).toEqual(new Set(['POST /register']));
    expect(server.seen.length).toBeLessThanOrEqual(6);
    expect({ sessions, signUp }).toEqual({ sessions: [], signUp: undefined });
    expect(authOperations).toEqual(new Set(['POST /register', 'POST /token/refresh']));
    expect(notes.join()).toContain('POST /register answered 400');
  });
});
