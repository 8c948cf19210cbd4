import { meaningOf } from '../../model/answer.ts';
import type { NextStep, OperationSubject, Verdict } from '../../model/check.ts';
import type { Reply } from '../../model/example.ts';
import type { SignUpAttempt } from '../../model/world.ts';
import { absents, refusalOf, statusOf } from '../account-existence.ts';
import { exampleApi, text } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { bare, isTaken, throwaway, withPassword } from '../throwaway.ts';

const salt = 'enumerate';

export default defineCheck({
  id: 'account-existence-revealed',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'The log-in tells whether an account exists',
    risk: 'Whoever has a list of addresses learns which of them have an account here, and tries leaked passwords on those alone.',
    remedy: 'Answer a wrong password and an unknown account with the same status and the same words, and hash a password in both cases.',
    cwe: [204, 203],
    owasp: 'API2:2023',
  },
  needs: ['write'],
  subject: 'operation',
  phase: 'write',
  applies: ({ world, operation }: OperationSubject) =>
    world.sessions.size > 0 &&
    [...world.sessions.values()].some(({ account }) => account?.logIn === operation.id) &&
    throwaway(world, operation.id, salt)?.attempt.logIn !== undefined,
  plan: ({ world, operation }) => {
    const mine = throwaway(world, operation.id, salt);
    if (!mine) throw new Error('account-existence-revealed was planned without a sign-up');
    const logIn =
      ({ logIn: request, password }: SignUpAttempt, turn: string, label: string): NextStep =>
      () => {
        const sent = request && withPassword(request, password, `Wr0ng!${world.token(`enumerate/${turn}`)}`);
        return sent ? bare(sent, operation.id, label) : null;
      };
    const absent = absents(world, salt);
    return {
      attempts: [
        mine.enter[0],
        logIn(mine.attempt, 'a', 'an account of ours, wrong password'),
        logIn(absent[0], 'b', 'an account that does not exist'),
        logIn(mine.attempt, 'c', 'an account of ours, another wrong password'),
        logIn(absent[1], 'd', 'another account that does not exist'),
      ],
    };
  },
  judge: ({ world, operation }, { attempts: [made, ours, absent, oursAgain, absentAgain] }): Verdict => {
    const mine = throwaway(world, operation.id, salt);
    if (!mine || !made || !isTaken(made) || !ours || !absent || !oursAgain || !absentAgain)
      return { outcome: 'inconclusive', why: 'a throwaway account could not be made' };
    const answers = [ours, absent, oursAgain, absentAgain];
    if (answers.some(isTaken))
      return { outcome: 'inconclusive', why: 'the log-in lets wrong passwords in, or does not say that it refuses' };
    if (answers.some((answer) => ['busy', 'failed'].includes(meaningOf(answer))))
      return { outcome: 'inconclusive', why: 'the log-in did not answer each time' };
    const [first, second] = absents(world, salt);
    const [one, two] = [refusalOf(ours, mine.attempt), refusalOf(oursAgain, mine.attempt)];
    const [none, noneAgain] = [refusalOf(absent, first), refusalOf(absentAgain, second)];
    if (one !== two || none !== noneAgain) return { outcome: 'inconclusive', why: 'refusals differ from one attempt to the next' };
    if (one === none) return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: 'firm',
      proof: `A wrong password for an account that exists and a log-in to one that does not are refused differently, twice with different values${statusOf(ours) === statusOf(absent) ? '' : ` (${statusOf(ours)} and ${statusOf(absent)})`}.`,
      exhibits: [
        { label: 'an account that exists, wrong password', answer: ours },
        { label: 'an account that does not exist', answer: absent },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Two different sentences',
        routes: logInThatSays((known) => ({ status: 401, body: { error: known ? 'wrong password' : 'no such user' } })),
      }),
      exampleApi({
        title: 'Two different statuses',
        routes: logInThatSays((known) => ({ status: known ? 401 : 404, body: { error: 'log-in failed' } })),
      }),
    ],
    safe: [
      exampleApi({ title: 'One sentence for both' }),
      exampleApi({
        title: 'The name is repeated, with the number of the attempt',
        routes: logInThatSays((_, name, count) => ({ status: 401, body: { error: `cannot log in ${name}`, attempt: count } })),
      }),
      exampleApi({
        title: 'Refusals differ by chance',
        routes: logInThatSays((_, __, count) => ({ status: 401, body: { error: ['sorry', 'no', 'never', 'try again'][count % 4] ?? '' } })),
      }),
      exampleApi({
        title: 'After three failures from one place, everybody waits',
        routes: logInThatSays((_, __, count) =>
          count > 3 ? { status: 429, body: { error: 'wait' } } : { status: 401, body: { error: 'wrong' } },
        ),
      }),
    ],
  },
});

type Options = Parameters<typeof exampleApi>[0];

function logInThatSays(refusal: (known: boolean, name: string, count: number) => Reply): NonNullable<Options['routes']> {
  return {
    'POST /login': {
      summary: 'Log in',
      secured: false,
      body: { username: text, password: text },
      reply: ({ body, users, welcome, revoked }) => {
        const user = users.find(({ username }) => username === body['username']);
        if (user && user.password === body['password']) return welcome(user.username);
        revoked.add(`failure ${revoked.size}`);
        return refusal(user !== undefined, String(body['username']), revoked.size);
      },
    },
  };
}
