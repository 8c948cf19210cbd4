import { isServed } from '../../model/answer.ts';
import { buildRequest } from '../../model/build-request.ts';
import type { OperationSubject, Verdict } from '../../model/check.ts';
import { jsonOf, type Answer } from '../../model/http.ts';
import { leaves, type Json } from '../../model/json.ts';
import { plainName } from '../../model/names.ts';
import type { Operation } from '../../model/operation.ts';
import { done, exampleApi, ok, refused } from '../example-api.ts';
import { parseJwt } from '../jwt.ts';
import { defineCheck, sameContent } from '../support.ts';
import { ownPage, probeAs, throwaway, type Throwaway } from '../throwaway.ts';

const logOut = { summary: 'Log out', secured: true } as const;

export default defineCheck({
  id: 'session-not-ended',
  category: 'authentication',
  severity: 'medium',
  docs: {
    title: 'A credential still works after its log-out',
    risk: 'Logging out is what people do on a shared computer or after a theft; whoever copied the credential stays logged in. It is low for tokens that expire soon, which nobody looks up anywhere: their designers chose so.',
    remedy:
      'Remove the session from the store at log-out; forgetting the cookie in one browser ends nothing. For signed tokens, keep a list of ended "jti" until they expire, or make tokens short-lived and end the refresh token.',
    cwe: [613],
    owasp: 'API2:2023',
  },
  needs: ['write'],
  subject: 'operation',
  phase: 'write',
  ofLeftOut: true,
  applies: ({ world, operation }: OperationSubject) =>
    isLogOut(operation) && ownPage(world) !== undefined && account(world, operation) !== undefined,
  plan: ({ world, operation }) => {
    const page = ownPage(world);
    const mine = account(world, operation);
    if (!page || !mine) throw new Error('session-not-ended was planned without an account of its own');
    const read = mine.send(page.call.request, 'its page');
    return {
      session: probeAs(
        mine,
        read,
        read,
        (previous) =>
          mine.send(buildRequest(world.surface.origin, operation, bodyFor(operation, previous[mine.entered])), 'its log-out')(previous),
        mine.send(page.call.request, 'its page after log-out'),
      ),
    };
  },
  judge: ({ world, operation }, { session }): Verdict => {
    const at = (account(world, operation)?.entered ?? 0) + 1;
    const [before, again, out, after] = session.slice(at);
    if (!before || !again || !isServed(before) || !isServed(again))
      return { outcome: 'inconclusive', why: 'a throwaway account could not be used' };
    if (!out || !isLoggedOut(out)) return { outcome: 'inconclusive', why: 'the log-out was refused' };
    if (!after || !isServed(after)) return { outcome: 'pass' };
    const noise = ownPage(world)?.baseline.noise;
    const same = sameContent(before, after, noise) && sameContent(before, again, noise);
    const isJwt = carriesJwt(after);
    return {
      outcome: 'fail',
      confidence: same ? 'certain' : 'firm',
      severity: isJwt ? 'low' : 'medium',
      proof: `After the log-out of a throwaway account, its ${isJwt ? 'token' : 'session'} is still served${same ? ' the same content as before' : ''}; the anonymous caller is refused.`,
      exhibits: [
        { label: 'after the log-out, with the old credential', answer: after },
        { label: 'the log-out', answer: out },
        { label: 'before it', answer: before },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Log-out only says good-bye',
        routes: { 'POST /logout': { ...logOut, reply: ({ me }) => (me ? done : refused) } },
      }),
      exampleApi({
        title: 'Log-out takes the cookie out of the browser alone',
        tokens: { cookie: { name: 'sid', attributes: 'HttpOnly; SameSite=Lax' } },
        routes: {
          'GET /logout': { ...logOut, reply: () => ({ status: 302, headers: { location: '/login', 'set-cookie': 'sid=; Max-Age=0' } }) },
        },
      }),
    ],
    safe: [
      exampleApi({
        title: 'Log-out ends the token',
        routes: { 'POST /logout': { ...logOut, reply: ({ me, token, revoked }) => (me && revoked.add(token) ? done : refused) } },
      }),
      exampleApi({ title: 'There is no log-out' }),
      exampleApi({
        title: 'Log-out wants more than it got, and did not happen',
        routes: {
          'POST /logout': {
            ...logOut,
            body: { device: { type: 'string' } },
            reply: () => ({ status: 400, body: { error: 'which device?' } }),
          },
        },
      }),
      exampleApi({
        title: 'What is served afterwards is what anybody is served',
        routes: {
          'POST /logout': { ...logOut, reply: ({ token, revoked }) => (revoked.add(token) ? done : refused) },
          'GET /me': { secured: false, reply: ({ me }) => ok({ hello: me ? 'friend' : 'stranger' }) },
        },
      }),
    ],
  },
});

function isLogOut(operation: Operation): boolean {
  const text = `${operation.path} ${operation.operationId ?? ''} ${operation.summary ?? ''}`;
  return /(?:log|sign)[ _-]?(?:out|off)\b/i.test(text) && !operation.path.includes('{') && !/\b(?:all|everyone|other)\b/i.test(text);
}

function account(world: OperationSubject['world'], operation: Operation): Throwaway | undefined {
  return throwaway(world, operation.id, 'log-out');
}

/** What a log-out asks for came with the log-in: a refresh token, a session id. */
function bodyFor(operation: Operation, credential: Answer | undefined): { body?: Json } {
  const names = [...(operation.body?.contents[0]?.schema?.properties.keys() ?? [])];
  const json = credential?.kind === 'exchange' ? jsonOf(credential.response) : undefined;
  const told = json === undefined ? [] : leaves(json, 200);
  const entries = names.flatMap((name): [string, Json][] => {
    const leaf = told.find((candidate) => plainName(candidate.name) === plainName(name));
    return leaf ? [[name, leaf.value]] : [];
  });
  return operation.body ? { body: Object.fromEntries(entries) } : {};
}

/** Done, whatever it says: being sent to the log-in page is how browsers are logged out. */
function isLoggedOut(answer: Answer): boolean {
  return isServed(answer) || (answer.kind === 'exchange' && answer.response.status >= 300 && answer.response.status < 400);
}

function carriesJwt({ request }: Answer): boolean {
  return request.headers.some(([, value]) => value.split(/[\s=;]+/).some((word) => parseJwt(word) !== undefined));
}
