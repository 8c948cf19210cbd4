import { isDenied, isServed } from '../../model/answer.ts';
import type { OperationSubject, Verdict } from '../../model/check.ts';
import type { Header, Request } from '../../model/http.ts';
import type { World } from '../../model/world.ts';
import { exampleApi, ok, refused } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { bare, isTaken, ownPage, throwaway } from '../throwaway.ts';

export default defineCheck({
  id: 'session-fixation',
  category: 'authentication',
  severity: 'high',
  docs: {
    title: 'A log-in takes over the session id that the caller brought',
    risk: 'Whoever plants a cookie in a browser, by a link or from a sibling domain, is logged in as soon as its owner is.',
    remedy: 'Make a new session id at every log-in, and end the one that came with it.',
    cwe: [384],
    owasp: 'API2:2023',
  },
  needs: ['write'],
  subject: 'operation',
  phase: 'write',
  applies: ({ world, operation }: OperationSubject) =>
    cookieNames(world).length > 0 &&
    ownPage(world) !== undefined &&
    world.identities.some(({ name }) => world.sessions.get(name)?.account?.logIn === operation.id) &&
    throwaway(world, operation.id, 'fixation')?.attempt.logIn !== undefined,
  plan: ({ world, operation }) => {
    const mine = throwaway(world, operation.id, 'fixation');
    const page = ownPage(world);
    const logIn = mine?.attempt.logIn;
    if (!mine || !page || !logIn) throw new Error('session-fixation was planned without a log-in');
    const cookie = `m${world.token(`fixation/${operation.id}`)}${world.token(`fixation/more/${operation.id}`)}`;
    const planted = (request: Request): Request => {
      const header: Header = [
        'Cookie',
        cookieNames(world)
          .map((name) => `${name}=${cookie}`)
          .join('; '),
      ];
      return { ...request, headers: [...request.headers, header] };
    };
    return {
      session: [
        mine.enter[0],
        bare(planted(page.call.request), operation.id, 'a made-up session id, before the log-in'),
        bare(planted(logIn), operation.id, 'log-in with it'),
        bare(planted(page.call.request), operation.id, 'the made-up session id, after the log-in'),
      ],
    };
  },
  judge: (_, { session: [made, before, logIn, after] }): Verdict => {
    if (!made || !isTaken(made) || !logIn || !isTaken(logIn))
      return { outcome: 'inconclusive', why: 'a throwaway account could not log in' };
    if (!before || !isDenied(before)) return { outcome: 'pass', why: 'no session is asked for' };
    if (!after || !isServed(after)) return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: 'certain',
      proof: 'A made-up session id is refused, and after somebody logs in with it in the browser it is served.',
      exhibits: [
        { label: 'with the made-up id, after the log-in', answer: after },
        { label: 'the log-in', answer: logIn },
        { label: 'with the made-up id, before it', answer: before },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The session id of the browser is kept',
        tokens: { cookie: { name: 'sid', attributes: 'HttpOnly; SameSite=Lax' } },
        routes: fixed(true),
      }),
    ],
    safe: [
      exampleApi({ title: 'Every log-in makes its own', tokens: { cookie: { name: 'sid', attributes: 'HttpOnly; SameSite=Lax' } } }),
      exampleApi({ title: 'Tokens, and no cookies' }),
      exampleApi({
        title: 'The id of the browser is looked up and replaced',
        tokens: { cookie: { name: 'sid', attributes: 'HttpOnly; SameSite=Lax' } },
        routes: fixed(false),
      }),
    ],
  },
});

function cookieNames(world: World): readonly string[] {
  return [...new Set((world.lent ?? []).flatMap(({ cookies }) => cookies))];
}

type Routes = NonNullable<Parameters<typeof exampleApi>[0]['routes']>;

/** Sessions in a table, whose key is what the browser sent, or not. */
function fixed(keeps: boolean): Routes {
  const who = 'session of ';
  const body = { username: { type: 'string' }, password: { type: 'string' } };
  return {
    'POST /login': {
      summary: 'Log in',
      secured: false,
      body,
      reply: ({ body, users, token, revoked }) => {
        const user = users.find((candidate) => candidate.username === body['username'] && candidate.password === body['password']);
        if (!user) return refused;
        const id = keeps && token !== '' ? token : `s${revoked.size}-${user.username}`;
        revoked.add(`${who}${id}`);
        return { status: 200, body: { message: 'welcome' }, headers: { 'set-cookie': `sid=${id}; HttpOnly; SameSite=Lax` } };
      },
    },
    'GET /me': {
      secured: true,
      reply: ({ token, revoked }) => (revoked.has(`${who}${token}`) ? ok({ hello: 'friend', unread: 3 }) : refused),
    },
  };
}
