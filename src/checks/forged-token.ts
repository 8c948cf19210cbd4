import { isDenied, isServed } from '../model/answer.ts';
import type { NextStep, OperationSubject, Probe, Probes, Step, Verdict } from '../model/check.ts';
import type { Answer } from '../model/http.ts';
import type { Tamper } from '../model/identity.ts';
import type { LentCredential, World } from '../model/world.ts';
import { garbled, rewriting, type Guarded } from './credential-probes.ts';
import { sameContent } from './support.ts';

/** A way to forge a token, and the same way gone wrong. */
export interface Forgery {
  /** Completes "with a …": `token signed with …`. The same label always means the same change. */
  readonly label: string;
  readonly forge: (token: string) => string;
  /** The same but for what should open the door: where it is served too, the forgery shows nothing. */
  readonly control?: (token: string) => string;
}

/** Requests that a forged token is tried on: a token that is accepted is one finding, so a few stand for all. */
const mostPlaces = 3;
const wrongSignature = rewriting('credential garbled', garbled);

const known = new WeakMap<World, readonly Guarded[]>();

/** The first guarded requests of a world: the anonymous caller is not served there, as far as was seen, and somebody is. */
export function guardedPlaces(world: World): readonly Guarded[] {
  const places = known.get(world) ?? placesOf(world);
  known.set(world, places);
  return places;
}

function placesOf(world: World): readonly Guarded[] {
  const open = new Set(
    world.looks.filter((look) => look.as === null && !look.baseline.answers.every(isDenied)).map((look) => look.operation.id),
  );
  const places = new Map<string, Guarded>();
  for (const item of [...world.looks, ...world.accesses]) {
    const { operation, baseline } = item;
    const as = 'object' in item ? item.object.owner : item.as;
    if (operation.method !== 'GET' || as === null || !baseline?.answers.every(isServed) || open.has(operation.id)) continue;
    if (!places.has(operation.id)) places.set(operation.id, { as, call: baseline.call, baseline });
  }
  return [...places.values()].slice(0, mostPlaces);
}

/** The JWT of the identity that the guarded requests are sent for; `undefined` away from the first of them. */
export function jwtHere({ world, operation }: OperationSubject): (LentCredential & { jwt: object }) | undefined {
  const [place] = guardedPlaces(world);
  if (place?.call.operation !== operation.id) return undefined;
  const lent = world.lent?.find(({ identity }) => identity === place.as);
  return lent?.jwt ? { ...lent, jwt: lent.jwt } : undefined;
}

/** At each place: the controls, then one forgery after the other until one is served, then its own control. */
export function forgeryProbes({ world }: OperationSubject, forgeries: readonly Forgery[]): Probes {
  const probes: Record<string, Probe> = {};
  for (const place of guardedPlaces(world)) {
    const send = (tamper: Tamper): Step => ({ ...place.call, tamper });
    const next: NextStep = ([anonymous, genuine, wrong, ...tried]) => {
      if (!anonymous || !isDenied(anonymous) || !genuine || !isServed(genuine) || !wrong || !isDenied(wrong)) return null;
      const at = tried.findIndex(isServed);
      const served = forgeries[at];
      if (served)
        return tried.length === at + 1 && served.control ? send(rewriting(`${served.label}, gone wrong on purpose`, served.control)) : null;
      const forgery = forgeries[tried.length];
      return forgery ? send(rewriting(forgery.label, forgery.forge)) : null;
    };
    probes[place.call.operation] = [{ ...place.call, as: null }, place.call, send(wrongSignature), ...forgeries.map(() => next), next];
  }
  return probes;
}

interface Accepted {
  readonly operation: string;
  readonly forgery: Forgery;
  readonly genuine: Answer;
  readonly answer: Answer;
  readonly garbled: Answer;
  readonly wrong: Answer;
  readonly same: boolean;
}

/** One verdict for all places. `what` states the weakness, as a sentence. */
export function judgeForgeries(
  { world, operation }: OperationSubject,
  results: Readonly<Record<string, readonly Answer[]>>,
  forgeries: readonly Forgery[],
  what: string,
): Verdict {
  const accepted: Accepted[] = [];
  let why: Verdict = { outcome: 'inconclusive', why: 'nowhere is the genuine token served and a wrong signature refused' };
  for (const place of guardedPlaces(world)) {
    const [anonymous, genuine, wrong, ...tried] = results[place.call.operation] ?? [];
    if (!anonymous || !genuine || !wrong || !isDenied(anonymous) || !isServed(genuine)) continue;
    if (isServed(wrong)) why = { outcome: 'pass', why: 'any credential is accepted, which is a finding of its own' };
    if (!isDenied(wrong)) continue;
    if (tried.length > 0) why = { outcome: 'pass' };
    const at = tried.findIndex((answer) => isServed(answer) && carried(answer) !== carried(genuine));
    const [forgery, answer] = [forgeries[at], tried[at]];
    if (!forgery || !answer || (forgery.control && !(tried[at + 1] && isDenied(tried[at + 1] ?? answer)))) continue;
    const same = sameContent(genuine, answer, place.baseline.noise);
    accepted.push({ operation: place.call.operation, forgery, genuine, answer, garbled: wrong, wrong: tried[at + 1] ?? wrong, same });
  }
  const best = accepted.find(({ same }) => same) ?? accepted[0];
  if (!best) return why;
  const { forgery, same, genuine, answer, wrong } = best;
  const where = best.operation === operation.id ? '' : `${best.operation}: `;
  const others = accepted.length > 1 ? ` So it is at ${accepted.length} of the ${guardedPlaces(world).length} operations tried.` : '';
  return {
    outcome: 'fail',
    confidence: same ? 'certain' : 'firm',
    proof: `${where}${what} A ${forgery.label} is served${same ? ' the same content as the genuine one' : ''}; no token and a wrong signature are refused.${others}`,
    exhibits: [
      { label: 'with the genuine token', answer: genuine },
      { label: `with a ${forgery.label}`, answer },
      { label: wrong === best.garbled ? 'with a wrong signature' : 'the same, gone wrong on purpose', answer: wrong },
    ],
    replay: 1,
  };
}

function carried({ request }: Answer): string {
  return JSON.stringify([request.headers, request.path]);
}
