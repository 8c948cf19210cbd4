import { isDenied, isServed } from '../../model/answer.ts';
import type { OperationSubject, Probe, Probes, Results, Verdict } from '../../model/check.ts';
import { jsonOf, type Answer } from '../../model/http.ts';
import type { Call } from '../../model/identity.ts';
import { leaves, shapePointer } from '../../model/json.ts';
import { decisionOf } from '../../model/permissions.ts';
import { isPrivilegedRole } from '../../model/privilege.ts';
import { isPrivateField } from '../../model/sensitive.ts';
import type { Baseline } from '../../model/world.ts';
import { exampleApi, missing, ok, refused, shown, type ExampleRoute } from '../example-api.ts';
import { sharedByDesign } from '../example-sharing.ts';
import { recordWith } from '../property-candidates.ts';
import { bodyOf, call, defineCheck, first, listed } from '../support.ts';

const allNotes: ExampleRoute = { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(shown)) : refused) };
const lent = {
  allow: 'read',
  users: ['alice', 'bob'],
  identities: [
    { name: 'alice', bearer: 'token-of-alice' },
    { name: 'bob', bearer: 'token-of-bob' },
  ],
  notes: [
    { owner: 'alice', title: 'Dentist on Monday', text: 'Room 12, bring the X-rays', shared: false },
    { owner: 'bob', title: 'Shopping for the week', text: 'Bread, butter and tea', shared: false },
  ],
} as const;
const noteOnly: ExampleRoute = {
  secured: true,
  reply: ({ me, note }) =>
    !me ? refused : note?.owner === me.username ? ok({ id: note.id, title: note.title, note: note.text }) : missing,
};

export default defineCheck({
  id: 'foreign-object-listed',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'A list shows in full what the object itself refuses',
    risk: 'Each object is guarded, and one request for the list gives what is in all of them, whosever they are.',
    remedy:
      'Filter the list by the caller, in the query, with the same condition that guards the single object; or show others no more than what may be known to them.',
    cwe: [639, 285],
    owasp: 'API1:2023',
  },
  needs: ['second-identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => subject.operation.method === 'GET' && leaksAt(subject).length > 0,
  plan: (subject): Probes => {
    const probes: Record<string, Probe> = {};
    leaksAt(subject).forEach((leak, index) => {
      probes[`${index} owner`] = [leak.owner.call];
      probes[`${index} item`] = [leak.item];
      probes[`${index} list`] = [leak.list];
      probes[`${index} anonymous`] = [{ ...leak.list, as: null }];
    });
    return probes;
  },
  judge: (subject, results): readonly Verdict[] => leaksAt(subject).map((leak, index) => verdictOf(leak, index, results)),
  examples: {
    vulnerable: [
      exampleApi({ title: 'A note is refused to others, and the list has all notes of everybody', routes: { 'GET /notes': allNotes } }),
      exampleApi({
        title: 'Lent tokens, reading only: the list shows to both what the note itself refuses to one',
        ...lent,
        routes: {
          'GET /notes/{id}': noteOnly,
          'GET /notes': {
            secured: true,
            reply: ({ me, notes }) => (me ? ok(notes.map(({ id, title, text }) => ({ id, title, note: text }))) : refused),
          },
        },
      }),
    ],
    safe: [
      ...sharedByDesign,
      exampleApi({ title: "The list has one's own notes" }),
      exampleApi({
        title: 'The list shows titles to all, and the notes themselves to their owners',
        routes: {
          'GET /notes': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(({ id, title }) => ({ id, title }))) : refused) },
        },
      }),
      exampleApi({
        title: 'The notes are shared: the list and each note are for everybody',
        routes: {
          'GET /notes': allNotes,
          'GET /notes/{id}': { secured: true, reply: ({ me, note }) => (!me ? refused : note ? ok(shown(note)) : missing) },
        },
      }),
      exampleApi({
        title: 'A public feed, and a page of each note for its owner',
        routes: { 'GET /notes': { secured: false, reply: ({ notes }) => ok(notes.map(shown)) } },
      }),
      exampleApi({
        title: 'Administrators are shown all notes in the list, and each note to its owner alone',
        ...lent,
        users: ['root', 'alice'],
        identities: [
          { name: 'root', role: 'admin', bearer: 'token-of-root' },
          { name: 'alice', bearer: 'token-of-alice' },
        ],
        allow: 'write',
        routes: {
          'GET /notes': {
            secured: true,
            reply: ({ me, notes }) =>
              me ? ok(notes.filter(({ owner }) => me.username === 'root' || owner === me.username).map(shown)) : refused,
          },
        },
      }),
      exampleApi({
        title: 'The note is busy when others ask for it',
        routes: {
          'GET /notes': allNotes,
          'GET /notes/{id}': {
            secured: true,
            reply: ({ me, note }) =>
              !me ? refused : note?.owner === me.username ? ok(shown(note)) : { status: 503, body: { error: 'try again later' } },
          },
        },
      }),
      exampleApi({
        title: 'Lent tokens: the list shows titles, and so does the note, to its owner',
        ...lent,
        routes: {
          'GET /notes/{id}': noteOnly,
          'GET /notes': { secured: true, reply: ({ me, notes }) => (me ? ok(notes.map(({ id, title }) => ({ id, title }))) : refused) },
        },
      }),
    ],
  },
});

/** A list that shows somebody what the object, asked for by itself, may refuse to the same caller. */
interface Leak {
  readonly stranger: string;
  readonly whose: string;
  /** The owner's own reading of the object. */
  readonly owner: Baseline;
  readonly item: Call;
  readonly list: Call;
  /** By which the object is found in an answer. */
  readonly names: readonly string[];
  /** Planted by the scan. */
  readonly planted: boolean;
}

const mostLeaks = 2;

function leaksAt(subject: OperationSubject): readonly Leak[] {
  if (subject.operation.path.endsWith('}') || subject.looks.length === 0) return [];
  return [...plantedLeaks(subject), ...seenLeaks(subject)].slice(0, mostLeaks);
}

function plantedLeaks(subject: OperationSubject): Leak[] {
  const { world } = subject;
  return world.accesses.flatMap(({ object, operation, values, baseline }) => {
    const { owner, learned } = object;
    if (owner === null || learned !== 'made' || baseline === undefined || !baseline.answers.every(isServed)) return [];
    const names = object.markers.map(({ value }) => value).filter((value) => bodyOf(baseline.answers[0]).includes(value));
    return listsFor(subject, owner, baseline, names).map(({ as, list }): Leak => {
      const item = call(world, operation, values, as);
      return { stranger: as, whose: owner, owner: baseline, item, list, names, planted: true };
    });
  });
}

/** One object asked for by several, one of whom is served and another refused: what the list shows of it. */
function seenLeaks(subject: OperationSubject): Leak[] {
  return subject.world.looks.flatMap((look): Leak[] => {
    const { as: whose, baseline, operation } = look;
    const [answer] = baseline.answers;
    const json = answer?.kind === 'exchange' && operation.path.endsWith('}') && isServed(answer) ? jsonOf(answer.response) : undefined;
    if (whose === null || json === undefined) return [];
    const names = leaves(json, 200).flatMap(({ pointer, value }) =>
      typeof value === 'string' && value.length >= 6 && !baseline.noise.has(shapePointer(pointer)) ? [value] : [],
    );
    return listsFor(subject, whose, baseline, names).flatMap(({ as, list }): Leak[] => {
      const denied = subject.world.looks.find((other) => other.as === as && other.operation.id === operation.id);
      if (!denied?.baseline.answers.every(isDenied)) return [];
      return [{ stranger: as, whose, owner: baseline, item: denied.baseline.call, list, names, planted: false }];
    });
  });
}

/** What names a thing may stand in lists for everybody. */
const naming = /^(?:id|_id|uuid|slug|title|name|label|subject|headline|owner|author|user(?:name)?|status|created|updated)/i;

/**
 * The text properties of an object, beside those that name it, when an answer shows all that is in it; none when it shows less, or
 * when nothing else is in it.
 */
function shownInFull(
  list: Answer | undefined,
  owner: Answer | undefined,
  noise: ReadonlySet<string>,
  names: readonly string[],
): readonly string[] {
  const [shown, held] = [list, owner].map((answer) => answer && recordWith(answer, names));
  if (!shown || !held) return [];
  const properties = Object.entries(held).filter(
    ([name, value]) => (typeof value !== 'object' || value === null) && ![...noise].some((pointer) => pointer.endsWith(`/${name}`)),
  );
  if (!properties.every(([name, value]) => shown[name] === value)) return [];
  return properties.filter(([name, value]) => typeof value === 'string' && !naming.test(name)).map(([name]) => name);
}

/** Those who are shown by the list all that an object of somebody else holds, more than what names it. */
function listsFor(
  { world, operation, looks }: OperationSubject,
  owner: string,
  { answers, noise }: Baseline,
  names: readonly string[],
): { as: string; list: Call }[] {
  const tenant = world.identities.find(({ name }) => name === owner)?.tenant;
  const others = world.identities.filter(
    (identity) =>
      identity.name !== owner &&
      !isPrivilegedRole(identity.role) &&
      (tenant === undefined || identity.tenant !== tenant) &&
      decisionOf(world.permissions, operation.id, identity) !== 'allow',
  );
  return others.flatMap(({ name }) => {
    const look = looks.find(({ as, baseline }) => as === name && shownInFull(baseline.answers[0], answers[0], noise, names).length > 0);
    return look ? [{ as: name, list: look.baseline.call }] : [];
  });
}

function verdictOf(leak: Leak, index: number, results: Results<Probes>): Verdict {
  const answers = ['owner', 'item', 'list', 'anonymous'].map((name): Answer | undefined => first(results[`${index} ${name}`]));
  const [owner, item, list, anonymous] = answers;
  if (!owner || !isServed(owner)) return { outcome: 'inconclusive', why: 'the owner is no longer served the object' };
  if (!item || !isDenied(item)) return { outcome: 'pass', why: 'the object itself is not refused' };
  const fieldsIn = (answer: Answer | undefined): readonly string[] => shownInFull(answer, owner, leak.owner.noise, leak.names);
  const fields = list && isServed(list) ? fieldsIn(list) : [];
  if (!list || fields.length === 0) return { outcome: 'pass' };
  if (!anonymous || fieldsIn(anonymous).length > 0) return { outcome: 'pass', why: 'the list is public' };
  const isPrivate = fields.some(isPrivateField);
  return {
    outcome: 'fail',
    confidence: isPrivate && leak.planted ? 'certain' : isPrivate || leak.planted ? 'firm' : 'tentative',
    proof: `${leak.stranger} is refused what belongs to ${leak.whose} (${leak.item.operation}), and is shown all that is in it by the list, ${listed(fields)} too.`,
    exhibits: [
      { label: 'the list, as it is given to somebody else', answer: list, highlights: leak.names },
      { label: 'the object is refused to the same caller', answer: item },
      { label: 'its owner reads it', answer: owner },
    ],
  };
}
