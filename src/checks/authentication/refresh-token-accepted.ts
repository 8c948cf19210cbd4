import { isDenied, isServed } from '../../model/answer.ts';
import type { NextStep, OperationSubject, Verdict } from '../../model/check.ts';
import { jsonOf, type Answer, type Request } from '../../model/http.ts';
import { leaves } from '../../model/json.ts';
import { wordsOf } from '../../model/names.ts';
import { garbled } from '../credential-probes.ts';
import { exampleApi, ok, refused, text, type ExampleContext } from '../example-api.ts';
import { bodyOf, defineCheck, sameContent } from '../support.ts';
import { bare, ownPage, probeAs, throwaway, type Throwaway } from '../throwaway.ts';

export default defineCheck({
  id: 'refresh-token-accepted',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'A refresh token opens what access tokens are for',
    risk: 'Refresh tokens live for weeks, because they are shown to one operation alone. Where they open everything, the short life of access tokens protects nobody.',
    remedy:
      'Say in each token what it is for ("type", "typ" or another audience), and refuse refresh tokens everywhere but at the operation that renews.',
    cwe: [613, 287],
    owasp: 'API2:2023',
  },
  needs: ['write'],
  subject: 'operation',
  phase: 'write',
  applies: ({ world, operation }: OperationSubject) =>
    world.signUp !== undefined &&
    ownPage(world) !== undefined &&
    world.identities.some(({ name }) => world.sessions.get(name)?.account?.logIn === operation.id) &&
    account(world, operation.id)?.attempt.logIn !== undefined,
  plan: ({ world, operation }) => {
    const mine = account(world, operation.id);
    const page = ownPage(world)?.call.request;
    if (!mine || !page) throw new Error('refresh-token-accepted was planned without a log-in');
    const instead =
      (label: string, change: (token: string) => string): NextStep =>
      (previous) => {
        const request = withRefreshToken(mine, page, previous[mine.entered], change);
        return request ? bare(request, operation.id, label) : null;
      };
    return {
      page: probeAs(
        mine,
        mine.send(page, 'its page'),
        instead('its page, with the refresh token', (token) => token),
        instead('its page, with a garbled refresh token', garbled),
      ),
    };
  },
  judge: ({ world, operation }, { page }): Verdict => {
    const [genuine, refresh, wrong] = page.slice((account(world, operation.id)?.entered ?? 0) + 1);
    if (!genuine || !isServed(genuine)) return { outcome: 'inconclusive', why: 'a throwaway account could not be used' };
    if (!refresh || !wrong) return { outcome: 'pass', why: 'the log-in gives no refresh token' };
    if (!isServed(refresh)) return { outcome: 'pass' };
    if (!isDenied(wrong)) return { outcome: 'pass', why: 'any credential is accepted, which is a finding of its own' };
    const same = bodyOf(genuine).trim() !== '' && sameContent(genuine, refresh, ownPage(world)?.baseline.noise);
    return {
      outcome: 'fail',
      confidence: same ? 'certain' : 'firm',
      proof: `The refresh token that the log-in gives is served${same ? ' the same content' : ''} in place of the access token; a garbled one is refused.`,
      exhibits: [
        { label: 'with the refresh token', answer: refresh },
        { label: 'with the access token', answer: genuine },
        { label: 'with a garbled refresh token', answer: wrong },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'Refresh tokens are tokens like others', routes: logInGiving(({ issue }, username) => issue(username)) }),
    ],
    safe: [
      exampleApi({
        title: 'Refresh tokens say what they are for, and that is looked at',
        tokens: { claims: (user) => ({ type: user?.extra['renews'] === true ? 'refresh' : 'access' }) },
        verify: ({ signature, expected, claims }) => signature === expected && claims['type'] === 'access',
        routes: logInGiving(({ issue, users }, username) => {
          const user = users.find((each) => each.username === username);
          if (user) user.extra['renews'] = true;
          const token = issue(username);
          if (user) user.extra['renews'] = false;
          return token;
        }),
      }),
      exampleApi({ title: 'Refresh tokens are random', routes: logInGiving(() => 'r7Vq2Lw9xKc4ZbN8sYd3H0aQ') }),
      exampleApi({ title: 'There are none' }),
      exampleApi({
        title: 'Nothing is verified: reported as any-credential-accepted',
        verify: () => true,
        routes: logInGiving(({ issue }, username) => issue(username)),
      }),
    ],
  },
});

function account(world: OperationSubject['world'], operation: string): Throwaway | undefined {
  return throwaway(world, operation, 'refresh');
}

/** The request with the refresh token of a log-in where the access token would be; `undefined` where the answer has none. */
function withRefreshToken(
  { attempt }: Throwaway,
  page: Request,
  answer: Answer | undefined,
  change: (token: string) => string,
): Request | undefined {
  const json = answer?.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  const request = answer && attempt.as(answer, page);
  if (json === undefined || !request) return undefined;
  const told = leaves(json, 200).flatMap(({ name, value }) => (typeof value === 'string' && value.length >= 16 ? [{ name, value }] : []));
  const refresh = told.find(({ name }) => wordsOf(name).includes('refresh'))?.value;
  const access = told.find(({ value }) => value !== refresh && request.headers.some(([, sent]) => sent.includes(value)))?.value;
  if (refresh === undefined || access === undefined) return undefined;
  return { ...request, headers: request.headers.map(([name, sent]) => [name, sent.replace(access, () => change(refresh))]) };
}

function logInGiving(
  refreshToken: (context: ExampleContext, username: string) => string,
): NonNullable<Parameters<typeof exampleApi>[0]['routes']> {
  return {
    'POST /login': {
      summary: 'Log in',
      secured: false,
      body: { username: text, password: text },
      reply: (context) => {
        const { users, body, issue } = context;
        const user = users.find(({ username, password }) => username === body['username'] && password === body['password']);
        return user ? ok({ access_token: issue(user.username), refresh_token: refreshToken(context, user.username) }) : refused;
      },
    },
  };
}
