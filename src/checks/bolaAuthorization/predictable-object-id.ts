import { isServed } from '../../model/answer.ts';
import type { Exhibit, ObjectSubject } from '../../model/check.ts';
import { readId, type IdReading } from '../../model/id-kind.ts';
import { valueAt } from '../../model/slot.ts';
import type { ApiObject } from '../../model/world.ts';
import { created, exampleApi, missing, ok, refused, shown, text, type ExampleNote, type ExampleRoute } from '../example-api.ts';
import { asCaller, defineCheck, first, isListOf, listed, markersIn, namesOf, sees } from '../support.ts';

interface Made {
  readonly id: string;
  readonly reading: IdReading;
  readonly object: ApiObject;
}

export default defineCheck({
  id: 'predictable-object-id',
  category: 'bolaAuthorization',
  severity: 'info',
  docs: {
    title: 'The ids of objects can be computed from one that is known',
    risk: 'Whoever has one id has the next. Where every access is checked that is no weakness, and is not reported; where a check is missing, it turns the reading of one object into the reading of all.',
    remedy:
      'Keep checking the owner at every access: that is what protects an object. Where an id goes out into the world (links, receipts, shared pages), use a random one of at least 64 bits, such as a UUID v4 or v7.',
    cwe: [340, 330],
    owasp: 'API1:2023',
  },
  needs: ['identity', 'write'],
  subject: 'object',
  phase: 'read',
  applies: (subject: ObjectSubject) =>
    subject.access.baseline?.answers.every(isServed) === true && !isListOf(subject) && isItem(subject) && sequence(subject).length >= 2,
  plan: (subject) => ({ anonymous: [asCaller(subject, null)], stranger: [asCaller(subject, subject.stranger)] }),
  judge: (subject, results) => {
    const made = sequence(subject);
    const [one, other] = made;
    if (!one || !other || !follow(made)) return { outcome: 'pass' };
    const { object } = subject.access;
    if (isListed(subject)) return { outcome: 'pass', why: 'the objects are listed to everybody, so their ids are no secret' };
    const anonymous = first(results.anonymous);
    const isOpen = anonymous !== undefined && isServed(anonymous) && markersIn(anonymous, object.markers).length > 0;
    const stranger = first(results.stranger);
    if (!isOpen && subject.stranger !== null && stranger?.kind === 'exchange' && markersIn(stranger, object.markers).length === 0)
      return { outcome: 'pass', why: 'the ids can be computed, and who asks for an object of others does not get it' };
    const how = one.reading.time === undefined ? 'count up' : 'are made of a time and a counter';
    return {
      outcome: 'fail',
      confidence: 'firm',
      severity: isOpen ? 'low' : 'info',
      proof: `Ids of objects made one after the other ${how} (${one.reading.kind}): ${listed(made.map(({ id }) => id))}.${isOpen ? ' Anybody who has the id is served the object without an account, and no list shows it: the id is all that protects it.' : ''}`,
      exhibits: [
        ...[one, other].flatMap(({ object: { madeBy, owner } }): Exhibit[] =>
          madeBy ? [{ label: `an object is made as ${owner ?? ''}`, answer: madeBy }] : [],
        ),
        ...(isOpen ? [{ label: 'the anonymous caller reads it', answer: anonymous }] : []),
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Notes are numbered one after the other, and any account is served any of them',
        routes: { 'GET /notes/{id}': { secured: true, reply: ({ me, note }) => (!me ? refused : note ? ok(shown(note)) : missing) } },
      }),
      exampleApi({
        title: 'Notes are numbered, and whoever has the number is served without an account',
        routes: { 'GET /notes/{id}': { secured: false, reply: ({ note }) => (note ? ok(shown(note)) : missing) } },
      }),
      exampleApi({
        title: 'Notes go by ObjectIds of one machine',
        routes: renamed(
          (count) => `65f0a1b2c3d4e5f6${(0x18_29_3a_00 + count).toString(16)}`,
          () => true,
        ),
      }),
      exampleApi({
        title: 'Notes go by their number in base64',
        routes: renamed(
          (count) => btoa(`note:${count}`),
          () => true,
        ),
      }),
    ],
    safe: [
      exampleApi({ title: 'Notes are numbered one after the other, each for its owner alone' }),
      exampleApi({
        title: 'Notes go by random ids',
        routes: renamed(
          (count) =>
            `${((count * 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}-3b1c-4a5e-9f00-${String(count * 7_919_104_729)
              .padStart(12, '0')
              .slice(-12)}`,
        ),
      }),
      exampleApi({
        title: 'Notes go by ids in the order of their making, most of which is random',
        routes: renamed(
          (count) =>
            `017f22e2-79b0-7${((count * 2_654_435_761) >>> 20).toString(16).padStart(3, '0')}-98c4-${String(count * 7_919_104_729)
              .padStart(12, '0')
              .slice(-12)}`,
        ),
      }),
      exampleApi({
        title: 'Numbered notes that everybody sees in the list',
        routes: {
          'GET /notes': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(shown)) : refused) },
          'GET /notes/{id}': { secured: true, reply: ({ me, note }) => (!me ? refused : note ? ok(shown(note)) : missing) },
        },
      }),
      exampleApi({
        title: 'Numbers far apart',
        routes: renamed((count) => String(((count * 2_654_435_761) >>> 0) + 10_000)),
      }),
    ],
  },
});

type MayRead = (note: ExampleNote, username: string) => boolean;

/** The notes of the sound API under other ids. */
function renamed(
  idOf: (count: number) => string,
  mayRead: MayRead = (note, username) => note.owner === username,
): Readonly<Record<string, ExampleRoute | null>> {
  return {
    'PUT /notes/{id}': null,
    'DELETE /notes/{id}': null,
    'GET /notes': {
      secured: true,
      reply: ({ me, notes }) =>
        me ? ok(notes.filter((note) => note.owner === me.username).map((note) => ({ ...shown(note), id: idOf(note.id) }))) : refused,
    },
    'POST /notes': {
      secured: true,
      body: { title: text, text },
      reply: ({ me, notes, body }) => {
        if (!me) return refused;
        const note = {
          id: 101 + notes.length,
          owner: me.username,
          title: String(body['title']),
          text: String(body['text']),
          shared: false,
        };
        notes.push(note);
        return created({ ...shown(note), id: idOf(note.id) });
      },
    },
    'GET /notes/{id}': {
      secured: true,
      reply: ({ me, notes, path }) => {
        const note = notes.find((candidate) => idOf(candidate.id) === path['id']);
        return !me ? refused : note && mayRead(note, me.username) ? ok({ ...shown(note), id: idOf(note.id) }) : missing;
      },
    },
  };
}

/** True where the operation gives the object itself, and not a part of it. */
function isItem({ operation, access }: ObjectSubject): boolean {
  const slot = access.slots.at(-1);
  return slot !== undefined && (slot.in !== 'path' || operation.path.endsWith('}'));
}

/** The ids that objects of the type were given when this scan made them, in that order. */
function sequence({ world, operation, access }: ObjectSubject): readonly Made[] {
  return world.accesses
    .filter(({ operation: { id }, object }) => id === operation.id && object.type === access.object.type && object.learned === 'made')
    .flatMap((each): Made[] => {
      const slot = each.slots.at(-1);
      const id = slot && valueAt(each.values, slot);
      // What the scan chose itself says nothing of how the target chooses.
      if (id === undefined || each.object.markers.some((marker) => id.includes(marker.value))) return [];
      return [{ id, reading: readId(id), object: each.object }];
    })
    .toSorted((left, right) => (left.object.madeBy?.startedAt ?? 0) - (right.object.madeBy?.startedAt ?? 0));
}

const farthest = 64n;

/** True when each follows from the one before. Of what is counted by a clock, the clock alone may have moved. */
function follow(made: readonly Made[]): boolean {
  return made.every(({ id, reading }, index) => {
    const before = made[index - 1];
    if (!before) return true;
    if (reading.kind !== before.reading.kind || reading.counter === undefined || before.reading.counter === undefined) return false;
    if (reading.predictability !== 'sequential' && reading.predictability !== 'time-based') return false;
    const step = reading.counter - before.reading.counter;
    if (reading.kind === 'ObjectId') return id.slice(8, 18) === before.id.slice(8, 18) && step > 0n && step <= farthest;
    if (reading.kind === 'UUID v1' || reading.kind === 'UUID v6') return id.slice(-12) === before.id.slice(-12) && step > 0n;
    return step > 0n && (reading.kind === 'snowflake' || reading.time !== undefined || step <= farthest);
  });
}

function isListed({ world, access: { object }, owner }: ObjectSubject): boolean {
  const names = [...object.markers.map((marker) => marker.value), ...namesOf(object).filter((name) => name.length >= 8)];
  const others = [null, ...world.identities.map((identity) => identity.name).filter((name) => name !== owner)];
  return names.some((name) => others.some((as) => sees(world, as, name)));
}
