import { isDenied, isServed } from '../../model/answer.ts';
import type { Exhibit, NextStep, OperationSubject, Probe, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import type { World } from '../../model/world.ts';
import { exampleApi, ok, refused } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { garbled, guardedLooks, rewriting, servedAccess, type Guarded } from '../credential-probes.ts';
import { somebodyElse } from '../forged-token.ts';
import { forged, inNameOf } from '../jwt.ts';
import { bodyOf, defineCheck, sameContent } from '../support.ts';
import { kindOf } from '../token-kinds.ts';

const broken = rewriting('credential garbled', garbled);
const malformed = rewriting('credential replaced by a word', () => 'x');
/** Operations that stand for all: where each of them takes anything, it is one weakness and not one of each operation. */
const mostExamples = 6;

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
  applies: (subject: OperationSubject) => subject.operation.method === 'GET' && placesAt(subject).length > 0,
  plan: ({ world, ...subject }) => {
    const places = [...placesAt({ world, ...subject }), ...examplesOf(world)];
    return Object.fromEntries(places.map((place) => [nameOf(place), probeOf(world, place)]));
  },
  judge: (subject, results): Verdict => {
    const { world, operation } = subject;
    const own = placesAt(subject).map((place) => judged(world, place, results[nameOf(place)]));
    const worst = own.find(({ outcome }) => outcome === 'fail') ?? own[0];
    if (worst?.outcome !== 'fail') return own.find(({ outcome }) => outcome === 'inconclusive') ?? worst ?? { outcome: 'pass' };
    const examples = examplesOf(world);
    const isEverywhere = examples.length > 1 && examples.every((place) => judged(world, place, results[nameOf(place)]).outcome === 'fail');
    const [first] = examples;
    if (!isEverywhere || !first) return worst;
    if (first.call.operation !== operation.id)
      return { outcome: 'pass', why: `it is so everywhere, and reported at ${first.call.operation}` };
    return { ...worst, proof: `${worst.proof} So it is at each of the ${examples.length} operations looked at.` };
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
      ...tokenHazards(),
    ],
  },
});

/** The requests of an operation where a credential makes the difference, one for each kind of credential. */
function placesAt(subject: OperationSubject): readonly Guarded[] {
  const kinds = new Map<string, Guarded>();
  for (const look of guardedLooks(subject.looks)) {
    const kind = kindOf(subject.world, look.as);
    if (!kinds.has(kind)) kinds.set(kind, look);
  }
  const access = kinds.size === 0 ? servedAccess(subject) : undefined;
  return access ? [access] : [...kinds.values()].slice(0, 3);
}

const known = new WeakMap<World, readonly Guarded[]>();

/** The first guarded request of each of some operations. */
function examplesOf(world: World): readonly Guarded[] {
  const examples = new Map<string, Guarded>();
  for (const look of known.get(world) ?? guardedLooks(world.looks.filter((each) => each.operation.method === 'GET'))) {
    const { operation } = look.call;
    if (!examples.has(operation) && examples.size < mostExamples) examples.set(operation, look);
  }
  const found = [...examples.values()];
  known.set(world, found);
  return found;
}

function nameOf({ as, call }: Guarded): string {
  return `${call.operation} as ${as}`;
}

function probeOf(world: World, place: Guarded): Probe {
  const { call } = place;
  const asSomebodyElse: NextStep = ([, , wrong]) => {
    const other = wrong && isServed(wrong) ? somebodyElse(world, place) : undefined;
    if (!other) return null;
    const change = (token: string): string => garbled(forged(token, { claims: inNameOf(other.jwt.claims), sign: () => '' }));
    return { ...call, tamper: rewriting(`credential garbled, in the name of ${other.identity}`, change) };
  };
  return [{ ...call, as: null }, call, { ...call, tamper: broken }, { ...call, tamper: malformed }, asSomebodyElse];
}

function judged(world: World, place: Guarded, answers: readonly Answer[] = []): Verdict {
  const [anonymous, genuine, wrong, word, stolen] = answers;
  if (!anonymous || !isDenied(anonymous)) return { outcome: 'pass', why: 'no credential is asked for' };
  if (!genuine || !isServed(genuine)) return { outcome: 'inconclusive', why: 'the genuine credential is no longer accepted' };
  const [what, answer] = wrong && isServed(wrong) ? ['garbled', wrong] : ['malformed', word];
  if (!answer || !isServed(answer)) return { outcome: 'pass' };
  const { noise } = place.baseline;
  const same = bodyOf(genuine).trim() !== '' && sameContent(genuine, answer, noise);
  const other = stolen && somebodyElse(world, place);
  const isStolen = stolen && other && isServed(stolen) && sameContent(other.answer, stolen, noise) && !sameContent(genuine, stolen, noise);
  const inOtherName: Exhibit[] = isStolen ? [{ label: `in the name of ${other.identity}, signed by nobody`, answer: stolen }] : [];
  return {
    outcome: 'fail',
    confidence: same || isStolen ? 'certain' : 'firm',
    proof: `The anonymous caller is refused, and a ${what} credential ${same ? 'gets the same content as the genuine one' : 'is served'}.${isStolen ? ` With the claims of ${other.identity} in it, it gets what ${other.identity} gets.` : ''}`,
    exhibits: [
      { label: 'with the genuine credential', answer: genuine },
      { label: `with a ${what} credential`, answer },
      { label: 'without any', answer: anonymous },
      ...inOtherName,
    ],
    replay: isStolen ? 3 : 1,
  };
}
