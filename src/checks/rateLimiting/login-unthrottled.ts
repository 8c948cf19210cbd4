import { isDenied, meaningOf } from '../../model/answer.ts';
import type { NextStep, OperationSubject, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import { exampleApi, text } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { bare, isTaken, letsIn, throwaway, withPassword, type Throwaway } from '../throwaway.ts';

const guesses = 25;
/** Milliseconds by which the last guesses must be slower than the first to be called slowed down. */
const slower = 400;

export default defineCheck({
  id: 'login-unthrottled',
  category: 'rateLimiting',
  severity: 'medium',
  docs: {
    title: 'Passwords can be guessed without end',
    risk: 'Leaked and common passwords are tried on an account, or one on many accounts, at whatever speed the network gives.',
    remedy:
      'Limit failed log-ins for each account and for each address (Flask-Limiter, a counter in Redis), answer 429 with Retry-After, and let waits grow instead of locking accounts for good.',
    cwe: [307],
    owasp: 'API4:2023',
  },
  needs: ['write', 'intrusive'],
  subject: 'operation',
  phase: 'write',
  applies: ({ world, operation }: OperationSubject) =>
    [...world.sessions.values()].some(({ account }) => account?.logIn === operation.id) &&
    account(world, operation.id)?.attempt.logIn !== undefined,
  plan: ({ world, operation }) => {
    const mine = account(world, operation.id);
    const logIn = mine?.attempt.logIn;
    if (!mine || !logIn) throw new Error('login-unthrottled was planned without a log-in');
    const guess =
      (turn: number): NextStep =>
      (previous) => {
        const last = previous.at(-1);
        if (!last || isStopped(last)) return null;
        const request = withPassword(logIn, mine.attempt.password, `Wr0ng!${world.token(`guess/${turn}`)}`);
        return request ? bare(request, operation.id, `wrong password, ${turn + 1} of ${guesses}`) : null;
      };
    const right: NextStep = (previous) => (previous.length > guesses ? bare(logIn, operation.id, 'the right password') : null);
    return { guesses: [mine.enter[0], ...Array.from({ length: guesses }, (_, turn) => guess(turn)), right] };
  },
  judge: ({ world, operation }, { guesses: answers }): Verdict => {
    const mine = account(world, operation.id);
    const [made, ...tries] = answers;
    if (!mine || !made || !isTaken(made)) return { outcome: 'inconclusive', why: 'a throwaway account could not be made' };
    const wrong = tries.slice(0, guesses);
    if (wrong.some(isStopped)) return { outcome: 'pass', why: 'guessing was stopped' };
    if (wrong.length < guesses || !wrong.every(isDenied))
      return { outcome: 'inconclusive', why: 'the log-in did not refuse wrong passwords' };
    const right = tries[guesses];
    if (!letsIn(mine, right)) return { outcome: 'pass', why: 'after the guesses the right password is no longer accepted' };
    if (new Set(wrong.map(statusOf)).size > 1) return { outcome: 'pass', why: 'later guesses are refused in another way' };
    if (middle(wrong.slice(-5)) > middle(wrong.slice(0, 5)) * 2 + slower)
      return { outcome: 'pass', why: 'later guesses are answered later' };
    return {
      outcome: 'fail',
      confidence: 'firm',
      proof: `${guesses} wrong passwords for one account were refused alike and without delay, and the right one was accepted after them.`,
      exhibits: [
        ...wrong.slice(-1).map((answer) => ({ label: `wrong password, ${guesses} of ${guesses}`, answer })),
        ...(right ? [{ label: 'the right password, after them', answer: right }] : []),
      ],
    };
  },
  examples: {
    vulnerable: [exampleApi({ title: 'Every guess is answered', allow: 'intrusive' })],
    safe: [
      exampleApi({ title: 'After ten failures the log-in answers 429', allow: 'intrusive', routes: stopping(429) }),
      exampleApi({ title: 'After ten failures the account is locked, in the same words', allow: 'intrusive', routes: stopping(401) }),
      exampleApi({ title: 'Guessing is not allowed in this scan', allow: 'write' }),
    ],
  },
});

function account(world: OperationSubject['world'], operation: string): Throwaway | undefined {
  return throwaway(world, operation, 'guesses');
}

function isStopped(answer: Answer): boolean {
  return meaningOf(answer) === 'busy' || meaningOf(answer) === 'failed';
}

function statusOf(answer: Answer): number {
  return answer.kind === 'exchange' ? answer.response.status : 0;
}

function middle(answers: readonly Answer[]): number {
  return answers.map(({ ms }) => ms).sort((one, other) => one - other)[Math.floor(answers.length / 2)] ?? 0;
}

function stopping(status: number): NonNullable<Parameters<typeof exampleApi>[0]['routes']> {
  return {
    'POST /login': {
      summary: 'Log in',
      secured: false,
      body: { username: text, password: text },
      reply: ({ body, users, welcome, revoked }) => {
        const user = users.find(({ username }) => username === body['username']);
        const failures = [...revoked].filter((entry) => entry.startsWith(`${String(body['username'])} `)).length;
        if (failures >= 10) return { status, body: { error: 'wrong username or password' } };
        if (user && user.password === body['password']) return welcome(user.username);
        revoked.add(`${String(body['username'])} ${failures}`);
        return { status: 401, body: { error: 'wrong username or password' } };
      },
    },
  };
}
