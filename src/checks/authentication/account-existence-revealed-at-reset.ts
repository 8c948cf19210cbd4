import { meaningOf } from '../../model/answer.ts';
import { buildRequest } from '../../model/build-request.ts';
import type { NextStep, OperationSubject, Verdict } from '../../model/check.ts';
import type { Answer, Request } from '../../model/http.ts';
import { plainName } from '../../model/names.ts';
import type { Operation } from '../../model/operation.ts';
import type { SignUpAttempt, World } from '../../model/world.ts';
import { absents, refusalOf, statusOf } from '../account-existence.ts';
import { exampleApi, missing, ok, text, type ExampleContext } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { bare, isTaken, throwaway } from '../throwaway.ts';

const salt = 'enumerate-reset';

export default defineCheck({
  id: 'account-existence-revealed-at-reset',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'The password reset tells whether an account exists',
    risk: 'Whoever has a list of addresses learns which of them have an account here, without ever trying to log in.',
    remedy: 'Answer every request for a reset alike, and say the rest by mail.',
    cwe: [204, 203, 640],
    owasp: 'API2:2023',
  },
  needs: ['write', 'intrusive'],
  subject: 'operation',
  phase: 'write',
  ofLeftOut: true,
  applies: ({ world, operation }: OperationSubject) => {
    const mine = throwaway(world, operation.id, salt);
    return isResetRequest(operation) && mine !== undefined && resetOf(world, operation, mine.attempt) !== undefined;
  },
  plan: ({ world, operation }) => {
    const mine = throwaway(world, operation.id, salt);
    if (!mine) throw new Error('account-existence-revealed-at-reset was planned without a sign-up');
    const [one, two] = absents(world, salt);
    const reset =
      (attempt: SignUpAttempt, label: string): NextStep =>
      ([made]) => {
        const request = made && isTaken(made) ? resetOf(world, operation, attempt) : undefined;
        return request ? bare(request, operation.id, label) : null;
      };
    return {
      resets: [
        mine.enter[0],
        reset(mine.attempt, 'an account of ours'),
        reset(one, 'an account that does not exist'),
        reset(mine.attempt, 'an account of ours, again'),
        reset(two, 'another account that does not exist'),
      ],
    };
  },
  judge: ({ world, operation }, { resets: [made, ours, absent, oursAgain, absentAgain] }): Verdict => {
    const mine = throwaway(world, operation.id, salt);
    if (!mine || !made || !ours || !absent || !oursAgain || !absentAgain)
      return { outcome: 'inconclusive', why: 'a throwaway account could not be made' };
    const answers: readonly Answer[] = [ours, absent, oursAgain, absentAgain];
    if (answers.some((answer) => ['busy', 'failed'].includes(meaningOf(answer))))
      return { outcome: 'inconclusive', why: 'the reset did not answer each time' };
    const [first, second] = absents(world, salt);
    const [one, two] = [refusalOf(ours, mine.attempt), refusalOf(oursAgain, mine.attempt)];
    const [none, noneAgain] = [refusalOf(absent, first), refusalOf(absentAgain, second)];
    if (one !== two || none !== noneAgain) return { outcome: 'inconclusive', why: 'answers differ from one attempt to the next' };
    if (one === none) return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: 'firm',
      proof: `A reset is answered differently for an account that exists and for one that does not, twice with different values${statusOf(ours) === statusOf(absent) ? '' : ` (${statusOf(ours)} and ${statusOf(absent)})`}.`,
      exhibits: [
        { label: 'an account that exists', answer: ours },
        { label: 'an account that does not exist', answer: absent },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Only those with an account are sent a mail',
        routes: resetThat((user) => (user ? ok({ message: 'sent' }) : missing)),
      }),
      exampleApi({
        title: 'Two different sentences',
        routes: resetThat((user) => ok({ message: user ? 'we have sent you a mail' : 'nobody has that address' })),
      }),
    ],
    safe: [
      exampleApi({ title: 'One sentence for both', routes: resetThat(() => ok({ message: 'if there is an account, a mail was sent' })) }),
      exampleApi({ title: 'The address is repeated', routes: resetThat((_, { body }) => ok({ sent: String(body['email']) })) }),
      exampleApi({
        title: 'The second request for an address has to wait',
        routes: resetThat((_, { revoked }) => (revoked.size > 1 ? { status: 429, body: { error: 'wait' } } : ok({ sent: true }))),
      }),
      exampleApi({ title: 'There is no reset' }),
    ],
  },
});

/** True for the operation by which people ask for a reset, not the one that carries it out. */
function isResetRequest({ method, path, body }: Operation): boolean {
  const names = [...(body?.contents[0]?.schema?.properties.keys() ?? [])].map(plainName);
  return (
    method === 'POST' &&
    !path.includes('{') &&
    /forgot|reset|recover/i.test(path) &&
    !names.some((name) => /pass|token|code|otp|pin/.test(name))
  );
}

/** The request for an account; `undefined` where more is asked for than who it is. */
function resetOf(world: World, operation: Operation, { facts }: SignUpAttempt): Request | undefined {
  const schema = operation.body?.contents[0]?.schema;
  const known = new Map(Object.entries(facts).map(([name, value]) => [plainName(name), value]));
  const valueOf = (name: string): string | undefined =>
    known.get(plainName(name)) ?? known.get(/mail/i.test(name) ? 'email' : /user|login|identifier/i.test(name) ? 'username' : '');
  const sent = [...(schema?.properties.keys() ?? [])].flatMap((name): [string, string][] => {
    const value = valueOf(name);
    return value === undefined ? [] : [[name, value]];
  });
  const isWhole = [...(schema?.required ?? [])].every((name) => valueOf(name) !== undefined);
  return isWhole && sent.length > 0 ? buildRequest(world.surface.origin, operation, { body: Object.fromEntries(sent) }) : undefined;
}

type User = ExampleContext['users'][number];

function resetThat(
  answer: (user: User | undefined, context: ExampleContext) => ReturnType<typeof ok>,
): NonNullable<Parameters<typeof exampleApi>[0]['routes']> {
  return {
    'POST /forgot-password': {
      summary: 'Ask for a new password',
      secured: false,
      body: { email: text },
      reply: (context) => {
        context.revoked.add(`reset ${context.revoked.size}`);
        return answer(
          context.users.find(({ email }) => email === context.body['email']),
          context,
        );
      },
    },
  };
}
