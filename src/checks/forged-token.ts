import { isDenied, isServed, meaningOf } from '../model/answer.ts';
import type { Exhibit, NextStep, OperationSubject, Probe, Probes, Step, Verdict } from '../model/check.ts';
import type { Answer } from '../model/http.ts';
import type { Tamper } from '../model/identity.ts';
import type { World } from '../model/world.ts';
import { garbled, rewriting, type Guarded } from './credential-probes.ts';
import { forged, inNameOf, sameBearer, type Forging } from './jwt.ts';
import { bodyOf, sameContent } from './support.ts';
import { tokenPlaces, type LentJwt, type TokenPlace } from './token-kinds.ts';

/** A way to forge a token, and the same way gone wrong. */
export interface Forgery {
  /** Completes "a …": `token signed with …`. The same label always means the same change. */
  readonly label: string;
  readonly forging: Forging;
  /** The same but for what should open the door: where it is served too, the forgery shows nothing. */
  readonly control?: Forging;
  /** It is about something else than who the bearer is, so it is not tried in another name. */
  readonly keepsName?: true;
}

/** The forgeries that are tried on the tokens of somebody. */
export type Forgeries = (lent: LentJwt) => readonly Forgery[];

/** Where a token is verified in one place, the first forgeries stand for all at the others. */
const mostElsewhere = 2;
const wrongSignature = rewriting('credential garbled', garbled);

function tried(place: TokenPlace, forgeriesOf: Forgeries): readonly Forgery[] {
  const all = forgeriesOf(place.lent);
  return place.isFirst ? all : all.slice(0, mostElsewhere);
}

function nameOf(place: TokenPlace): string {
  return `${place.call.operation} as ${place.as}`;
}

function tampering({ label }: Forgery, forging: Forging, suffix = ''): Tamper {
  return rewriting(label + suffix, (token) => forged(token, forging));
}

/** At each place: the controls, then one forgery after the other until one is served, then its own control, then somebody else's name. */
export function forgeryProbes({ world }: OperationSubject, forgeriesOf: Forgeries): Probes {
  const probes: Record<string, Probe> = {};
  for (const place of tokenPlaces(world)) {
    const forgeries = tried(place, forgeriesOf);
    if (forgeries.length === 0) continue;
    const next = stepsAt(world, place, forgeries);
    const controls: Probe = [{ ...place.call, as: null }, place.call, { ...place.call, tamper: wrongSignature }];
    probes[nameOf(place)] = [...controls, ...forgeries.map(() => next), next, next];
  }
  return probes;
}

function stepsAt(world: World, place: TokenPlace, forgeries: readonly Forgery[]): NextStep {
  const send = (tamper: Tamper): Step => ({ ...place.call, tamper });
  return ([anonymous, genuine, wrong, ...answers]) => {
    if (!anonymous || !isDenied(anonymous) || !genuine || !isServed(genuine) || !wrong || !isDenied(wrong)) return null;
    const at = answers.findIndex(isServed);
    const served = forgeries[at];
    if (!served) {
      const forgery = forgeries[answers.length];
      return forgery ? send(tampering(forgery, forgery.forging)) : null;
    }
    const [control, ...more] = answers.slice(at + 1);
    if (served.control && !control) return send(tampering(served, served.control, ', gone wrong on purpose'));
    const isDone = (served.control ? more : answers.slice(at + 1)).length > 0 || (control !== undefined && !isDenied(control));
    const other = isDone || served.keepsName ? undefined : somebodyElse(world, place);
    return other ? send(tampering(served, inNameOfOther(served.forging, other), `, in the name of ${other.identity}`)) : null;
  };
}

function inNameOfOther({ claims = (same) => same, ...forging }: Forging, { jwt }: LentJwt): Forging {
  const renamed = inNameOf(jwt.claims);
  return { ...forging, claims: (own) => claims(renamed(own)) };
}

/** Another bearer of a token of the same issuer, who was seen to get something else at the place: the answer is what that one got. */
export function somebodyElse(world: World, { as, call, baseline }: Guarded): (LentJwt & { readonly answer: Answer }) | undefined {
  const lent = world.lent?.find(({ identity }) => identity === as);
  if (!lent?.jwt) return undefined;
  for (const { jwt, ...each } of world.lent ?? []) {
    const isOther = jwt && each.identity !== lent.identity && jwt.claims['iss'] === lent.jwt.claims['iss'];
    if (!isOther || sameBearer(lent.jwt.claims, jwt.claims)) continue;
    const seen = world.looks.find((look) => look.as === each.identity && look.baseline.call.request.path === call.request.path);
    const answer = seen?.baseline.answers.every(isServed) ? seen.baseline.answers[0] : undefined;
    if (answer && !sameContent(answer, baseline.answers[0], baseline.noise)) return { ...each, jwt, answer };
  }
  return undefined;
}

interface Accepted {
  readonly place: TokenPlace;
  readonly forgery: Forgery;
  readonly genuine: Answer;
  readonly answer: Answer;
  readonly control: Exhibit;
  readonly same: boolean;
  /** The answer in somebody else's name, when it was what that one gets. */
  readonly stolen: Exhibit | undefined;
}

/** One verdict for all places. `what` states the weakness, as a sentence. */
export function judgeForgeries(
  { world, operation }: OperationSubject,
  results: Readonly<Record<string, readonly Answer[]>>,
  forgeriesOf: Forgeries,
  what: string,
): Verdict {
  const accepted: Accepted[] = [];
  let why: Verdict = { outcome: 'inconclusive', why: 'nowhere is the genuine token served and a wrong signature refused' };
  for (const place of tokenPlaces(world)) {
    const [anonymous, genuine, wrong, ...answers] = results[nameOf(place)] ?? [];
    if (!anonymous || !genuine || !wrong || !isDenied(anonymous) || !isServed(genuine)) continue;
    if (isServed(wrong)) why = { outcome: 'pass', why: 'any credential is accepted, which is a finding of its own' };
    if (!isDenied(wrong)) continue;
    if (answers.some(isUnanswered)) why = { outcome: 'inconclusive', why: 'forged tokens were not answered' };
    else if (answers.length > 0 && why.outcome === 'inconclusive') why = { outcome: 'pass' };
    const found = acceptedAt(world, place, tried(place, forgeriesOf), { genuine, wrong, answers });
    if (found) accepted.push(found);
  }
  const best = accepted.find(({ stolen }) => stolen) ?? accepted.find(({ same }) => same) ?? accepted[0];
  if (!best) return why;
  const { place, forgery, same, genuine, answer, control, stolen } = best;
  const where = place.call.operation === operation.id ? '' : `${place.call.operation}: `;
  const others = accepted.length > 1 ? ` So it is at ${accepted.length} of the ${tokenPlaces(world).length} places tried.` : '';
  const proof = `${where}${what} A ${forgery.label} is served${same ? ' the same content as the genuine one' : ''}; no token and a wrong signature are refused.`;
  return {
    outcome: 'fail',
    confidence: same || stolen ? 'certain' : 'firm',
    proof: `${proof}${stolen ? ` ${sentence(stolen.label)}, it gets what that one gets.` : ''}${others}`,
    exhibits: [
      { label: 'with the genuine token', answer: genuine },
      { label: `with a ${forgery.label}`, answer },
      control,
      ...(stolen ? [stolen] : []),
    ],
    replay: stolen ? 3 : 1,
  };
}

function acceptedAt(
  world: World,
  place: TokenPlace,
  forgeries: readonly Forgery[],
  { genuine, wrong, answers }: { genuine: Answer; wrong: Answer; answers: readonly Answer[] },
): Accepted | undefined {
  const at = answers.findIndex((answer) => isServed(answer) && carried(answer) !== carried(genuine));
  const [forgery, answer] = [forgeries[at], answers[at]];
  if (!forgery || !answer) return undefined;
  const [control, next] = forgery.control ? answers.slice(at + 1) : [wrong, ...answers.slice(at + 1)];
  if (!control || !isDenied(control)) return undefined;
  const { noise } = place.baseline;
  const other = somebodyElse(world, place);
  const isStolen = other && next && isServed(next) && sameContent(other.answer, next, noise) && !sameContent(genuine, next, noise);
  return {
    place,
    forgery,
    genuine,
    answer,
    control: { label: forgery.control ? 'the same, gone wrong on purpose' : 'with a wrong signature', answer: control },
    same: bodyOf(genuine).trim() !== '' && sameContent(genuine, answer, noise),
    stolen: isStolen ? { label: `in the name of ${other.identity}`, answer: next } : undefined,
  };
}

/** Busy, or no answer at all: nothing was said of the token. */
function isUnanswered(answer: Answer): boolean {
  return answer.kind === 'silence' || meaningOf(answer) === 'busy';
}

function carried({ request }: Answer): string {
  return JSON.stringify([request.headers, request.path]);
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
