import type { OperationSubject, Verdict } from '../../model/check.ts';
import { isCredentialCookie } from '../../model/credential-place.ts';
import { headersOf, type Answer } from '../../model/http.ts';
import type { OperationId } from '../../model/operation.ts';
import type { World } from '../../model/world.ts';
import { exampleApi } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { bare } from '../throwaway.ts';

export default defineCheck({
  id: 'session-cookie-unprotected',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'The session cookie can be read by scripts, or travels without encryption',
    risk: 'Without HttpOnly, any script on the page takes the session; without Secure, anybody on the network does. Without SameSite, browsers decide when other sites may use it.',
    remedy:
      'Set session cookies with HttpOnly, Secure and SameSite=Lax (in Flask: SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax").',
    cwe: [1004, 614, 1275],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => holder(subject) !== undefined || seenHere(subject).length > 0,
  plan: (subject) => {
    const who = holder(subject);
    const account = who && subject.world.sessions.get(who.identity)?.account;
    return account ? { logIn: [bare(account.logInWith(account.password), subject.operation.id, 'log-in')] } : {};
  },
  judge: (subject, results): Verdict | readonly Verdict[] => {
    const who = holder(subject);
    const [logIn] = results['logIn'] ?? [];
    const cookies = [
      ...(logIn ? setBy(logIn).filter(({ name }) => who?.cookies.includes(name) && !/csrf|xsrf/i.test(name)) : []),
      ...seenHere(subject),
    ];
    if (cookies.length === 0) return { outcome: 'inconclusive', why: 'the log-in set no cookie this time' };
    const isEncrypted = subject.world.surface.origin.startsWith('https:');
    const failures = cookies.flatMap((cookie) => verdictOf(cookie, isEncrypted));
    return failures.length > 0 ? failures : { outcome: 'pass' };
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'Scripts can read the session', tokens: { cookie: { name: 'session', attributes: 'Path=/' } } }),
      exampleApi({
        title: 'Other sites may use the session',
        tokens: { cookie: { name: 'session', attributes: 'Path=/; HttpOnly; Secure; SameSite=None' } },
      }),
      exampleApi({ title: 'Everybody gets a session that scripts can read', routes: visited('sid=s3b1a9f27c44; Path=/') }),
    ],
    safe: [
      exampleApi({
        title: 'A setting, and a token against forged requests',
        routes: visited('theme=dark-mode-2; Path=/', 'csrf_token=a81b3c55e0f2; Path=/', 'AWSALB=x81b3c55e0f2a77c1b; Path=/'),
      }),
      exampleApi({ title: 'A session that is taken away', routes: visited('sid=; Path=/; Max-Age=0') }),
      exampleApi({ title: 'All is set', tokens: { cookie: { name: 'session', attributes: 'Path=/; HttpOnly; SameSite=Lax' } } }),
      exampleApi({ title: 'No cookies at all' }),
    ],
  },
});

/** What people call sessions; balancers and guards against robots set cookies as well. */
const sessionName = /sess|(?:^|[._-])sid\b|auth|jwt|(?:^|[._-])token\b|connect\./i;

interface SetCookie {
  readonly name: string;
  /** As it was set, attributes and all. */
  readonly line: string;
  readonly answer: Answer;
}

function verdictOf({ name, line, answer }: SetCookie, isEncrypted: boolean): Verdict[] {
  const has = (attribute: string): boolean => new RegExp(`;\\s*${attribute}\\b`, 'i').test(line);
  const serious = [...(has('httponly') ? [] : ['HttpOnly']), ...(isEncrypted && !has('secure') ? ['Secure'] : [])];
  const missing = [...serious, ...(has('samesite') ? [] : ['SameSite'])];
  const isForAll = has('samesite=none');
  if (missing.length === 0 && !isForAll) return [];
  const lacking = missing.length > 0 ? ` without ${missing.join(' and ')}` : '';
  return [
    {
      outcome: 'fail',
      confidence: 'certain',
      severity: serious.length > 0 ? 'low' : 'info',
      proof: `The session cookie "${name}" is set${lacking}${isForAll ? `${lacking === '' ? '' : ','} with SameSite=None, so other sites may use it` : ''}.`,
      exhibits: [{ label: 'the answer that sets it', answer, highlights: [name] }],
      part: name,
    },
  ];
}

/** An identity that logs in here and whose session is in cookies. */
function holder({ world, operation }: OperationSubject): { identity: string; cookies: readonly string[] } | undefined {
  return world.lent?.find(({ identity, cookies }) => cookies.length > 0 && world.sessions.get(identity)?.account?.logIn === operation.id);
}

/** Session cookies that are set here by ordinary answers, and at no operation before: a log-in tells of its own. */
function seenHere({ world, operation }: OperationSubject): readonly SetCookie[] {
  const known = memo.get(world) ?? seenAnywhere(world);
  memo.set(world, known);
  return known.get(operation.id) ?? [];
}

// Each operation asks, and the answers are the same for all.
const memo = new WeakMap<World, ReadonlyMap<OperationId, readonly SetCookie[]>>();

function seenAnywhere(world: World): ReadonlyMap<OperationId, readonly SetCookie[]> {
  const told = new Set(
    (world.lent ?? []).flatMap(({ identity, cookies }) => (world.sessions.get(identity)?.account?.logIn === undefined ? [] : cookies)),
  );
  const names = new Set<string>();
  const found = new Map<OperationId, SetCookie[]>();
  for (const { operation, baseline } of world.looks) {
    for (const cookie of baseline.answers.flatMap(cookiesIn)) {
      if (told.has(cookie.name) || names.has(cookie.name)) continue;
      names.add(cookie.name);
      const here = found.get(operation.id);
      if (here) here.push(cookie);
      else found.set(operation.id, [cookie]);
    }
  }
  return found;
}

/** The cookies that an answer sets and that, by their names, say who the caller is. */
function cookiesIn(answer: Answer): SetCookie[] {
  return setBy(answer).filter(({ name, value }) => sessionName.test(name) && isCredentialCookie(name, value) && !/csrf|xsrf/i.test(name));
}

/** The cookies that an answer sets; one that it takes away is none. */
function setBy(answer: Answer): (SetCookie & { readonly value: string })[] {
  const lines = answer.kind === 'exchange' ? headersOf(answer.response.headers, 'set-cookie') : [];
  return lines.flatMap((line) => {
    const [, name = '', value = ''] = /^\s*([^=;\s]+)\s*=\s*"?([^;"]*)/.exec(line) ?? [];
    const isTakenAway = value.length < 6 || /max-age=0|expires=thu, 01[ -]jan[ -]1970/i.test(line);
    return isTakenAway ? [] : [{ name, value, line, answer }];
  });
}

function visited(...lines: readonly string[]): NonNullable<Parameters<typeof exampleApi>[0]['routes']> {
  return Object.fromEntries(
    lines.map((line, index) => [
      `GET /welcome-${index}`,
      { secured: false, reply: () => ({ status: 200, body: { hello: 'you' }, headers: { 'set-cookie': line } }) },
    ]),
  );
}
