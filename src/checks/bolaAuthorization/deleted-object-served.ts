import { isServed } from '../../model/answer.ts';
import type { NextStep, ObjectSubject } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import type { Call } from '../../model/identity.ts';
import { isDeleting } from '../../model/verbs.ts';
import type { Operation } from '../../model/operation.ts';
import { wordsOf } from '../../model/names.ts';
import { privilegeMark } from '../../model/privilege.ts';
import { differencesOf, partWith } from '../changes-of.ts';
import { done, exampleApi, missing, ok, refused, shown, type ExampleRoute } from '../example-api.ts';
import { isThere, sacrificeOf } from '../sacrifice.ts';
import { bodyOf, defineCheck } from '../support.ts';

export default defineCheck({
  id: 'deleted-object-served',
  category: 'bolaAuthorization',
  severity: 'low',
  docs: {
    title: 'An object is still served after its owner deleted it',
    risk: 'What a person believes gone can still be read by its id, and stays in the reach of every other flaw. Where data must be erased on request, it was not.',
    remedy:
      'Remove what is deleted, or filter on the mark of deletion in the one place through which objects are loaded, so that reading by id and listing agree.',
    cwe: [672, 212],
    owasp: 'API1:2023',
  },
  needs: ['identity', 'write'],
  subject: 'object',
  phase: 'destroy',
  applies: (subject: ObjectSubject) =>
    subject.access.object.learned === 'made' &&
    subject.access.object.markers.length > 0 &&
    subject.access.slots.length > 0 &&
    subject.access.baseline?.answers.every(isServed) === true &&
    isFirstStranger(subject) &&
    lister(subject) !== undefined &&
    deleter(subject) !== undefined &&
    sacrificeOf(subject, 'delete') !== undefined,
  plan: (subject) => {
    const sacrifice = sacrificeOf(subject, 'delete');
    const deletion = deleter(subject);
    const list = lister(subject);
    if (!sacrifice || !deletion || !list) throw new Error('deleted-object-served was planned without a way to delete');
    const { make, at, plan } = sacrifice;
    const read = at(subject.operation, subject.owner);
    const ifThere = (next: NextStep): NextStep => {
      return (previous) => (isThere(previous[1], plan) ? next(previous) : null);
    };
    return { attempt: [make, read, ifThere(() => list), at(deletion, subject.owner), () => list, read, read] };
  },
  judge: (subject, { attempt }) => {
    const plan = sacrificeOf(subject, 'delete')?.plan;
    const [, before, listed, deletion, listedAfter, after, later] = attempt;
    if (!plan || !before || !deletion || !after || !later || !isThere(before, plan) || !isThere(listed, plan))
      return { outcome: 'inconclusive', why: 'the object made for the attempt could not be read and listed before it was deleted' };
    if (!isServed(deletion)) return { outcome: 'inconclusive', why: 'the deletion was not accepted' };
    if (!listedAfter || !isServed(listedAfter) || isThere(listedAfter, plan))
      return { outcome: 'pass', why: 'the list shows it still: the deletion is under way, or had no effect' };
    if (!isThere(after, plan) || !isThere(later, plan)) return { outcome: 'pass' };
    const values = plan.markers.map((marker) => marker.value);
    if (isMarked(before, later, values)) return { outcome: 'pass', why: 'it is served with a mark that says that it was deleted' };
    return {
      outcome: 'fail',
      confidence: 'firm',
      proof: `${subject.owner} deleted an object that ${subject.owner} had just made; it left the list, and twice after that it was served by its id as before.`,
      exhibits: [
        { label: 'the owner deletes it', answer: deletion },
        { label: 'the list no longer shows it', answer: listedAfter },
        { label: 'it is served by its id', answer: later, highlights: values.filter((value) => bodyOf(later).includes(value)) },
      ],
      replay: 2,
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Deleted notes leave the list and nothing else',
        routes: { ...softly(), 'GET /notes/{id}': readNote(() => true) },
      }),
    ],
    safe: [
      exampleApi({ title: 'Deleted notes are gone' }),
      exampleApi({
        title: 'Deleted notes leave the list, and are not served either',
        routes: { ...softly(), 'GET /notes/{id}': readNote((isDeleted) => !isDeleted) },
      }),
      exampleApi({
        title: 'Deleted notes are served with a mark, to be restored from the bin',
        routes: { ...softly(), 'GET /notes/{id}': readNote(() => true, true) },
      }),
      exampleApi({
        title: 'The deletion has no effect at all',
        routes: { 'DELETE /notes/{id}': { secured: true, reply: ({ me }) => (me ? done : refused) } },
      }),
      exampleApi({
        title: 'Notes are only archived: the list goes on showing them',
        routes: { 'DELETE /notes/{id}': deleteNote(), 'GET /notes/{id}': readNote(() => true) },
      }),
    ],
  },
});

/** Deletion sets a mark; the list leaves out what carries it. */
function softly(): Readonly<Record<string, ExampleRoute>> {
  return {
    'DELETE /notes/{id}': deleteNote(),
    'GET /notes': {
      secured: true,
      reply: ({ me, notes }) => (me ? ok(notes.filter((note) => note.owner === me.username && !note.shared).map(shown)) : refused),
    },
  };
}

function deleteNote(): ExampleRoute {
  return {
    secured: true,
    reply: ({ me, note }) => {
      if (!me) return refused;
      if (note?.owner !== me.username) return missing;
      note.shared = true;
      return done;
    },
  };
}

function readNote(allowed: (isDeleted: boolean) => boolean, isMarking = false): ExampleRoute {
  return {
    secured: true,
    reply: ({ me, note }) => {
      if (!me) return refused;
      if (note?.owner !== me.username || !allowed(note.shared)) return missing;
      return ok({ ...shown(note), ...(isMarking ? { deleted: note.shared } : {}) });
    },
  };
}

/** One attempt for each owner is enough, whoever else there is. */
function isFirstStranger({ world, owner, stranger }: ObjectSubject): boolean {
  return stranger === null || world.identities.find((identity) => identity.name !== owner)?.name === stranger;
}

/** The operation by which the owner deletes such objects. */
function deleter({ world, access: { object } }: ObjectSubject): Operation | undefined {
  const ways = world.accesses.filter(
    ({ operation, object: { id }, slots }) =>
      id === object.id && isDeleting(operation) && slots.some((slot) => slot.in !== 'path' || operation.path.endsWith('}')),
  );
  return (ways.find(({ operation }) => privilegeMark(operation) === undefined) ?? ways[0])?.operation;
}

/** The list in which the owner saw the object. */
function lister({ world, owner, access: { object } }: ObjectSubject): Call | undefined {
  return world.looks.find(
    ({ as, baseline }) =>
      as === owner && baseline.answers.every(isServed) && object.markers.some(({ value }) => bodyOf(baseline.answers[0]).includes(value)),
  )?.baseline.call;
}

/** True when the object is shown to be deleted, or in another state than before. */
function isMarked(before: Answer, after: Answer, values: readonly string[]): boolean {
  const [from, to] = [partWith(before, values), partWith(after, values)];
  const marks =
    /^(?:deleted?|archived?|removed?|trash(?:ed)?|status|state|active|visible|hidden|enabled|cancel(?:l?ed)?|expired?|closed?)$/;
  return (
    from !== undefined &&
    to !== undefined &&
    differencesOf(from, to).some(({ pointer }) => wordsOf(pointer.split('/').at(-1) ?? '').some((word) => marks.test(word)))
  );
}
