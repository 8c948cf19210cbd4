import type { Json } from '../model/json.ts';
import type { Operation, SecurityScheme } from '../model/operation.ts';
import { bearerScheme, operation, shape, target, tokenOf, type Seen, type Target, type Told } from './target.fixture.ts';

/** Reads who somebody is: what each target has to tell. */
export const me = operation('GET', '/me');

export interface Flavour {
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
export function serve(flavour: Flavour): Target {
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
export const bearer = ({ headers }: Seen): string | undefined => /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1];
export const plainBody = ({ json }: Seen) => ({ name: text(json['username']), password: text(json['password']) });
export const fault = (message: string, status = 400): Told => ({ status, json: { message } });
export const account = shape({ username: {}, email: { format: 'email' }, password: {} });
export const credentials = shape({ username: {}, password: {} });

export const flavours: readonly Flavour[] = [
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
