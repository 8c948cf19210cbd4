import { isServed } from '../../model/answer.ts';
import type { OperationSubject, Verdict } from '../../model/check.ts';
import { exampleApi, ok, refused, text } from '../example-api.ts';
import { changeRequest, isPasswordChange } from '../password-change.ts';
import { defineCheck, sameContent } from '../support.ts';
import { bare, letsIn, ownPage, probeAs, throwaway, withPassword, type Throwaway } from '../throwaway.ts';

const change = { summary: 'Change my password', secured: true, body: { old_password: text, new_password: text } } as const;

export default defineCheck({
  id: 'session-survives-password-change',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'A credential still works after the password was changed',
    risk: 'People change their password when somebody else got in. That somebody stays logged in until the credential expires.',
    remedy:
      'End all other sessions at a password change: remove them from the store, or keep the time of the change and refuse tokens issued before it.',
    cwe: [613],
    owasp: 'API2:2023',
  },
  needs: ['write', 'intrusive'],
  subject: 'operation',
  phase: 'write',
  applies: ({ world, operation }: OperationSubject) =>
    isPasswordChange(world, operation) && ownPage(world) !== undefined && account({ world, operation })?.attempt.logIn !== undefined,
  plan: (subject) => {
    const { world, operation } = subject;
    const mine = account(subject);
    const page = ownPage(world);
    const logIn = mine?.attempt.logIn;
    if (!mine || !page || !logIn) throw new Error('session-survives-password-change was planned without an account');
    const fresh = `Nw2!${world.token(`survives/${operation.id}`)}`;
    const { password } = mine.attempt;
    return {
      session: probeAs(
        mine,
        mine.send(page.call.request, 'its page'),
        (previous) => {
          const request = changeRequest(world, operation, mine, { old: password, fresh }, previous);
          return request ? mine.send(request, 'its password change')(previous) : null;
        },
        () => {
          const request = withPassword(logIn, password, fresh);
          return request ? bare(request, operation.id, 'log-in with the new password') : null;
        },
        mine.send(page.call.request, 'its page with the old credential'),
      ),
    };
  },
  judge: (subject, { session }): Verdict => {
    const mine = account(subject);
    const [before, changed, logIn, after] = session.slice((mine?.entered ?? 0) + 1);
    if (!mine || !before || !isServed(before)) return { outcome: 'inconclusive', why: 'a throwaway account could not be used' };
    if (!changed || !letsIn(mine, logIn))
      return { outcome: 'inconclusive', why: 'the password of a throwaway account could not be changed' };
    if (!after || !isServed(after)) return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: sameContent(before, after, ownPage(subject.world)?.baseline.noise) ? 'certain' : 'firm',
      proof: 'The new password of a throwaway account is in force, and the credential from before the change is still served.',
      exhibits: [
        { label: 'with the old credential, after the change', answer: after },
        { label: 'the change', answer: changed },
        { label: 'before it', answer: before },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'Only the password is replaced', routes: { 'POST /me/password': { ...change, reply: changing(false) } } }),
    ],
    safe: [
      exampleApi({ title: 'A change ends the token', routes: { 'POST /me/password': { ...change, reply: changing(true) } } }),
      exampleApi({
        title: 'A change that does nothing',
        routes: { 'POST /me/password': { ...change, reply: () => ok({ message: 'thank you' }) } },
      }),
      exampleApi({ title: 'There is no password to change' }),
    ],
  },
});

function account({ world, operation }: Pick<OperationSubject, 'world' | 'operation'>): Throwaway | undefined {
  return throwaway(world, operation.id, 'survives');
}

type Reply = NonNullable<NonNullable<Parameters<typeof exampleApi>[0]['routes']>[string]>['reply'];

function changing(ends: boolean): Reply {
  return ({ me, body, token, revoked }) => {
    if (!me || me.password !== body['old_password']) return refused;
    me.password = String(body['new_password']);
    if (ends) revoked.add(token);
    return ok({ message: 'changed' });
  };
}
