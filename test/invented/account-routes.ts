import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import type { Reply } from '../../src/model/example.ts';
import { isPlanted, type Blueprint } from './blueprint.ts';
import { credentialOf, presented } from './credentials.ts';
import { envelopeSchema, invalid, itemReply, listReply, named as inStyle, notYours, turnedAway, unexpected } from './replies.ts';
import { accountSlot, keyOfAccount } from './account-slot.ts';
import { addAccount, type Account, type Route, type Visit } from './state.ts';

const text: Json = { type: 'string' };

type Handle = Route['handle'];

/** What an account shows of itself. */
function ownView({ accounts, style, plants }: Blueprint, account: Account, route: string): JsonObject {
  const leak = plants.some((plant) => plant.kind === 'sensitive' && plant.route === route);
  return {
    id: account.id,
    username: account.username,
    ...(accounts.fields === 'username' ? {} : { email: account.email }),
    bio: account.bio,
    [inStyle(style, accounts.decided.name)]: account.decided,
    ...(leak ? { password: account.password } : {}),
  };
}

const me: Handle = ({ state, caller }) =>
  caller ? itemReply(state, 'user', ownView(state.blueprint, caller, 'account.me')) : turnedAway(state);

function namedAccount({ state, path }: Visit): Account | undefined {
  const key = path[accountSlot(state.blueprint).name];
  return state.accounts.find((account) => keyOfAccount(state.blueprint, account) === key);
}

const profile: Handle = (visit) => {
  const { state, caller } = visit;
  if (!caller) return turnedAway(state);
  const account = namedAccount(visit);
  const { blueprint } = state;
  if (!account) return notYours(visit);
  if (account === caller || isPlanted(blueprint, 'foreign-read', 'account.read'))
    return itemReply(state, 'user', ownView(blueprint, account, 'account.read'));
  if (blueprint.accounts.profile !== 'public') return notYours(visit);
  const { password } = ownView(blueprint, account, 'account.read');
  const email = contacts(state) ? { email: account.email } : {};
  return itemReply(state, 'user', {
    id: account.id,
    username: account.username,
    ...email,
    ...(password === undefined ? {} : { password }),
  });
};

const directory: Handle = ({ state, caller }) =>
  caller
    ? listReply(
        state,
        state.blueprint.accounts.segment,
        state.accounts.map(({ id, username, email }) => ({ id, username, ...(contacts(state) ? { email } : {}) })),
      )
    : turnedAway(state);

function contacts({ blueprint }: Visit['state']): boolean {
  return blueprint.traps.includes('contacts') && blueprint.accounts.directory && blueprint.accounts.fields !== 'username';
}

const change: Handle = (visit) => {
  const { state, caller, body } = visit;
  const { style, accounts } = state.blueprint;
  if (!caller) return turnedAway(state);
  const named = isPlanted(state.blueprint, 'identity-body', 'account.update')
    ? state.accounts.find((other) => String(other.id) === String(body['id']))
    : undefined;
  const account = named ?? (accounts.change === 'me' ? caller : namedAccount(visit));
  if (!account || (account !== caller && !named && !isPlanted(state.blueprint, 'foreign-change', 'account.update')))
    return notYours(visit, true);
  const free = isPlanted(state.blueprint, 'assignment', 'account.update');
  const decided = inStyle(style, accounts.decided.name);
  const stray = Object.keys(body).find((name) => name !== 'bio' && !(named && name === 'id'));
  if (style.strict && !free && stray !== undefined) return unexpected(state, stray);
  if (typeof body['bio'] === 'string') account.bio = body['bio'];
  if (free && body[decided] !== undefined) account.decided = body[decided];
  return style.quiet ? { status: 204 } : itemReply(state, 'user', ownView(state.blueprint, account, 'account.update'));
};

const setPassword: Handle = (visit) => {
  const { state, caller, body } = visit;
  if (!caller) return turnedAway(state);
  const password = body['password'];
  if (typeof password !== 'string' || password === '') return invalid(state, 'password');
  const wanted = namedAccount(visit);
  const allowed = wanted === caller || isPlanted(state.blueprint, 'foreign-change', 'account.password');
  // The path is not looked at: whoever asks sets one's own password.
  const careless = !allowed && state.blueprint.style.refusal === '204' && state.blueprint.authentication !== 'basic';
  const account = allowed ? wanted : careless ? caller : undefined;
  if (!account) return notYours(visit, true);
  account.password = password;
  return { status: 204 };
};

function given({ blueprint }: Visit['state'], body: JsonObject): JsonObject {
  return blueprint.accounts.fields === 'nested' && isObject(body['user']) ? body['user'] : body;
}

const signUp: Handle = ({ state, body }) => {
  const { blueprint } = state;
  const { accounts, style } = blueprint;
  const fields = given(state, body);
  const names = signUpFields(blueprint);
  for (const name of names) if (typeof fields[name] !== 'string' || fields[name] === '') return invalid(state, name);
  const free = isPlanted(blueprint, 'assignment', 'account.sign-up');
  const stray = Object.keys(fields).find((name) => !names.includes(name));
  if (style.strict && !free && stray !== undefined) return unexpected(state, stray);
  const email = String(fields['email'] ?? '');
  const username = String(fields['username'] ?? email.split('@')[0]);
  if (state.accounts.some((account) => account.username === username || (email !== '' && account.email === email)))
    return { status: 409, body: { error: 'the account already exists' } };
  const account = addAccount(state, { username, email, password: String(fields['password']) });
  const decided = fields[inStyle(style, accounts.decided.name)];
  if (free && decided !== undefined) account.decided = decided;
  if (accounts.tokenFrom === 'sign-up' && blueprint.authentication !== 'basic') return granted(state, account, 201);
  return itemReply(state, 'user', { id: account.id, username: account.username }, 201);
};

function granted(state: Visit['state'], account: Account, status: number): Reply {
  const { blueprint } = state;
  const text = credentialOf(blueprint, account);
  if (blueprint.authentication === 'cookie')
    return { status, headers: { 'set-cookie': `session=${text}; Path=/; HttpOnly` }, body: { message: 'welcome' } };
  return itemReply(state, 'session', { [blueprint.accounts.tokenName]: text }, status);
}

const logIn: Handle = ({ state, body }) => {
  const fields = given(state, body);
  const by = logInField(state.blueprint);
  const account = state.accounts.find((candidate) => candidate[by] === fields[by] && candidate.password === fields['password']);
  return account ? granted(state, account, 200) : { status: 401, body: { error: 'invalid credentials' } };
};

const overview: Handle = ({ state, request, caller }) => {
  const { blueprint } = state;
  const open =
    isPlanted(blueprint, 'anonymous', 'overview') ||
    (isPlanted(blueprint, 'any-credential', 'overview') && presented(blueprint, request) !== undefined);
  return caller || open ? itemReply(state, 'overview', { open: 17, closed: 4, region: 'north', revenue: 41_250 }) : turnedAway(state);
};

const admin: Handle = (visit) => {
  const { state, caller } = visit;
  if (!caller) return turnedAway(state);
  const free = isPlanted(state.blueprint, 'privileged', 'admin');
  return caller.role === 'admin' || free ? itemReply(state, 'totals', { accounts: 412, sessions: 77, plan: 'large' }) : notYours(visit);
};

function signUpFields({ accounts }: Blueprint): string[] {
  const { fields } = accounts;
  return [...(fields === 'email' ? [] : ['username']), ...(fields === 'username' ? [] : ['email']), 'password'];
}

function logInField({ accounts }: Blueprint): 'username' | 'email' {
  return accounts.fields === 'email' || accounts.fields === 'nested' ? 'email' : 'username';
}

/** The operations that are about accounts, and those that belong to no resource. */
export function accountRoutes(blueprint: Blueprint): Route[] {
  const { accounts, style, authentication } = blueprint;
  const { base } = style;
  const slot = accountSlot(blueprint);
  const byKey = [{ name: slot.name, in: 'path' as const, type: accounts.key === 'integer' ? 'integer' : 'string' }];
  const doors = accounts.from === 'sign-up';
  const nested = accounts.fields === 'nested';
  const described = (names: readonly string[]): Pick<Route, 'body' | 'required'> => {
    const properties = Object.fromEntries(names.map((name) => [name, text]));
    return nested
      ? { body: { user: { type: 'object', properties, required: [...names] } }, required: ['user'] }
      : { body: properties, required: names };
  };
  const shape: Json = {
    type: 'object',
    properties: { id: { type: accounts.key === 'integer' ? 'integer' : 'string' }, username: text, email: text, bio: text },
  };
  const returns = envelopeSchema(blueprint, 'user', shape, false);
  const signUpPath = accounts.signUp === 'users' || accounts.signUp === 'accounts' ? accounts.segment : accounts.signUp;
  const mePath = `${base}/${accounts.me}`;
  const route = (
    on: boolean,
    name: string,
    method: string,
    path: string,
    summary: string,
    handle: Handle,
    more: Partial<Route> = {},
  ): Route[] => (on ? [{ name, method, path, summary, handle, secured: true, tag: 'accounts', parameters: [], ...more }] : []);
  const form = accounts.form && !nested;
  return [
    ...route(doors, 'account.sign-up', 'POST', `${base}/${signUpPath}`, 'Register a new account', signUp, {
      secured: false,
      ...described(signUpFields(blueprint)),
    }),
    ...route(doors && authentication !== 'basic', 'account.log-in', 'POST', `${base}/${accounts.logIn}`, 'Log in', logIn, {
      secured: false,
      ...described([logInField(blueprint), 'password']),
      form,
    }),
    ...route(true, 'account.me', 'GET', mePath, 'The account of the caller', me, { returns }),
    ...route(accounts.directory, 'account.directory', 'GET', `${base}/${accounts.segment}`, 'The names of all accounts', directory),
    ...route(accounts.profile !== 'none', 'account.read', 'GET', slot.path, 'One account', profile, { parameters: byKey, returns }),
    ...route(accounts.change === 'me', 'account.update', 'PATCH', mePath, 'Change the account of the caller', change, {
      body: { bio: text },
    }),
    ...route(accounts.change === 'key', 'account.update', 'PATCH', slot.path, 'Change one account', change, {
      body: { bio: text },
      parameters: byKey,
    }),
    ...route(
      accounts.password && accounts.from !== 'lent-read',
      'account.password',
      'PUT',
      `${slot.path}/password`,
      'Set the password of an account',
      setPassword,
      {
        body: { password: text },
        required: ['password'],
        parameters: byKey,
      },
    ),
    ...route(blueprint.overview, 'overview', 'GET', `${base}/overview`, 'Numbers of the day', overview, { tag: 'numbers' }),
    ...route(blueprint.admin === 'path', 'admin', 'GET', `${base}/admin/totals`, 'Totals', admin, { tag: 'numbers' }),
    ...route(blueprint.admin === 'tag', 'admin', 'GET', `${base}/totals`, 'Totals', admin, { tag: 'Admin' }),
    ...route(blueprint.admin === 'summary', 'admin', 'GET', `${base}/totals`, 'Totals (admins only)', admin, { tag: 'numbers' }),
  ];
}
