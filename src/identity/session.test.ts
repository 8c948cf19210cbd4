import { describe, expect, it } from 'vitest';
import { parseIdentitiesFile } from './declared.ts';
import { isUnusable } from './grant.ts';
import { openSession } from './session.ts';
import { callOf, sendAs } from './send-as.ts';
import { jwt, operation, surface, target, type Seen, type Told } from './target.fixture.ts';

const described = surface([operation('POST', '/login'), operation('GET', '/me'), operation('GET', '/admin')]);
const logInOf = (rest = 'extract: {from: body, pointer: /token}'): string =>
  `- name: alice\n  login:\n    request: {path: /login, json: {user: {name: alice, password: first}}}\n    ${rest}`;

interface WorldOptions {
  readonly life?: number;
  readonly skew?: number;
  readonly extra?: Readonly<Record<string, number>>;
  readonly rest?: string;
}

// A target whose tokens live for `life` milliseconds by its own clock, which is `skew` ahead of ours.
function world({ life = Infinity, skew = 0, extra = {}, rest }: WorldOptions = {}) {
  let clock = 1_000_000;
  let password = 'first';
  const ends = new Map<string, number>();
  const answerLogIn = ({ json }: Seen): Told => {
    const { user } = json as { user?: { password?: string } };
    if (user?.password !== password) return { status: 401, json: { error: 'no' } };
    const iat = (clock + skew) / 1000;
    const token = life === Infinity ? `opaque-${ends.size}` : jwt({ iat, exp: iat + life / 1000, jti: ends.size });
    ends.set(token, clock + life);
    return { status: 200, json: { token, user: { id: 5 }, ...extra } };
  };
  const server = target(
    (seen) => {
      if (seen.id === 'POST /login') return answerLogIn(seen);
      if (seen.id === 'GET /admin') return { status: 401, json: { error: 'not for your role' } };
      const end = ends.get((seen.headers['authorization'] ?? '').replace('Bearer ', '')) ?? 0;
      return end > clock ? { status: 200, json: {} } : { status: 401, json: { error: 'token expired' } };
    },
    () => clock,
  );
  const now = (): number => clock;
  const [declared] = parseIdentitiesFile(logInOf(rest), 'f', {});
  if (!declared) throw new Error('no identity');
  const session = openSession(declared, { surface: described, send: server.send, now });
  const send = sendAs({ sessions: new Map([['alice', session]]), send: server.send, now });
  const get = (path: string, as: string | null = 'alice') =>
    send({ as, operation: `GET ${path}`, request: { method: 'GET', origin: described.origin, path, headers: [] } });
  return {
    server,
    session,
    send,
    get,
    status: async (path: string) => {
      const answer = await get(path);
      return answer.kind === 'exchange' ? answer.response.status : answer.reason;
    },
    pass: (ms: number) => (clock += ms),
    forget: () => ends.clear(),
    setPassword: (fresh: string) => (password = fresh),
  };
}

describe('a session', () => {
  it('logs in once for concurrent callers, and not before it is asked', async () => {
    const { server, session } = world();
    expect(server.seen).toEqual([]);
    const all = await Promise.all([session.credential(), session.credential(), session.credential()]);
    expect(server.count('POST /login')).toBe(1);
    expect(new Set(all).size).toBe(1);
    expect(session.identity.facts).toMatchObject({ id: '5', name: 'alice' });
    expect(session.secrets()).toEqual(expect.arrayContaining(['first', 'opaque-0']));
  });

  it.each([
    { life: 60_000, before: 47_000, after: 49_000 },
    { life: 2_000, before: 900, after: 1_100 },
    { life: 600_000, before: 479_000, after: 481_000 },
  ])('renews a token of $life ms in time, whatever the clock of the target says', async ({ life, before, after }) => {
    const { server, session, pass, status } = world({ life, skew: -5_000_000 });
    await session.credential();
    pass(before);
    await session.credential();
    expect(server.count('POST /login')).toBe(1);
    pass(after - before);
    await session.credential();
    expect(server.count('POST /login')).toBe(2);
    for (let step = 0; step < 20; step += 1) {
      pass(life / 3);
      expect(await status('/me')).toBe(200);
    }
    expect(server.seen.filter(({ id }) => id === 'GET /me')).toHaveLength(20);
  });

  it('takes the lifetime that the answer or the user states', async () => {
    for (const made of [
      world({ extra: { expires_in: 100 } }),
      world({ rest: 'expiresIn: 100\n    extract: {from: body, pointer: /token}' }),
    ]) {
      const credential = await made.session.credential();
      expect(credential).toMatchObject({ expiresAt: 1_100_000 });
    }
  });

  it('says where a token might be when it is not where it should be', async () => {
    const { session } = world({ rest: 'extract: {from: body, pointer: /access_token}' });
    const credential = await session.credential();
    if (!isUnusable(credential)) throw new Error('unusable was expected');
    expect(credential.unusable).toContain('nothing at /access_token; it has text at /token');
    expect(credential.unusable).not.toContain('opaque');
  });

  it('says that a password is wrong, and does not hammer the log-in', async () => {
    const { session, server, setPassword, get, pass } = world();
    setPassword('other');
    expect(await session.credential()).toEqual({ unusable: 'alice: the log-in answered 401; are the user name and the password right?' });
    const answer = await get('/me');
    expect(answer).toMatchObject({ kind: 'silence', reason: 'no-credential', message: expect.stringContaining('answered 401') });
    expect(server.count('POST /login')).toBe(1);
    setPassword('first');
    pass(31_000);
    expect(await session.credential()).not.toHaveProperty('unusable');
  });

  it('uses what it has while a renewal fails, and tries again soon', async () => {
    let clock = 0;
    let busy = false;
    const server = target(
      () => (busy ? { status: 503 } : { status: 200, json: { token: `opaque-${clock}`, expires_in: 100 } }),
      () => clock,
    );
    const [declared] = parseIdentitiesFile(logInOf(), 'f', {});
    if (!declared) throw new Error('no identity');
    const session = openSession(declared, { surface: described, send: server.send, now: () => clock });
    const first = await session.credential();
    busy = true;
    clock = 85_000;
    expect(await session.credential()).toBe(first);
    clock = 101_000;
    expect(await session.credential()).toEqual({ unusable: 'alice: the log-in answered 503; the target is busy' });
    busy = false;
    clock = 104_000;
    expect(await session.credential()).toMatchObject({ expiresAt: 204_000 });
  });

  it('finds the password that a probe put in force', async () => {
    const { session, server, setPassword } = world();
    await session.credential();
    setPassword('third');
    session.mayHavePassword('second');
    session.mayHavePassword('third');
    expect(await session.renew()).not.toHaveProperty('unusable');
    expect(session.account?.password).toBe('third');
    expect(server.count('POST /login')).toBe(4);
    setPassword('first');
    expect(await session.renew()).not.toHaveProperty('unusable');
    const { account } = session;
    expect([account?.password, account?.passwordField, account?.logIn]).toEqual(['first', 'password', 'POST /login']);
    expect(session.secrets()).toEqual(expect.arrayContaining(['first', 'second', 'third']));
  });

  it('offers the log-in with another password, and judges its answer', async () => {
    const { session, server } = world();
    const { account } = session;
    if (!account) throw new Error('an account was expected');
    expect(account.accepted(await server.send(account.logInWith('first')))).toBe(true);
    expect(account.accepted(await server.send(account.logInWith('x')))).toBe(false);
  });

  it('keeps cookies, and repeats a cross-site token in its header', async () => {
    const server = target(() => ({
      status: 302,
      headers: [
        ['Location', '/'],
        ['Set-Cookie', 'sid=s1; Path=/'],
        ['Set-Cookie', 'csrftoken=c1'],
        ['Set-Cookie', 'old=; Max-Age=0'],
      ],
    }));
    const [declared] = parseIdentitiesFile(logInOf('expiresIn: 9'), 'f', {});
    const session = declared && openSession(declared, { surface: described, send: server.send, now: () => 0 });
    expect(await session?.credential()).toEqual({
      headers: [['X-CSRFToken', 'c1']],
      cookies: [
        ['sid', 's1'],
        ['csrftoken', 'c1'],
      ],
      query: [],
      expiresAt: 9000,
    });
  });
});

describe('sending as somebody', () => {
  it('renews once after a 401, shared by all who met it', async () => {
    const { server, forget, get, pass } = world();
    await get('/me');
    pass(5000);
    forget();
    const answers = await Promise.all([get('/me'), get('/me'), get('/me')]);
    expect(answers.map((answer) => answer.kind === 'exchange' && answer.response.status)).toEqual([200, 200, 200]);
    expect(server.count('POST /login')).toBe(2);
    const [first] = answers;
    expect(first && callOf(first)).toMatchObject({ as: 'alice', operation: 'GET /me' });
  });

  it('does not log in again and again for an operation that is not for this role', async () => {
    const { server, status, pass } = world();
    for (let round = 0; round < 5; round += 1) {
      pass(5000);
      expect(await status('/admin')).toBe(401);
    }
    expect(server.count('POST /login')).toBe(2);
    expect(await status('/me')).toBe(200);
  });

  it('leaves fresh credentials, tampered calls and the anonymous caller alone', async () => {
    const { server, status, send, get, pass } = world();
    expect(await status('/admin')).toBe(401);
    expect(server.count('POST /login')).toBe(1);
    pass(5000);
    const request = { method: 'GET', origin: described.origin, path: '/me', headers: [] };
    const tamper = {
      label: 'no credential',
      change: () => ({ headers: [['Authorization', 'Bearer x']] as const, cookies: [], query: [] }),
    };
    expect(await send({ as: 'alice', operation: 'GET /me', request, tamper })).toMatchObject({ response: { status: 401 } });
    expect(await get('/me', null)).toMatchObject({ response: { status: 401 } });
    expect(server.count('POST /login')).toBe(1);
    expect(server.seen.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it('gives no answer for somebody unknown', async () => {
    expect(await world().get('/me', 'mallory')).toMatchObject({ kind: 'silence', reason: 'no-credential' });
  });
});
