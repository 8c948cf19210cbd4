import { isDenied, isServed, meaningOf } from '../../model/answer.ts';
import type { NextStep, OperationSubject, Probe, Step, Verdict } from '../../model/check.ts';
import type { Answer, Request } from '../../model/http.ts';
import type { World } from '../../model/world.ts';
import { guardedLooks } from '../credential-probes.ts';
import { defaultAccounts, isMighty, type DefaultAccount } from '../default-accounts.ts';
import { exampleApi, refused, text, type ExampleContext } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { bare, isTaken, ownPage, withPassword } from '../throwaway.ts';

export default defineCheck({
  id: 'default-credentials',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'An account with a password that everybody knows logs in',
    risk: 'The first thing that anybody tries is admin and admin. Such an account was delivered with the software, or left behind by a test, and often may do everything.',
    remedy:
      'Remove the account or change its password, make no accounts with fixed passwords in migrations and seeds, and ask for a password at the first start.',
    cwe: [1392, 798, 521],
    owasp: 'API2:2023',
  },
  needs: ['identity', 'intrusive'],
  subject: 'operation',
  phase: 'write',
  applies: ({ world, operation }: OperationSubject) => doorAt(world, operation.id) !== undefined,
  plan: ({ world, operation }) => {
    const door = doorAt(world, operation.id);
    if (!door) throw new Error('default-credentials was planned without a log-in');
    return { guesses: probeOf(door, operation.id, `Wr0ng!${world.token('default/wrong')}`) };
  },
  judge: ({ world, operation }, { guesses }): Verdict => {
    const door = doorAt(world, operation.id);
    if (!door) return { outcome: 'inconclusive', why: 'there is no log-in' };
    const at = guesses.findIndex((answer) => door.accepts(answer));
    if (at < 0) {
      if (guesses.some(isStopped)) return { outcome: 'pass', why: 'guessing was stopped' };
      return guesses.every(isDenied) ? { outcome: 'pass' } : { outcome: 'inconclusive', why: 'the log-in did not refuse clearly' };
    }
    const [logIn, control, page] = guesses.slice(at);
    const account = door.accounts[at];
    if (!logIn || !control || !account) return { outcome: 'inconclusive', why: 'the log-in was not tried with a wrong password' };
    if (!isDenied(control)) return { outcome: 'inconclusive', why: 'the log-in takes any password' };
    if (!page || !isServed(page))
      return { outcome: 'inconclusive', why: 'the log-in accepted a known password, and nothing was served with it' };
    return {
      outcome: 'fail',
      confidence: 'certain',
      severity: isMighty(account.name) ? 'critical' : 'high',
      proof: `"${account.name}" logs in with the password "${account.password}" and is served what the anonymous caller is refused; a random password is refused.`,
      exhibits: [
        { label: `log-in as ${account.name}`, answer: logIn },
        { label: 'with a random password', answer: control },
        { label: `what ${account.name} is served`, answer: page },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'The administrator of the first start is still there', users: ['admin'], routes: logInBy(known) }),
      exampleApi({
        title: 'A user name and a password with each request',
        allow: 'intrusive',
        users: ['alice', 'root'],
        identities: [{ name: 'alice', credential: 'Basic alice:alice-pass' }],
        scheme: { type: 'http', scheme: 'basic' },
        tokens: {
          find: ({ headers }) => {
            const pairs: Readonly<Record<string, string>> = { 'alice:alice-pass': 'token-of-alice', 'root:toor': 'token-of-root' };
            return Object.entries(pairs).find(([pair]) => headers.some(([, value]) => value === `Basic ${btoa(pair)}`))?.[1] ?? '';
          },
        },
      }),
    ],
    safe: [
      exampleApi({ title: 'Nobody has a known password', users: ['admin'] }),
      exampleApi({ title: 'A log-in that takes any password', users: ['admin'], routes: logInBy(() => true) }),
      exampleApi({
        title: 'The account is known and locked: it is let in, and served nothing',
        users: ['admin'],
        routes: {
          ...logInBy(known),
          'GET /me': { secured: true, reply: ({ me }) => (me && me.username !== 'admin' ? { status: 200, body: { id: me.id } } : refused) },
          'GET /notes': null,
        },
      }),
      exampleApi({
        title: 'Guessing is stopped after three failures',
        users: ['admin'],
        routes: {
          'POST /login': {
            summary: 'Log in',
            secured: false,
            body: { username: text, password: text },
            reply: (context) => {
              const { revoked, body, users, welcome } = context;
              if (revoked.size >= 3) return { status: 429, body: { error: 'wait' } };
              const user = users.find(({ username }) => username === body['username']);
              if (user?.password === body['password']) return welcome(String(body['username']));
              revoked.add(`failure ${revoked.size}`);
              return refused;
            },
          },
        },
      }),
    ],
  },
});

/** A way in, and the accounts to try on it. */
interface Door {
  readonly accounts: readonly DefaultAccount[];
  readonly request: (account: DefaultAccount) => Request | undefined;
  readonly accepts: (answer: Answer) => boolean;
  /** What needs a credential, with the one that the answer gave. */
  readonly enter: (answer: Answer) => Request | undefined;
}

function doorAt(world: World, operation: string): Door | undefined {
  return formAt(world, operation) ?? basicAt(world, operation);
}

/** The log-in of an identity, with another name in it. */
function formAt(world: World, operation: string): Door | undefined {
  const page = ownPage(world)?.call.request;
  for (const { name, facts } of world.identities) {
    const account = world.sessions.get(name)?.account;
    if (!page || account?.logIn !== operation) continue;
    const own = Object.values(facts).find((value) => value.length >= 3 && withPassword(account.logInWith('mb7'), value, 'x') !== undefined);
    if (own === undefined) continue;
    return {
      accounts: defaultAccounts(own.includes('@'), new URL(world.surface.origin).hostname),
      request: (other) => withPassword(account.logInWith(other.password), own, other.name),
      accepts: (answer) => isTaken(answer) && account.accepted(answer),
      enter: (answer) => account.as(answer, page),
    };
  }
  return undefined;
}

/** A request that takes a user name and a password itself. */
function basicAt({ looks, lent = [], surface }: World, operation: string): Door | undefined {
  const place = guardedLooks(looks).find(({ as }) =>
    lent.some(({ identity, headers }) => identity === as && headers.includes('Authorization Basic')),
  );
  if (place?.call.operation !== operation) return undefined;
  const { request } = place.call;
  return {
    accounts: defaultAccounts(false, new URL(surface.origin).hostname),
    request: ({ name, password }) => ({
      ...request,
      headers: [...request.headers, ['Authorization', `Basic ${btoa(`${name}:${password}`)}`]],
    }),
    accepts: isServed,
    enter: (answer) => answer.request,
  };
}

function probeOf(door: Door, operation: string, wrong: string): Probe {
  const { accounts } = door;
  const guess = (account: DefaultAccount, label: string): Step | null => {
    const request = door.request(account);
    return request ? bare(request, operation, label) : null;
  };
  const next: NextStep = (answers) => {
    const at = answers.findIndex((answer) => door.accepts(answer));
    const [accepted, logIn] = [accounts[at], answers[at]];
    if (!accepted || !logIn) {
      const last = answers.at(-1);
      const account = accounts[answers.length];
      return account && !(last && isStopped(last)) ? guess(account, `log-in as ${account.name} with a known password`) : null;
    }
    if (answers.length === at + 1) return guess({ ...accepted, password: wrong }, `log-in as ${accepted.name} with a random password`);
    const page = answers.length === at + 2 ? door.enter(logIn) : undefined;
    return page ? bare(page, operation, `as ${accepted.name}`) : null;
  };
  const [first] = accounts;
  const start = first && guess(first, `log-in as ${first.name} with a known password`);
  if (!start) throw new Error('default-credentials was planned without a log-in');
  return [start, ...accounts.slice(1).map(() => next), next, next];
}

function isStopped(answer: Answer): boolean {
  return meaningOf(answer) === 'busy' || meaningOf(answer) === 'failed';
}

type Routes = NonNullable<Parameters<typeof exampleApi>[0]['routes']>;

function known({ body }: ExampleContext): boolean {
  return body['username'] === 'admin' && body['password'] === 'admin123';
}

/** The sound log-in, and one more account that is let in. */
function logInBy(isKnown: (context: ExampleContext) => boolean): Routes {
  return {
    'POST /login': {
      summary: 'Log in',
      secured: false,
      body: { username: text, password: text },
      reply: (context) => {
        const { users, body, welcome } = context;
        const user = users.find(({ username }) => username === body['username']);
        return user && (user.password === body['password'] || isKnown(context)) ? welcome(user.username) : refused;
      },
    },
  };
}
