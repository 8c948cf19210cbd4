import { isDenied, isServed } from '../../model/answer.ts';
import type { NextStep, OperationSubject, Probe, Step, Verdict } from '../../model/check.ts';
import { headersOf, type Answer, type Header, type Request } from '../../model/http.ts';
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
    const made = `m${world.token(`fixation/${operation.id}`)}${world.token(`fixation/more/${operation.id}`)}`;
    const madeUp: Planting = () => cookieNames(world).map((name) => [name, made]);
    // A target that takes no id but its own may still keep the one that it gave before the log-in.
    const issued: Planting = (previous) => issuedBy(previous[0], cookieNames(world));
    const probe = (what: string, planting: Planting, first: Step): Probe => {
      const send =
        (request: Request, label: string): NextStep =>
        (previous) => {
          const cookies = planting(previous);
          return cookies.length > 0 ? bare(planted(request, cookies), operation.id, label) : null;
        };
      return [
        first,
        send(page.call.request, `${what}, before the log-in`),
        send(logIn, 'log-in with it'),
        send(page.call.request, `${what}, after the log-in`),
      ];
    };
    const visit = bare(page.call.request, operation.id, 'a visit that gets a session id');
    return { session: probe('a made-up session id', madeUp, mine.enter[0]), issued: probe('the session id of a visit', issued, visit) };
  },
  judge: (_, { session, issued }): Verdict => {
    const verdict = verdictOf('made-up session id', session);
    // The same account as before, which is signed up by now.
    return verdict.outcome === 'fail' || issued.length < 2 ? verdict : verdictOf('session id of an anonymous visit', issued);
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The session id of the browser is kept',
        tokens: { cookie: { name: 'sid', attributes: 'HttpOnly; SameSite=Lax' } },
        routes: fixed(true),
      }),
      exampleApi({
        title: 'The session id that a visit was given is kept',
        tokens: { cookie: { name: 'sid', attributes: 'HttpOnly; SameSite=Lax' } },
        routes: visited(true),
      }),
    ],
    safe: [
      exampleApi({
        title: 'A visit is given a session id, and the log-in another one',
        tokens: { cookie: { name: 'sid', attributes: 'HttpOnly; SameSite=Lax' } },
        routes: visited(false),
      }),
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

type Planting = (previous: readonly Answer[]) => readonly (readonly [name: string, value: string])[];

function verdictOf(what: string, [, before, logIn, after]: readonly Answer[]): Verdict {
  if (!logIn || !isTaken(logIn)) return { outcome: 'inconclusive', why: 'a throwaway account could not log in' };
  if (!before || !isDenied(before)) return { outcome: 'pass', why: 'no session is asked for' };
  if (!after || !isServed(after)) return { outcome: 'pass' };
  return {
    outcome: 'fail',
    confidence: 'certain',
    proof: `A ${what} is refused, and after somebody logs in with it in the browser it is served.`,
    exhibits: [
      { label: 'with the id, after the log-in', answer: after },
      { label: 'the log-in', answer: logIn },
      { label: 'with the id, before it', answer: before },
    ],
  };
}

function planted(request: Request, cookies: ReturnType<Planting>): Request {
  const header: Header = ['Cookie', cookies.map(([name, value]) => `${name}=${value}`).join('; ')];
  return { ...request, headers: [...request.headers, header] };
}

/** The session ids that an answer sets. */
function issuedBy(answer: Answer | undefined, names: readonly string[]): ReturnType<Planting> {
  const lines = answer?.kind === 'exchange' ? headersOf(answer.response.headers, 'set-cookie') : [];
  return lines.flatMap((line): [string, string][] => {
    const [, name = '', value = ''] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
    return names.includes(name) && value !== '' ? [[name, value]] : [];
  });
}

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

/** Sessions in a table, begun by a visit; the log-in keeps the one that it comes with, or not. Other ids are not taken. */
function visited(keeps: boolean): Routes {
  const routes = fixed(true);
  const logIn = routes['POST /login'];
  const begun = (id: string, cookies: ReadonlySet<string>): boolean => cookies.has(`begun ${id}`);
  return {
    ...routes,
    ...(logIn
      ? {
          'POST /login': {
            ...logIn,
            reply: (context) => logIn.reply({ ...context, token: keeps && begun(context.token, context.revoked) ? context.token : '' }),
          },
        }
      : {}),
    'GET /me': {
      secured: true,
      reply: ({ token, revoked }) => {
        if (revoked.has(`session of ${token}`)) return ok({ hello: 'friend', unread: 3 });
        const id = `v${revoked.size}visit`;
        revoked.add(`begun ${id}`);
        return { ...refused, headers: { 'set-cookie': `sid=${id}; HttpOnly; SameSite=Lax` } };
      },
    },
  };
}
