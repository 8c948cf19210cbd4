import { isDenied, isServed } from '../../model/answer.ts';
import type { OperationSubject, Probe, Verdict } from '../../model/check.ts';
import type { Tamper } from '../../model/identity.ts';
import type { World } from '../../model/world.ts';
import { exampleApi, ok } from '../example-api.ts';
import { garbled, guardedLook, resigned, rewriting, servedAccess } from '../credential-probes.ts';
import { defineCheck, first, sameContent } from '../support.ts';

const forgeries: Readonly<Record<string, Tamper>> = {
  none: rewriting('token unsigned, alg none', (token) => resigned(token, 'none', '')),
  None: rewriting('token unsigned, alg None', (token) => resigned(token, 'None', '')),
  NONE: rewriting('token unsigned, alg NONE', (token) => resigned(token, 'NONE', '')),
  nOnE: rewriting('token unsigned, alg nOnE', (token) => resigned(token, 'nOnE', '')),
  stripped: rewriting('token with its signature stripped', (token) => resigned(token, undefined, '')),
};

export default defineCheck({
  id: 'unsigned-token-accepted',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'A token without a signature is accepted',
    risk: 'Whoever can write JSON can act as anybody: the claims of an unsigned token are whatever its maker likes.',
    remedy:
      'Verify with a fixed list of algorithms that does not contain "none", such as jwt.decode(token, key, algorithms=["HS256"]), and refuse tokens without a signature.',
    cwe: [347, 327],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => subject.operation.method === 'GET' && isRepresentative(subject),
  plan: (subject) => {
    const guarded = guardedLook(subject) ?? servedAccess(subject);
    if (!guarded) throw new Error('unsigned-token-accepted was planned without a guarded request');
    const probes: Record<string, Probe> = {
      anonymous: [{ ...guarded.call, as: null }],
      genuine: [guarded.call],
      garbled: [{ ...guarded.call, tamper: rewriting('credential garbled', garbled) }],
    };
    for (const [name, tamper] of Object.entries(forgeries)) probes[name] = [{ ...guarded.call, tamper }];
    return probes;
  },
  judge: (subject, results): Verdict => {
    const anonymous = first(results['anonymous']);
    const genuine = first(results['genuine']);
    const control = first(results['garbled']);
    if (!anonymous || !isDenied(anonymous)) return { outcome: 'pass', why: 'no credential is asked for' };
    if (!genuine || !isServed(genuine)) return { outcome: 'inconclusive', why: 'the genuine token is no longer accepted' };
    if (control && isServed(control)) return { outcome: 'pass', why: 'any credential is accepted, which is a finding of its own' };
    const baseline = (guardedLook(subject) ?? servedAccess(subject))?.baseline;
    for (const [name, tamper] of Object.entries(forgeries)) {
      const answer = first(results[name]);
      if (!answer || !isServed(answer) || carried(answer) === carried(genuine)) continue;
      const same = sameContent(genuine, answer, baseline?.noise);
      return {
        outcome: 'fail',
        confidence: same ? 'certain' : 'firm',
        proof: `A ${tamper.label} is served${same ? ' the same content as the genuine one' : ''}; the anonymous caller and a wrong signature are refused.`,
        exhibits: [
          { label: 'with the genuine token', answer: genuine },
          { label: `with a ${tamper.label}`, answer },
          { label: 'with a wrong signature', answer: control ?? anonymous },
        ],
        replay: 1,
      };
    }
    return { outcome: 'pass' };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Tokens may name "none" as their algorithm',
        verify: ({ algorithm, signature, expected }) => algorithm.toLowerCase() === 'none' || signature === expected,
      }),
      exampleApi({
        title: 'A missing signature is not noticed',
        verify: ({ signature, expected }) => signature === '' || signature === expected,
      }),
    ],
    safe: [
      exampleApi({ title: 'Only signed tokens are accepted' }),
      exampleApi({ title: 'Nothing is verified at all: reported as any-credential-accepted, once', verify: () => true }),
      exampleApi({
        title: 'Bad tokens get an error body with status 200',
        routes: {
          'GET /me': { secured: true, reply: ({ me }) => ok(me ? { username: me.username } : { success: false, error: 'invalid token' }) },
        },
      }),
    ],
  },
});

const representatives = new WeakMap<World, ReadonlySet<string>>();

/** A forged token that is accepted is one finding, not one per operation: three guarded operations stand for all. */
function isRepresentative(subject: OperationSubject): boolean {
  if ((guardedLook(subject) ?? servedAccess(subject)) === undefined) return false;
  const { world, operation } = subject;
  let known = representatives.get(world);
  if (!known) {
    known = representativesOf(world);
    representatives.set(world, known);
  }
  return known.has(operation.id);
}

function representativesOf(world: World): ReadonlySet<string> {
  const open = new Set(
    world.looks.filter((look) => look.as === null && !look.baseline.answers.every(isDenied)).map((look) => look.operation.id),
  );
  const served = [...world.looks, ...world.accesses].filter(
    (item) => item.operation.method === 'GET' && item.baseline?.answers.every(isServed) === true,
  );
  return new Set([...new Set(served.map((item) => item.operation.id))].filter((id) => !open.has(id)).slice(0, 3));
}

function carried(answer: {
  readonly request: { readonly headers: readonly (readonly [string, string])[]; readonly path: string };
}): string {
  return JSON.stringify([answer.request.headers, answer.request.path]);
}
