import type { OperationSubject, Step, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import { exampleApi, ok, signUp, text } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { bare, isTaken, letsIn, throwaway, withPassword, type Throwaway } from '../throwaway.ts';

const weak = '123456';

export default defineCheck({
  id: 'weak-password-accepted',
  category: 'authentication',
  severity: 'info',
  docs: {
    title: 'A password on everybody’s list is accepted',
    risk: 'Accounts with such passwords fall to the first few guesses, whatever else protects them.',
    remedy: 'Ask for at least eight characters and refuse passwords from lists of leaked ones (NIST SP 800-63B, 3.1.1).',
    cwe: [521],
    owasp: 'API2:2023',
  },
  needs: ['write', 'intrusive'],
  subject: 'operation',
  phase: 'write',
  applies: ({ world, operation }: OperationSubject) => {
    const mine = account(world, operation.id);
    return world.signUp?.operation.id === operation.id && mine !== undefined && weakened(mine) !== undefined;
  },
  plan: ({ world, operation }) => {
    const mine = account(world, operation.id);
    const requests = mine && weakened(mine);
    if (!requests) throw new Error('weak-password-accepted was planned without a sign-up');
    const next = ([made]: readonly Answer[]): Step | null =>
      made && isTaken(made) ? bare(requests.logIn, operation.id, 'log-in with the weak password') : null;
    return { account: [bare(requests.signUp, operation.id, 'sign-up with a weak password'), next] };
  },
  judge: ({ world, operation }, { account: [made, logIn] }): Verdict => {
    const mine = account(world, operation.id);
    if (!mine || !made || !isTaken(made)) return { outcome: 'pass' };
    if (!letsIn(mine, logIn)) return { outcome: 'inconclusive', why: 'the account did not come to be' };
    return {
      outcome: 'fail',
      confidence: 'certain',
      proof: `An account was signed up with the password "${weak}", which logs in.`,
      exhibits: [{ label: 'the sign-up', answer: made }, ...(logIn ? [{ label: 'the log-in', answer: logIn }] : [])],
    };
  },
  examples: {
    vulnerable: [exampleApi({ title: 'Any password will do' })],
    safe: [
      exampleApi({
        title: 'Passwords have eight characters or more',
        routes: {
          'POST /register': {
            secured: false,
            body: { username: text, email: text, password: text },
            reply: ({ body, users }) =>
              String(body['password']).length < 8 ? { status: 400, body: { error: 'the password is too short' } } : signUp(users, body, {}),
          },
        },
      }),
      exampleApi({
        title: 'Accepted in words, and no account was made',
        routes: {
          'POST /register': {
            secured: false,
            body: { username: text, email: text, password: text },
            reply: ({ body, users }) =>
              String(body['password']).length < 8 ? ok({ message: 'check your mail' }) : signUp(users, body, {}),
          },
        },
      }),
    ],
  },
});

function account(world: OperationSubject['world'], operation: string): Throwaway | undefined {
  return throwaway(world, operation, 'weak-password');
}

function weakened({
  attempt,
}: Throwaway): { signUp: NonNullable<typeof attempt.logIn>; logIn: NonNullable<typeof attempt.logIn> } | undefined {
  const signUp = withPassword(attempt.request, attempt.password, weak);
  const logIn = attempt.logIn && withPassword(attempt.logIn, attempt.password, weak);
  return signUp && logIn ? { signUp, logIn } : undefined;
}
