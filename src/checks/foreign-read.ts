import { isServed, meaningOf } from '../model/answer.ts';
import type { Confidence, ObjectSubject, Probe, Verdict } from '../model/check.ts';
import { jsonOf, type Answer } from '../model/http.ts';
import { leaves } from '../model/json.ts';
import { isTenantHeader } from '../model/credential-place.ts';
import { nameOfSlot } from '../model/slot.ts';
import { ownerMark } from '../model/privilege.ts';
import { isPrivateAccountField, isPrivateField } from '../model/sensitive.ts';
import type { Marker } from '../model/world.ts';
import { attemptsOf, type Attempt } from './attempts.ts';
import { exposures } from './exposures.ts';
import { easeOf } from './guessing.ts';
import {
  absentValues,
  asCaller,
  first,
  isListOf,
  isReserved,
  listed,
  markersIn,
  markersOf,
  namesOf,
  privateValues,
  sameContent,
  sees,
} from './support.ts';

/** True where the object is a tenant, and is named beside the path: the same request in another tenant. */
export function isTenantSwitch({ access: { slots } }: ObjectSubject): boolean {
  return slots.some((slot) => slot.in !== 'path' && isTenantHeader(nameOfSlot(slot)));
}

type ForeignReads = 'owner' | 'stranger' | 'ownParent' | 'beside' | 'absent' | 'anonymous';

/** The owner, the stranger in each way there is, the stranger with an id that does not exist, and the anonymous caller. */
export function foreignReads(subject: ObjectSubject): Readonly<Record<ForeignReads, Probe>> {
  const { ownParent, beside } = attemptsOf(subject);
  // Where there is no other way it is the same request, which is sent once.
  const as = (attempt: Attempt | undefined): Probe => [asCaller(subject, subject.stranger, attempt?.values)];
  return {
    owner: [asCaller(subject, subject.owner)],
    stranger: as(undefined),
    ownParent: as(ownParent),
    beside: as(beside),
    absent: [asCaller(subject, subject.stranger, absentValues(subject.access, subject.world.token))],
    anonymous: [asCaller(subject, null)],
  };
}

/** Whether any of the stranger's ways led to what only the owner may see. */
export function judgeForeignReads(subject: ObjectSubject, results: Readonly<Record<ForeignReads, readonly Answer[]>>): Verdict {
  const attempts = attemptsOf(subject);
  const judged = (answers: readonly Answer[], isBeside = false): Verdict =>
    judgeForeignRead(subject, first(results.owner), first(answers), first(results.absent), first(results.anonymous), isBeside);
  const plain = judged(results.stranger);
  if (plain.outcome === 'fail') return plain;
  for (const way of ['ownParent', 'beside'] as const) {
    const attempt = attempts[way];
    const verdict = attempt ? judged(results[way], way === 'beside') : plain;
    if (attempt && verdict.outcome === 'fail') return { ...verdict, proof: `Asked for ${attempt.how}: ${verdict.proof}` };
  }
  return plain;
}

/** Whether a stranger got what only the owner may see: by planted markers, else by values that only the owner was seen to get. */
function judgeForeignRead(
  subject: ObjectSubject,
  owner: Answer | undefined,
  stranger: Answer | undefined,
  absent: Answer | undefined,
  anonymous: Answer | undefined,
  isBeside: boolean,
): Verdict {
  const { world, access } = subject;
  if (!owner || !isServed(owner)) return { outcome: 'inconclusive', why: 'the owner is no longer served the object' };
  if (!stranger || stranger.kind === 'silence') return { outcome: 'inconclusive', why: 'the stranger got no answer' };
  const planted = markersOf(world, subject.owner).filter((marker) => !sees(world, null, marker.value));
  const candidates = planted.length > 0 ? planted.filter((marker) => !sees(world, subject.stranger, marker.value)) : [];
  const leaked = markersIn(stranger, candidates);
  if (isServed(stranger) && anonymous && isUnanswered(anonymous))
    return { outcome: 'inconclusive', why: 'the anonymous caller got no answer, so it cannot be told whether the object is public' };
  if (leaked.length > 0 && isBlind(subject, leaked)) return { outcome: 'inconclusive', why: unansweredList };
  const everybody = markersIn(anonymous, leaked);
  if (leaked.length > 0 && everybody.length === leaked.length)
    return { outcome: 'pass', why: 'everybody may read it, with or without an account' };
  const exhibits = [
    { label: 'the owner reads it', answer: owner },
    { label: 'a stranger reads it', answer: stranger, highlights: leaked.map((marker) => marker.value) },
    ...(anonymous ? [{ label: 'the anonymous caller', answer: anonymous }] : []),
  ];
  if (isProfile(subject, leaked, stranger)) return { outcome: 'pass', why: 'it is a profile, which shows nothing but a name' };
  if (leaked.length > 0) {
    const confidence = plantedConfidence(subject, leaked, stranger);
    const fields = listed(leaked.map((marker) => marker.field));
    const doubt = confidence === 'tentative' ? ' The object is listed to the stranger too, so this may be meant.' : '';
    return {
      outcome: 'fail',
      confidence,
      proof: `What was planted as ${subject.owner} in ${fields} came back to ${subject.stranger ?? ''}.${doubt}${easeOf(access)}`,
      exhibits,
      replay: 1,
    };
  }
  if (access.object.learned !== 'seen' || (planted.length > 0 && markersIn(owner, planted).length > 0)) return { outcome: 'pass' };
  return judgeByValues(subject, owner, stranger, absent, anonymous, exhibits, isBeside);
}

const unansweredList = 'the stranger got no answer from the list that shows the object to its owner';

/** True where the owner is shown it in a list from which the stranger got no answer: it may be shared with both. */
function isBlind({ world, owner, stranger }: ObjectSubject, leaked: readonly Marker[]): boolean {
  const unanswered = world.looks.filter(
    ({ as, baseline }) => as === stranger && baseline.answers.some(isUnanswered) && !baseline.answers.some(isServed),
  );
  return unanswered.some(({ operation }) =>
    world.looks.some(
      (look) => look.as === owner && look.operation.id === operation.id && markersIn(look.baseline.answers[0], leaked).length > 0,
    ),
  );
}

/** A page about an account that gives others nothing of what is private by name. */
function isProfile(subject: ObjectSubject, leaked: readonly Marker[], stranger: Answer): boolean {
  const json = stranger.kind === 'exchange' && isServed(stranger) ? jsonOf(stranger.response) : undefined;
  if (subject.access.object.type !== 'user' || json === undefined || isListOf(subject) || isReserved(subject)) return false;
  const shown = [
    ...leaves(json, 500)
      .filter(({ value }) => value !== null && value !== '')
      .map(({ name }) => name),
    ...leaked.map(({ field }) => field),
  ];
  return (
    leaked.length > 0 &&
    ownerMark(subject.operation) === undefined &&
    !shown.some(isPrivateAccountField) &&
    !holdsSecrets(subject, stranger)
  );
}

/** Told to slow down, or not answered at all: the control is missing. */
function isUnanswered(answer: Answer): boolean {
  return answer.kind === 'silence' || meaningOf(answer) === 'busy';
}

/** Certain, unless all that leaked is of the kind that is shown to others by design. */
function plantedConfidence(subject: ObjectSubject, leaked: readonly Marker[], stranger: Answer): Confidence {
  if (ownerMark(subject.operation) !== undefined || isReserved(subject) || holdsSecrets(subject, stranger)) return 'certain';
  return leaked.some((marker) => isDamning(subject, marker)) ? 'certain' : 'tentative';
}

/** A hash or a key beside what leaked, which nothing shows to the stranger otherwise: whatever else is public, this is not. */
function holdsSecrets({ world, stranger: name }: ObjectSubject, stranger: Answer): boolean {
  return exposures(world, stranger, name).some((exposure) => exposure.confidence === 'certain' && !sees(world, name, exposure.value));
}

function isDamning({ world, owner, stranger }: ObjectSubject, marker: Marker): boolean {
  const object = world.objects.find((candidate) => candidate.owner === owner && candidate.markers.includes(marker));
  if (!object || object.type === 'user') return isPrivateAccountField(marker.field);
  const texts = [...namesOf(object).filter((name) => name.length >= 8), ...object.markers.map((planted) => planted.value)];
  const shownToStranger = texts.some((text) => sees(world, stranger, text) || sees(world, null, text));
  return !shownToStranger || isPrivateField(marker.field);
}

function judgeByValues(
  subject: ObjectSubject,
  owner: Answer,
  stranger: Answer,
  absent: Answer | undefined,
  anonymous: Answer | undefined,
  exhibits: readonly { label: string; answer: Answer; highlights?: readonly string[] }[],
  isBeside: boolean,
): Verdict {
  const { world, access } = subject;
  const baseline = access.baseline;
  if (!baseline || !isServed(stranger)) return { outcome: 'pass' };
  const values = markersIn(stranger, privateValues(world, baseline, subject.stranger));
  const unshared = values.filter((value) => markersIn(anonymous, [value]).length === 0 && markersIn(absent, [value]).length === 0);
  if (unshared.length === 0) return { outcome: 'pass' };
  if (isBlind(subject, unshared)) return { outcome: 'inconclusive', why: unansweredList };
  // What stands beside something else cannot be the same as a whole.
  if (!isBeside && !sameContent(owner, stranger, baseline.noise)) return { outcome: 'pass', why: 'the stranger is served something else' };
  const account =
    !isReserved(subject) &&
    access.object.type === 'user' &&
    !isListOf(subject) &&
    !unshared.some((value) => isPrivateAccountField(value.field));
  return {
    outcome: 'fail',
    confidence: account ? 'tentative' : 'firm',
    proof: `${subject.stranger ?? ''} gets the same object as ${subject.owner}, with ${listed(unshared.map((value) => value.field))}, which nothing shows to ${subject.stranger ?? ''} otherwise.${easeOf(access)}`,
    exhibits: exhibits.map((exhibit) =>
      exhibit.answer === stranger ? { ...exhibit, highlights: unshared.map((value) => value.value) } : exhibit,
    ),
    replay: 1,
  };
}
