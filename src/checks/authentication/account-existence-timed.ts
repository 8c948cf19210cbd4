import { isDenied, meaningOf } from '../../model/answer.ts';
import type { NextStep, OperationSubject, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import type { SignUpAttempt } from '../../model/world.ts';
import { absents, middle, refusalOf } from '../account-existence.ts';
import { exampleApi, text } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { bare, isTaken, throwaway, withPassword } from '../throwaway.ts';

const salt = 'enumerate-time';
/** Pairs of log-ins, one of each kind, in turn; the first is for warming up. */
const pairs = 12;
/** Milliseconds by which one kind must be slower to be told apart over a network. */
const leastGap = 15;

export default defineCheck({
  id: 'account-existence-timed',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'The time of a refusal tells whether an account exists',
    risk: 'A password is hashed only where there is an account, which takes long enough to be measured: lists of addresses are sorted into those with an account here and those without.',
    remedy: 'Compare with a hash in both cases: with a fixed one where there is no account.',
    cwe: [208, 204],
    owasp: 'API2:2023',
  },
  needs: ['write', 'intrusive'],
  subject: 'operation',
  phase: 'write',
  applies: ({ world, operation }: OperationSubject) =>
    [...world.sessions.values()].some(({ account }) => account?.logIn === operation.id) &&
    throwaway(world, operation.id, salt)?.attempt.logIn !== undefined,
  plan: ({ world, operation }) => {
    const mine = throwaway(world, operation.id, salt);
    if (!mine) throw new Error('account-existence-timed was planned without a sign-up');
    const [absent] = absents(world, salt);
    const next: NextStep = ([made, ...answers]) => {
      const last = answers.at(-1);
      if (!made || !isTaken(made) || (last && !isDenied(last))) return null;
      const isOurs = isOursAt(answers.length);
      const { logIn, password }: SignUpAttempt = isOurs ? mine.attempt : absent;
      const request = logIn && withPassword(logIn, password, `Wr0ng!${world.token(`${salt}/${answers.length}`)}`);
      return request ? bare(request, operation.id, isOurs ? 'an account of ours, wrong password' : 'an account that does not exist') : null;
    };
    return { attempts: [mine.enter[0], ...Array.from({ length: 2 * pairs }, () => next)] };
  },
  judge: ({ world, operation }, { attempts: [made, ...answers] }): Verdict => {
    const mine = throwaway(world, operation.id, salt);
    const [absent] = absents(world, salt);
    if (!mine || !made || !isTaken(made)) return { outcome: 'inconclusive', why: 'a throwaway account could not be made' };
    if (answers.some((answer) => ['busy', 'failed'].includes(meaningOf(answer))))
      return { outcome: 'pass', why: 'repeated log-ins are stopped' };
    if (answers.length < 2 * pairs) return { outcome: 'inconclusive', why: 'the log-in does not refuse wrong passwords each time' };
    const measured = answers.slice(2).map((answer, index): Measured => ({ answer, isOurs: isOursAt(index + 2) }));
    const said = new Set(measured.map(({ answer, isOurs }) => refusalOf(answer, isOurs ? mine.attempt : absent)));
    if (said.size > 1) return { outcome: 'pass', why: 'refusals differ in words, which is another finding' };
    const gap = gapOf(measured);
    if (gap === undefined) return { outcome: 'pass' };
    const [ours, theirs] = [true, false].map((kind) =>
      middle(measured.filter(({ isOurs }) => isOurs === kind).map(({ answer }) => answer.ms)),
    );
    const [slow, fast] = [true, false].map((kind) => measured.findLast(({ isOurs }) => isOurs === kind)?.answer);
    return {
      outcome: 'fail',
      confidence: 'tentative',
      proof: `In ${pairs - 1} pairs of log-ins with a wrong password, taking turns, an account that exists took ${Math.round(ours ?? 0)} ms and one that does not ${Math.round(theirs ?? 0)} ms in the middle, and always in the same order. The words of the refusals are the same.`,
      exhibits: [
        ...(slow ? [{ label: 'an account that exists', answer: slow }] : []),
        ...(fast ? [{ label: 'an account that does not exist', answer: fast }] : []),
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Passwords are hashed where there is an account',
        routes: taking((isKnown, turn) => (isKnown ? 60 + (turn % 5) : 3 + (turn % 3))),
      }),
    ],
    safe: [
      exampleApi({ title: 'A hash is compared in both cases', routes: taking((_, turn) => 60 + (turn % 7)) }),
      exampleApi({ title: 'The target gets slower and slower', routes: taking((_, turn) => 5 + 8 * turn) }),
      exampleApi({ title: 'The target is slow now and then', routes: taking((isKnown, turn) => (turn % 4 === 0 ? 200 : isKnown ? 6 : 5)) }),
      exampleApi({ title: 'A difference that no network shows', routes: taking((isKnown) => (isKnown ? 5 : 3)) }),
      exampleApi({ title: 'Every other answer is slow, whoever asks', routes: taking((_, turn) => (turn % 2 === 0 ? 60 : 3)) }),
    ],
  },
});

interface Measured {
  readonly answer: Answer;
  readonly isOurs: boolean;
}

/** Each pair begins with the other kind, so that what alternates in the target does not look like a difference. */
function isOursAt(turn: number): boolean {
  return (turn % 2 === 0) === (Math.floor(turn / 2) % 2 === 0);
}

/** By how much one kind is slower, where it is so in every pair and the slowest of the fast kind is faster than nearly all of the slow one. */
function gapOf(measured: readonly Measured[]): number | undefined {
  const times = (kind: boolean): number[] => measured.filter(({ isOurs }) => isOurs === kind).map(({ answer }) => answer.ms);
  const [ours, theirs] = [times(true), times(false)];
  const gaps = ours.map((time, index) => time - (theirs[index] ?? 0));
  const gap = middle(gaps);
  const isSteady = gaps.every((each) => Math.sign(each) === Math.sign(gap) && Math.abs(each) >= Math.abs(gap) / 3);
  const [slow, fast] = gap > 0 ? [ours, theirs] : [theirs, ours];
  const isApart = Math.min(...slow) > middle(fast) + leastGap / 2;
  return isSteady && isApart && Math.abs(gap) >= leastGap ? gap : undefined;
}

function taking(time: (isKnown: boolean, turn: number) => number): NonNullable<Parameters<typeof exampleApi>[0]['routes']> {
  return {
    'POST /login': {
      summary: 'Log in',
      secured: false,
      body: { username: text, password: text },
      reply: ({ body, users, welcome, revoked }) => {
        const user = users.find(({ username }) => username === body['username']);
        if (user && user.password === body['password']) return welcome(user.username);
        revoked.add(`failure ${revoked.size}`);
        return { status: 401, body: { error: 'wrong username or password' }, ms: time(user !== undefined, revoked.size) };
      },
    },
  };
}
