import { describe, expect, it } from 'vitest';
import { parseJson, type Json } from '../model/json.ts';
import type { Surface } from '../model/operation.ts';
import { proveIdentities } from './prove.ts';
import { sendAs } from './send-as.ts';
import { account, bearer, credentials, fault, flavours, me, plainBody, serve } from './sign-up-flavours.fixture.ts';
import { signUpAccounts } from './sign-up.ts';
import { bearerScheme, jwt, operation, secured, shape, surface, target, tokenOf, type Seen, type Target } from './target.fixture.ts';

const now = (): number => 1_000_000;

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

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

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
        tier: {},
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
