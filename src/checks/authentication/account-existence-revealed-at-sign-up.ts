import { isDenied, meaningOf } from '../../model/answer.ts';
import type { OperationSubject, Verdict } from '../../model/check.ts';
import { refusalOf, statusOf } from '../account-existence.ts';
import { exampleApi, ok, signUp, text } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { bare, isTaken } from '../throwaway.ts';

const salt = 'enumerate-sign-up';

export default defineCheck({
  id: 'account-existence-revealed-at-sign-up',
  category: 'authentication',
  severity: 'info',
  docs: {
    title: 'The sign-up tells whether an account exists',
    risk: 'Whoever has a list of addresses learns which of them have an account here. Where people choose a public name it cannot be otherwise; where they give a mail address it can.',
    remedy:
      'Answer each sign-up alike, and say the rest by mail: a link to finish it, or a note that there is an account already. Limit sign-ups for each caller.',
    cwe: [204],
    owasp: 'API2:2023',
  },
  needs: ['write', 'intrusive'],
  subject: 'operation',
  phase: 'write',
  applies: ({ world, operation }: OperationSubject) => world.signUp?.operation.id === operation.id,
  plan: ({ world, operation }) => {
    const [one, other] = attempts(world);
    return {
      accounts: [
        bare(one.request, operation.id, 'sign-up of a throwaway account'),
        bare(one.request, operation.id, 'the same again'),
        bare(other.request, operation.id, 'sign-up of another one'),
      ],
    };
  },
  judge: ({ world }, { accounts: [made, again, fresh] }): Verdict => {
    const [one, other] = attempts(world);
    if (!made || !isTaken(made) || !again || !fresh || !isTaken(fresh))
      return { outcome: 'inconclusive', why: 'throwaway accounts could not be made' };
    if (['busy', 'failed'].includes(meaningOf(again))) return { outcome: 'inconclusive', why: 'the sign-up did not answer each time' };
    if (!isDenied(again) || refusalOf(again, one) === refusalOf(fresh, other)) return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: 'firm',
      proof: `The same sign-up was accepted (${statusOf(made)}) and then refused (${statusOf(again)}), while another new one was accepted: so it tells which accounts are there.`,
      exhibits: [
        { label: 'an account that exists', answer: again },
        { label: 'one that did not', answer: fresh },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'A name that is taken is refused',
        routes: signUpThat(() => ({ status: 409, body: { error: 'that name is taken' } })),
      }),
      exampleApi({ title: 'It is refused with status 200' }),
    ],
    safe: [
      exampleApi({ title: 'Every sign-up is answered alike', routes: signUpThat(() => ok({ status: 'success', message: 'Registered' })) }),
      exampleApi({ title: 'The second sign-up has to wait', routes: signUpThat(() => ({ status: 429, body: { error: 'wait' } })) }),
    ],
  },
});

type Attempt = ReturnType<NonNullable<OperationSubject['world']['signUp']>['attempt']>;

function attempts({ signUp: recipe }: OperationSubject['world']): readonly [Attempt, Attempt] {
  if (!recipe) throw new Error('account-existence-revealed-at-sign-up was planned without a sign-up');
  return [recipe.attempt(`${salt}/1`, {}), recipe.attempt(`${salt}/2`, {})];
}

function signUpThat(again: () => ReturnType<typeof ok>): NonNullable<Parameters<typeof exampleApi>[0]['routes']> {
  return {
    'POST /register': {
      summary: 'Register a new account',
      secured: false,
      body: { username: text, email: text, password: text },
      reply: ({ body, users }) => (users.some(({ username }) => username === body['username']) ? again() : signUp(users, body, {})),
    },
  };
}
