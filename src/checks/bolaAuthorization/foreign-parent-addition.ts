import { isDenied, isServed } from '../../model/answer.ts';
import type { NextStep, ObjectSubject } from '../../model/check.ts';
import { isAccountNoun } from '../../model/names.ts';
import type { MakePlan } from '../../model/world.ts';
import { created, exampleApi, missing, ok, refused, shown, text, type ExampleRoute } from '../example-api.ts';
import { easeOf } from '../guessing.ts';
import { bodyOf, call, defineCheck, markersIn, readersOf, sees } from '../support.ts';

export default defineCheck({
  id: 'foreign-parent-addition',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'A caller can add to an object that belongs to someone else',
    risk: 'Anybody with an account can put entries of his own into the projects, folders or accounts of others, where their owners take them for their own.',
    remedy: 'Load the parent by its id and its owner together before anything is made under it, and answer "not found" when there is none.',
    cwe: [639, 862],
    owasp: 'API1:2023',
  },
  needs: ['second-identity', 'write'],
  subject: 'object',
  phase: 'write',
  applies: (subject: ObjectSubject) =>
    subject.access.slots.length > 0 &&
    subject.operation.path.includes('{') &&
    childOf(subject) !== undefined &&
    readerOf(subject) !== undefined &&
    !isShown(subject),
  plan: (subject) => {
    const { world, operation, access, owner, stranger } = subject;
    const child = childOf(subject);
    const reader = readerOf(subject);
    if (!child || !reader) throw new Error('foreign-parent-addition was planned without a child or a reader');
    const add = call(world, operation, { ...access.values, body: child.sent }, stranger);
    const own = world.accesses.find((each) => each.object.id === access.object.id && each.baseline && each.operation.path.endsWith('}'));
    const peek = own ? call(world, own.operation, own.values, stranger) : reader;
    // The owner removes what the stranger left with him.
    const remove: NextStep = (previous) => {
      const made = previous[2] && isServed(previous[2]) ? child.object(previous[2]) : undefined;
      for (const each of made ? world.surface.operations : []) {
        const values =
          each.method === 'DELETE' && made && each.path.endsWith('}')
            ? world.address(each, { ...made, owner, keys: { ...made.keys, ...access.values.path } })
            : undefined;
        if (values) return call(world, each, values, owner);
      }
      return null;
    };
    return { attack: [reader, { ...peek, as: stranger }, add, reader, remove] };
  },
  judge: (subject, { attack }) => {
    const [before, peek, addition, after] = attack;
    const markers = childOf(subject)?.markers ?? [];
    if (!before || !isServed(before) || !addition || !after || !isServed(after))
      return { outcome: 'inconclusive', why: 'the owner could not read what is under the object, before and after' };
    const planted = markers.filter(({ value }) => bodyOf(after).includes(value) && !bodyOf(before).includes(value));
    if (planted.length === 0)
      return isDenied(addition) ? { outcome: 'pass' } : { outcome: 'pass', why: 'the answer claims success, and nothing was added' };
    // To leave something with an account (a message, a request) is what accounts are for.
    const isMeant = isAccountNoun(subject.access.object.type);
    const isReadable = peek !== undefined && isServed(peek) && markersIn(peek, subject.access.object.markers).length > 0;
    return {
      outcome: 'fail',
      confidence: isReadable || isMeant ? 'tentative' : 'certain',
      proof: `${subject.stranger ?? ''} added an entry to an object of ${subject.owner}, and ${subject.owner} found it there.${isReadable ? ' The stranger may read the object too, so this may be meant.' : ''}${easeOf(subject.access)}`,
      exhibits: [
        { label: 'the owner reads what is there before', answer: before },
        { label: 'a stranger adds to it', answer: addition, highlights: planted.map((marker) => marker.value) },
        { label: 'the owner reads what is there after', answer: after, highlights: planted.map((marker) => marker.value) },
      ],
      replay: 1,
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Anybody can write on the page of anybody',
        routes: { 'GET /users/{username}/notes': notesOf(), 'POST /users/{username}/notes': addNote(() => true), 'POST /notes': null },
      }),
      exampleApi({ title: 'Anybody can attach a remark to any note', routes: remarks(() => true) }),
    ],
    safe: [
      exampleApi({ title: 'Only the owner of a note can attach a remark', routes: remarks((me, owner) => me === owner) }),
      exampleApi({
        title: 'The remark goes to the note of the caller, whatever the path says',
        routes: remarks((me, owner) => me === owner, true),
      }),
      exampleApi({
        title: 'Everybody sees all notes and may comment on them',
        routes: {
          ...remarks(() => true),
          'GET /notes': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.filter(({ id }) => id < 1_000).map(shown)) : refused) },
          'GET /notes/{id}': { secured: true, reply: ({ me, note }) => (!me ? refused : note ? ok(shown(note)) : missing) },
        },
      }),
    ],
  },
});

type Allowed = (me: string, owner: string) => boolean;

function notesOf(): ExampleRoute {
  return {
    summary: 'The notes of a user',
    secured: true,
    reply: ({ me, path, notes }) =>
      me?.username === path['username'] ? ok(notes.filter((note) => note.owner === path['username']).map(shown)) : me ? missing : refused,
  };
}

function addNote(allowed: Allowed): ExampleRoute {
  return {
    summary: 'Add a note',
    secured: true,
    body: { title: text, text },
    reply: ({ me, path, notes, body }) => {
      const owner = path['username'] ?? '';
      if (!me || !allowed(me.username, owner)) return me ? missing : refused;
      const note = { id: 101 + notes.length, owner, title: String(body['title']), text: String(body['text']), shared: false };
      notes.push(note);
      return created(shown(note));
    },
  };
}

/** Remarks on notes: kept among the notes, from 1,000 on, under the title of the note's id. */
function remarks(allowed: Allowed, isElsewhere = false): Readonly<Record<string, ExampleRoute>> {
  return {
    'GET /notes': {
      secured: true,
      reply: ({ me, notes }) => (me ? ok(notes.filter(({ id, owner }) => id < 1_000 && owner === me.username).map(shown)) : refused),
    },
    'GET /notes/{id}/remarks': {
      summary: 'The remarks on a note',
      secured: true,
      reply: ({ me, note, notes }) =>
        !me
          ? refused
          : note?.owner === me.username
            ? ok(notes.filter(({ title }) => title === String(note.id)).map(({ id, text: remark }) => ({ id, remark })))
            : missing,
    },
    'POST /notes/{id}/remarks': {
      summary: 'Add a remark',
      secured: true,
      body: { remark: text },
      reply: ({ me, note, notes, body }) => {
        if (!me) return refused;
        const own = notes.find(({ owner, id }) => owner === me.username && id < 1_000);
        const wanted = isElsewhere && note?.owner !== me.username ? own : note;
        if (!wanted || !allowed(me.username, wanted.owner)) return missing;
        const remark = {
          id: 1_000 + notes.length,
          owner: me.username,
          title: String(wanted.id),
          text: String(body['remark']),
          shared: false,
        };
        notes.push(remark);
        return created({ id: remark.id, remark: remark.text });
      },
    },
  };
}

/** What the stranger would make, were the parent his own; `undefined` where nothing is made under the object. */
function childOf({ world, operation, stranger }: ObjectSubject): MakePlan | undefined {
  const plan = world.makers.find((maker) => maker.operation.id === operation.id)?.make(stranger ?? '', `into/${operation.id}`);
  return plan && plan.markers.length > 0 ? plan : undefined;
}

/** How the owner lists what stands under the object, or reads the object with what is in it. */
function readerOf({ world, operation, access, owner }: ObjectSubject): ReturnType<typeof call> | undefined {
  const list = world.accesses.find(
    (each) =>
      each.object.id === access.object.id && each.operation.path === operation.path && each.baseline?.answers.every(isServed) === true,
  );
  return list?.baseline?.call ?? (access.object.owner === owner ? readersOf(world, access.object)[0]?.call : undefined);
}

/** True when the object is shown to the stranger or to everybody. */
function isShown({ world, access: { object }, stranger }: ObjectSubject): boolean {
  return object.markers.some(({ value }) => sees(world, stranger, value) || sees(world, null, value));
}
