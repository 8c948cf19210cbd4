import { isDenied, isServed } from '../../model/answer.ts';
import type { OperationSubject, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import { exampleApi, ok, refused } from '../example-api.ts';
import { garbled, guardedLook, rewriting, servedAccess } from '../credential-probes.ts';
import { defineCheck, first, sameContent } from '../support.ts';

const broken = rewriting('credential garbled', garbled);
const malformed = rewriting('credential replaced by a word', () => 'x');

export default defineCheck({
  id: 'any-credential-accepted',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'A credential that was never issued is accepted',
    risk: 'The operation checks that a credential is present and not that it is right, so anybody may make one up.',
    remedy:
      'Verify the credential on every request: look the key up (hashed, compared in constant time) or verify the signature of the token, and answer 401 for all others.',
    cwe: [287, 345],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) =>
    subject.operation.method === 'GET' && (guardedLook(subject) ?? servedAccess(subject)) !== undefined,
  plan: (subject) => {
    const guarded = guardedLook(subject) ?? servedAccess(subject);
    if (!guarded) throw new Error('any-credential-accepted was planned without a guarded request');
    return {
      anonymous: [{ ...guarded.call, as: null }],
      genuine: [guarded.call],
      garbled: [{ ...guarded.call, tamper: broken }],
      malformed: [{ ...guarded.call, tamper: malformed }],
    };
  },
  judge: (subject, results): Verdict => {
    const anonymous = first(results.anonymous);
    const genuine = first(results.genuine);
    if (!anonymous || !isDenied(anonymous)) return { outcome: 'pass', why: 'no credential is asked for' };
    if (!genuine || !isServed(genuine)) return { outcome: 'inconclusive', why: 'the genuine credential is no longer accepted' };
    const baseline = (guardedLook(subject) ?? servedAccess(subject))?.baseline;
    for (const [what, answer] of [
      ['garbled', first(results.garbled)],
      ['malformed', first(results.malformed)],
    ] as const) {
      if (!answer || !isServed(answer)) continue;
      return verdict(what, genuine, answer, anonymous, sameContent(genuine, answer, baseline?.noise));
    }
    return { outcome: 'pass' };
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'The signature of tokens is not verified', verify: () => true }),
      exampleApi({
        title: 'Any Authorization header will do',
        routes: {
          'GET /status': {
            secured: true,
            reply: ({ request }) =>
              request.headers.some(([name]) => name.toLowerCase() === 'authorization')
                ? ok({ orders: 17, revenue: 4100, region: 'north' })
                : refused,
          },
        },
      }),
    ],
    safe: [
      exampleApi({ title: 'Only issued tokens are accepted' }),
      exampleApi({
        title: 'Bad tokens are answered with an error body and status 200',
        routes: {
          'GET /me': {
            secured: true,
            reply: ({ me }) => ok(me ? { username: me.username, email: me.email } : { status: 'fail', message: 'invalid token' }),
          },
        },
      }),
      exampleApi({
        title: 'An open operation needs no credential',
        routes: { 'GET /news': { secured: false, reply: () => ok({ headline: 'Nothing happened today' }) } },
      }),
    ],
  },
});

function verdict(what: string, genuine: Answer, answer: Answer, anonymous: Answer, same: boolean): Verdict {
  return {
    outcome: 'fail',
    confidence: same ? 'certain' : 'firm',
    proof: same
      ? `The anonymous caller is refused, and a ${what} credential gets the same content as the genuine one.`
      : `The anonymous caller is refused, and a ${what} credential is served.`,
    exhibits: [
      { label: 'with the genuine credential', answer: genuine },
      { label: `with a ${what} credential`, answer },
      { label: 'without any', answer: anonymous },
    ],
    replay: 1,
  };
}
