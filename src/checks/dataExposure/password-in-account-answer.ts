import type { OperationSubject, Verdict } from '../../model/check.ts';
import { asksFor } from '../../model/graphql.ts';
import { jsonOf, type Answer } from '../../model/http.ts';
import { leaves, type Leaf } from '../../model/json.ts';
import { sensitivity } from '../../model/sensitive.ts';
import { exampleApi, ok, refused, signUp, text } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { isTaken, probeAs, throwaway } from '../throwaway.ts';

const account = { username: text, email: text, password: text };
const hash = '$2b$12$abcdefghijklmnopqrstuuJvXq1d0mVn3h0mK7yq0mVn3h0mK7yqO';
const logIn = (extra: (password: string) => Readonly<Record<string, string>>): Parameters<typeof exampleApi>[0]['routes'] => ({
  'POST /login': {
    summary: 'Log in',
    secured: false,
    body: { username: text, password: text },
    reply: ({ body, users, issue }) => {
      const user = users.find((candidate) => candidate.username === body['username'] && candidate.password === body['password']);
      return user ? ok({ access_token: issue(user.username), user: { name: user.username, ...extra(user.password) } }) : refused;
    },
  },
});

export default defineCheck({
  id: 'password-in-account-answer',
  category: 'dataExposure',
  severity: 'medium',
  docs: {
    title: 'The answer to a sign-up or a log-in holds the password, or its hash',
    risk: 'The stored account is sent as a whole: hashes can be guessed offline, and both end up in the logs and caches of clients that never needed them.',
    remedy: 'Name the properties that these answers hold (an id, a name, the token) instead of returning the stored account.',
    cwe: [200, 213, 522],
    owasp: 'API3:2023',
  },
  needs: ['write'],
  subject: 'operation',
  phase: 'write',
  applies: (subject: OperationSubject) => stepOf(subject) !== undefined,
  plan: ({ world, operation }) => {
    const mine = throwaway(world, operation.id, 'password-in-account-answer');
    if (!mine) throw new Error('password-in-account-answer was planned where nobody can sign up');
    return { account: probeAs(mine) };
  },
  judge: (subject, { account: answers }): Verdict => {
    const answer = answers[stepOf(subject) ?? 0];
    const mine = throwaway(subject.world, subject.operation.id, 'password-in-account-answer');
    if (!answer || !mine || !isTaken(answer)) return { outcome: 'inconclusive', why: 'no account of its own could be used' };
    const found = secretLeaf(answer, mine.attempt.password);
    if (!found) return { outcome: 'pass' };
    const what = found.value === mine.attempt.password ? 'the password that was sent' : 'a hash of the password';
    return {
      outcome: 'fail',
      confidence: 'certain',
      proof: `The answer for a new account holds ${what}, in "${found.name}" (at ${found.pointer}).`,
      exhibits: [{ label: 'the answer', answer, highlights: [`"${found.name}"`] }],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Signing up returns the stored account',
        routes: {
          'POST /register': {
            summary: 'Register a new account',
            secured: false,
            body: account,
            reply: ({ body, users }) => {
              const reply = signUp(users, body, {});
              return reply.status < 400 ? ok({ username: String(body['username']), password: hash }) : reply;
            },
          },
        },
      }),
      exampleApi({
        title: 'Logging in returns the password with the token',
        routes: logIn((password) => ({ secretWord: password })) ?? {},
      }),
    ],
    safe: [
      exampleApi({ title: 'A token, and nothing of the password' }),
      exampleApi({ title: 'The password is masked', routes: logIn(() => ({ password: '********' })) ?? {} }),
      exampleApi({
        title: 'A token that looks like a hash is the token',
        routes: logIn(() => ({ session: '9e107d9d372bb6826bd81d3542a419d6' })) ?? {},
      }),
    ],
  },
});

/** Which of the answers of a throwaway account is this operation's: its sign-up, or the log-in that follows. */
function stepOf({ world, operation }: OperationSubject): number | undefined {
  const mine = throwaway(world, operation.id, 'password-in-account-answer');
  if (!mine) return undefined;
  if (world.signUp?.operation.id === operation.id) return 0;
  const { logIn: request } = mine.attempt;
  if (!request || !world.authOperations.has(operation.id)) return undefined;
  const { graphql, method, path } = operation;
  return (graphql ? asksFor(graphql, request) : request.method === method && request.path === path) ? 1 : undefined;
}

function secretLeaf(answer: Answer, password: string): Leaf | undefined {
  const json = answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  return leaves(json ?? null, 500).find((leaf) => {
    if (leaf.value === password) return true;
    const sensitive = sensitivity(leaf.name, leaf.value);
    return sensitive?.kind === 'password hash' && sensitive.by === 'value';
  });
}
