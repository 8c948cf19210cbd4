import type { OperationSubject, Verdict } from '../../model/check.ts';
import { exampleApi, ok, refused, text, type ExampleContext } from '../example-api.ts';
import { asksForOld, changeRequest, isPasswordChange } from '../password-change.ts';
import { defineCheck } from '../support.ts';
import { bare, letsIn, probeAs, throwaway, withPassword, type Throwaway } from '../throwaway.ts';

const change = { summary: 'Change my password', secured: true, body: { old_password: text, new_password: text } } as const;

export default defineCheck({
  id: 'password-changed-without-old',
  category: 'authentication',
  severity: 'medium',
  docs: {
    title: 'A password is changed without the one in force',
    risk: 'A stolen token, an unlocked computer or a forged request is enough to take the account over for good.',
    remedy: 'Ask for the present password (or another proof, such as a second factor) before setting a new one, and verify it.',
    cwe: [620],
    owasp: 'API2:2023',
  },
  needs: ['write', 'intrusive'],
  subject: 'operation',
  phase: 'write',
  applies: (subject: OperationSubject) =>
    isPasswordChange(subject.world, subject.operation) && account(subject)?.attempt.logIn !== undefined,
  plan: (subject) => {
    const { world, operation } = subject;
    const mine = account(subject);
    const logIn = mine?.attempt.logIn;
    if (!mine || !logIn) throw new Error('password-changed-without-old was planned without an account');
    const [wrong, fresh, never] = ['wrong', 'fresh', 'never'].map((salt) => `Nw2!${world.token(`without-old/${salt}/${operation.id}`)}`);
    const logInWith = (password: string | undefined, label: string) => () => {
      const request = password === undefined ? undefined : withPassword(logIn, mine.attempt.password, password);
      return request ? bare(request, operation.id, label) : null;
    };
    return {
      change: probeAs(
        mine,
        (previous) => {
          const request = changeRequest(world, operation, mine, { old: wrong ?? '', fresh: fresh ?? '' }, previous);
          return request ? mine.send(request, 'password change without the one in force')(previous) : null;
        },
        logInWith(fresh, 'log-in with the new password'),
        logInWith(never, 'log-in with a password that was never set'),
      ),
    };
  },
  judge: (subject, { change: answers }): Verdict => {
    const mine = account(subject);
    const [changed, fresh, never] = answers.slice((mine?.entered ?? 0) + 1);
    if (!mine || !changed || !fresh || !never) return { outcome: 'inconclusive', why: 'a throwaway account could not be used' };
    if (letsIn(mine, never)) return { outcome: 'inconclusive', why: 'the log-in takes any password' };
    if (!letsIn(mine, fresh)) return { outcome: 'pass' };
    const asked = asksForOld(subject.operation);
    return {
      outcome: 'fail',
      confidence: 'certain',
      proof: asked
        ? 'The password of a throwaway account was changed although the old one that was sent is wrong: the new one logs in.'
        : 'The password of a throwaway account was changed without its old one: the new one logs in.',
      exhibits: [
        { label: 'the change', answer: changed },
        { label: 'log-in with the new password', answer: fresh },
        { label: 'log-in with a password that was never set', answer: never },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The old password is not asked for',
        routes: {
          'PUT /users/{username}/password': {
            secured: true,
            body: { password: text },
            reply: (context) => set(context, context.body['password']),
          },
        },
      }),
      exampleApi({
        title: 'The old password is asked for and not compared',
        routes: { 'POST /me/password': { ...change, reply: (context) => set(context, context.body['new_password']) } },
      }),
    ],
    safe: [
      exampleApi({
        title: 'The old password is compared',
        routes: {
          'POST /me/password': {
            ...change,
            reply: (context) =>
              context.me?.password === context.body['old_password'] ? set(context, context.body['new_password']) : refused,
          },
        },
      }),
      exampleApi({
        title: 'A change that does nothing',
        routes: { 'POST /me/password': { ...change, reply: ({ me }) => (me ? ok({ message: 'thank you' }) : refused) } },
      }),
      exampleApi({
        title: 'A log-in that takes any password: nothing can be said of the change',
        routes: {
          'POST /me/password': { ...change, reply: ({ me }) => (me ? ok({ message: 'thank you' }) : refused) },
          'POST /login': {
            secured: false,
            body: { username: text, password: text },
            reply: ({ body, users, welcome }) =>
              users.some(({ username }) => username === body['username']) ? welcome(String(body['username'])) : refused,
          },
        },
      }),
    ],
  },
});

function account({ world, operation }: OperationSubject): Throwaway | undefined {
  return throwaway(world, operation.id, 'without-old');
}

function set({ me }: ExampleContext, password: unknown): ReturnType<typeof ok> {
  if (!me) return refused;
  me.password = String(password);
  return ok({ message: 'changed' });
}
