import { isDenied, isServed } from '../../model/answer.ts';
import type { OperationSubject, Verdict } from '../../model/check.ts';
import { headerOf } from '../../model/http.ts';
import type { LentCredential } from '../../model/world.ts';
import { garbled, guardedLooks, rewriting, type Guarded } from '../credential-probes.ts';
import { exampleApi, ok, refused, text } from '../example-api.ts';
import { resignedSession, sessionSignature, timeText } from '../flask-session.ts';
import { base64url } from '../hmac.ts';
import { bodyOf, defineCheck, sameContent } from '../support.ts';
import { hinted } from '../known-key.ts';

/** The time at which the sessions of the examples are made. */
const today = 1_900_000_000;
const broken = rewriting('credential garbled', garbled);

export default defineCheck({
  id: 'weak-session-secret',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'Sessions are signed with a key that is on word lists',
    risk: 'The session is kept in the cookie, and its signature is all that protects it: whoever holds one cookie finds the key without a single request, and then writes sessions for every account.',
    remedy:
      'Set SECRET_KEY to at least 32 random bytes (python -c "import secrets; print(secrets.token_hex(32))"), read from the environment and never from the source, and replace the present one: all sessions signed with it are worthless.',
    cwe: [521, 798, 565],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => placeOf(subject) !== undefined,
  plan: (subject) => {
    const place = placeOf(subject);
    const key = keyOf(subject);
    if (!place || key === undefined) return {};
    const by = (label: string, secret: string) => ({
      ...place.call,
      tamper: rewriting(label, (session) => resignedSession(session, secret)),
    });
    return {
      session: [
        { ...place.call, as: null },
        place.call,
        { ...place.call, tamper: broken },
        by('session that we signed with the key', key),
        by('session that we signed with another key', `${key}, and not quite`),
      ],
    };
  },
  judge: (subject, results): Verdict => {
    const place = placeOf(subject);
    const key = keyOf(subject);
    if (!place || key === undefined) {
      if (place?.lent.signedSession?.isSealed)
        return { outcome: 'inconclusive', why: 'the recording has a stand-in for the session, which no key fits' };
      return { outcome: 'pass', why: 'the key of the session is not on the word list' };
    }
    const [anonymous, genuine, wrong, forged, control] = results['session'] ?? [];
    const found = `The key of its sessions is a common one (${hinted(key)}), found from one cookie and a word list.`;
    if (!anonymous || !isDenied(anonymous) || !genuine || !isServed(genuine) || !wrong || !isDenied(wrong))
      return { outcome: 'inconclusive', why: 'the genuine session is not served, or a wrong signature is' };
    if (!forged || !isServed(forged) || !control || !isDenied(control))
      return {
        outcome: 'fail',
        confidence: 'firm',
        severity: 'high',
        proof: `${found} A session signed with it was not served, so something else may be checked as well.`,
        exhibits: [{ label: 'with the genuine session, whose signature gave the key away', answer: genuine }],
      };
    const same = bodyOf(genuine).trim() !== '' && sameContent(genuine, forged, place.baseline.noise);
    return {
      outcome: 'fail',
      confidence: same ? 'certain' : 'firm',
      proof: `${found} A session that we signed with it is served${same ? ' the same content as the genuine one' : ''}; no session and one signed with another key are refused.`,
      exhibits: [
        { label: 'with the genuine session', answer: genuine },
        { label: 'with a session that we signed', answer: forged },
        { label: 'with one signed with another key', answer: control },
      ],
      replay: 1,
    };
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'The key of the sessions is "changeme"', ...signed('changeme', () => true) }),
      exampleApi({ title: 'A common key, and sessions that are looked up besides', ...signed('changeme', (time) => time === today) }),
    ],
    safe: [
      exampleApi({ title: 'A random key', ...signed('rT7-vq2_Lw9xKc4ZbN8sYd3H', () => true) }),
      exampleApi({
        title: 'Sessions are random numbers',
        tokens: { cookie: { name: 'session', attributes: 'HttpOnly; SameSite=Lax' } },
      }),
      exampleApi({ title: 'There are no cookies' }),
    ],
  },
});

interface Place extends Guarded {
  readonly lent: LentCredential;
}

/** The first request that needs a session of this kind; at no other operation. */
function placeOf({ world, operation }: OperationSubject): Place | undefined {
  for (const place of guardedLooks(world.looks)) {
    const lent = world.lent?.find(({ identity }) => identity === place.as);
    if (lent?.signedSession) return place.call.operation === operation.id ? { ...place, lent } : undefined;
  }
  return undefined;
}

function keyOf(subject: OperationSubject): string | undefined {
  const place = placeOf(subject);
  return place && subject.world.keys?.secretOf(place.as);
}

/** An API whose sessions are kept in a signed cookie. */
function signed(key: string, isKnown: (time: number) => boolean): Pick<Parameters<typeof exampleApi>[0], 'tokens' | 'routes'> {
  const times = new Map([today, today - 60].map((time) => [timeText(time), time]));
  return {
    tokens: {
      find: (request) => {
        const session = /session=([^;]+)/.exec(headerOf(request.headers, 'cookie') ?? '')?.[1] ?? '';
        const [data = '', time = '', signature = ''] = session.split('.');
        const isSound = signature === sessionSignature(key, `${data}.${time}`) && isKnown(times.get(time) ?? 0);
        return isSound ? `token-of-${/"user":"(\w+)"/.exec(atob(data))?.[1]}` : '';
      },
    },
    routes: {
      'POST /login': {
        summary: 'Log in',
        secured: false,
        body: { username: text, password: text },
        reply: ({ body, users }) => {
          const user = users.find(({ username, password }) => username === body['username'] && password === body['password']);
          if (!user) return refused;
          const session = `${base64url(JSON.stringify({ user: user.username }))}.${timeText(today)}`;
          const cookie = `session=${session}.${sessionSignature(key, session)}; HttpOnly; Path=/`;
          return { ...ok({ message: 'welcome' }), headers: { 'set-cookie': cookie } };
        },
      },
    },
  };
}
