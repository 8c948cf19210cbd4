import { isServed } from '../../model/answer.ts';
import type { Call } from '../../model/identity.ts';
import type { ObjectSubject, Probes } from '../../model/check.ts';
import { jsonOf, type Answer } from '../../model/http.ts';
import { neighboursOf } from '../../model/id-kind.ts';
import { leaves } from '../../model/json.ts';
import { valueAt, withValue } from '../../model/slot.ts';
import { exampleApi, missing, ok, refused, shown } from '../example-api.ts';
import { absentValues, asCaller, bodyOf, defineCheck, first } from '../support.ts';

const single = [{ name: 'alice', bearer: 'token-of-alice' }];
const notes = [
  { owner: 'alice', title: 'Dentist on Monday', text: 'Room 12, bring the X-rays', shared: false },
  { owner: 'bob', title: 'Shopping for the week', text: 'Bread, butter and tea', shared: false },
];

export default defineCheck({
  id: 'neighbouring-id-read',
  category: 'bolaAuthorization',
  severity: 'medium',
  docs: {
    title: 'Neighbouring ids answer with other objects',
    risk: 'The id next to the one that was handed out names another object of the same shape. Whether it belongs to somebody else cannot be told with one account: lend a second identity to settle it.',
    remedy:
      'Make sure that the object is loaded by its id and its owner together. If these objects are public by design, nothing needs to change.',
    cwe: [639],
    owasp: 'API1:2023',
  },
  needs: ['single-identity'],
  subject: 'object',
  phase: 'read',
  applies: (subject: ObjectSubject) => subject.access.baseline?.answers.every(isServed) === true && neighbours(subject).length > 0,
  plan: (subject): Probes => {
    const calls = neighbours(subject);
    const [one = asCaller(subject, subject.owner || null)] = calls;
    return {
      below: [one],
      above: [calls[1] ?? one],
      absent: [asCaller(subject, subject.owner || null, absentValues(subject.access, subject.world.token))],
    };
  },
  judge: (subject, results) => {
    const [own] = subject.access.baseline?.answers ?? [];
    const absent = first(results['absent']);
    if (!own || !absent || isServed(absent)) return { outcome: 'pass', why: 'an id that cannot exist is answered too' };
    for (const answer of [first(results['below']), first(results['above'])]) {
      if (!answer || !isServed(answer) || !sameShape(own, answer) || shownAnyway(subject, answer)) continue;
      return {
        outcome: 'fail',
        confidence: 'tentative',
        proof:
          'The neighbouring id answers with another object of the same shape, which no list shows to this caller. A second identity would settle whose it is.',
        exhibits: [
          { label: 'an object of the caller', answer: own },
          { label: 'its neighbour', answer },
          { label: 'an id that does not exist', answer: absent },
        ],
        replay: 1,
      };
    }
    return { outcome: 'pass' };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'One token: the neighbouring note is served',
        allow: 'read',
        users: ['alice', 'bob'],
        identities: single,
        notes,
        routes: { 'GET /notes/{id}': { secured: true, reply: ({ me, note }) => (!me ? refused : note ? ok(shown(note)) : missing) } },
      }),
    ],
    safe: [
      exampleApi({
        title: 'One token: the neighbouring note is refused',
        allow: 'read',
        users: ['alice', 'bob'],
        identities: single,
        notes,
      }),
      exampleApi({
        title: 'A catalogue: the neighbours are in the list',
        allow: 'read',
        users: ['alice', 'bob'],
        identities: single,
        notes,
        routes: {
          'GET /notes': { secured: true, reply: ({ me, notes: all }) => (me ? ok(all.map(shown)) : refused) },
          'GET /notes/{id}': { secured: true, reply: ({ me, note }) => (!me ? refused : note ? ok(shown(note)) : missing) },
        },
      }),
      exampleApi({
        title: 'Every id is answered with something',
        allow: 'read',
        users: ['alice'],
        identities: single,
        notes,
        routes: {
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note, path }) =>
              !me
                ? refused
                : ok({ id: Number(path['id']), owner: note?.owner ?? '-', title: note?.title ?? 'untitled', text: note?.text ?? '' }),
          },
        },
      }),
    ],
  },
});

/** The same request with the ids before and after, where they can be computed. */
function neighbours(subject: ObjectSubject): Call[] {
  const { values, slots } = subject.access;
  const slot = slots.at(-1);
  const current = slot && valueAt(values, slot);
  if (!slot || current === undefined) return [];
  return neighboursOf(current, 1).map((id) => asCaller(subject, subject.owner || null, withValue(values, slot, id)));
}

/** The same fields, hardly any of the same values. */
function sameShape(left: Answer, right: Answer): boolean {
  const values = [left, right].map((answer) => (answer.kind === 'exchange' ? jsonOf(answer.response) : undefined));
  const [one, other] = values.map((json) => (json === undefined ? [] : leaves(json, 500)));
  if (!one || !other || one.length < 2 || other.length < 2) return false;
  const fields = new Map(other.map((leaf) => [leaf.pointer, leaf.value]));
  const shared = one.filter((leaf) => fields.has(leaf.pointer));
  const equal = shared.filter((leaf) => fields.get(leaf.pointer) === leaf.value && typeof leaf.value === 'string' && leaf.value !== '');
  return shared.length >= 0.9 * Math.max(one.length, other.length) && equal.length <= shared.length / 2;
}

function shownAnyway({ world, owner }: ObjectSubject, answer: Answer): boolean {
  const json = answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  const texts =
    json === undefined
      ? []
      : leaves(json, 500).flatMap((leaf) => (typeof leaf.value === 'string' && leaf.value.length >= 6 ? [leaf.value] : []));
  if (texts.length === 0) return true;
  const caller = owner || null;
  return texts.every((text) =>
    world.looks.some(
      (look) => (look.as === caller || look.as === null) && look.baseline.answers.some((seen) => bodyOf(seen).includes(text)),
    ),
  );
}
