import { sensitivity, type SensitiveKind } from '../../model/sensitive.ts';
import { wordsOf } from '../../model/names.ts';
import type { Run } from '../flask/run-route.ts';
import type { Access, Condition } from '../flow/access.ts';
import { isAccountResource } from '../flow/accessing.ts';
import { binds, isBound, isScoped } from '../flow/facts.ts';
import { isClientLabel, unknown, type Value } from '../flow/value.ts';
import type { Moment, Trace } from '../flow/machine.ts';
import { onceForEach } from '../python/walk.ts';

/** What is known of a table or collection, from everything that the app does with it. */
export interface Resource {
  readonly name: string;
  readonly fields: ReadonlySet<string>;
  /** Field that says whose a row is, by how often it is used so. */
  readonly owners: ReadonlyMap<string, number>;
  /** Fields that tie a row to an object which is the caller's. */
  readonly parents: ReadonlySet<string>;
  /** Fields that an item of DynamoDB is found by. */
  readonly keys: ReadonlySet<string>;
  /** Runs that set a field of such an object to what is the caller's, by the field. */
  readonly settled: ReadonlyMap<string, readonly Run[]>;
  /** Runs that reach only what is the caller's, by what they do. Rules look into the first, and ask of the others who calls them. */
  readonly guarded: { readonly read: readonly Run[]; readonly write: readonly Run[] };
  readonly isAccount: boolean;
}

export type Resources = ReadonlyMap<string, Resource>;

interface Growing {
  readonly name: string;
  readonly fields: Set<string>;
  readonly owners: Map<string, number>;
  readonly parents: Set<string>;
  readonly keys: Set<string>;
  readonly settled: Map<string, Run[]>;
  readonly guarded: { readonly read: Run[]; readonly write: Run[] };
  readonly isAccount: boolean;
}

/** Names of fields that say whose a row is. */
export const ownerWords =
  /^(?:user|owner|author|creator|created_by|account|member|customer|tenant|org|organi[sz]ation|company|merchant|team|workspace|group|profile)(?:_?(?:id|uuid|email|name))?$/i;

export function isRead({ verb }: Access): boolean {
  return verb === 'read' || verb === 'list';
}

/** Learns the fields and owners of each resource. */
export function learnResources(runs: readonly Run[], others: readonly Trace[]): Resources {
  const resources = new Map<string, Growing>();
  const of = (access: Access): Growing => {
    const known = resources.get(access.resource);
    if (known) return known;
    const fresh: Growing = {
      name: access.resource,
      fields: new Set(),
      owners: new Map(),
      parents: new Set(),
      keys: new Set(),
      settled: new Map(),
      guarded: { read: [], write: [] },
      isAccount: isAccountResource(access.resource),
    };
    resources.set(access.resource, fresh);
    return fresh;
  };
  for (const trace of [...runs.map((run) => run.trace), ...others]) {
    for (const { access, lessons } of lessonsOf(trace)) for (const lesson of lessons) learn(of(access), lesson);
  }
  for (const run of runs) {
    for (const { access, guards, settles } of lessonsOf(run.trace)) {
      const { guarded, settled } = of(access);
      for (const kind of guards) guarded[kind].push(run);
      for (const name of settles) {
        const known = settled.get(name);
        if (!known) settled.set(name, [run]);
        else if (known.at(-1) !== run) known.push(run);
      }
    }
  }
  return resources;
}

/** What one access tells of its resource: fields, which of them names the owner and how surely, which a parent, and which the key. */
type Lesson =
  | { readonly is: 'fields' | 'parents' | 'keys'; readonly names: readonly string[] }
  | { readonly is: 'owner'; readonly name: string; readonly weight: number };

interface Learnt {
  readonly access: Access;
  readonly lessons: readonly Lesson[];
  /** It reaches only what is the caller's, to do such a thing. */
  readonly guards: readonly ('read' | 'write')[];
  /** Fields that it sets to what is the caller's. */
  readonly settles: readonly string[];
}

/** What a trace tells, which is the same whatever other routes do. */
const lessonsOf = onceForEach((trace: Trace): readonly Learnt[] => {
  const told = toldElsewhere(trace);
  return trace.accesses.map((access) => {
    const { data, verb, library, conditions, entity } = access;
    // What a dictionary holds from the start shows what is in it, whatever is done.
    const isRow = !isRead(access) || library === 'dictionary';
    const row = data && isRow ? rowOf(data, verb === 'update' || isRead(access), 0) : [];
    const keys = library === 'dynamodb' && verb === 'read' ? conditions.flatMap((each) => (each.is === 'field' ? each.field : [])) : [];
    return {
      access,
      guards: guardsOf(access, trace),
      settles: isRead(access) ? [] : settledBy(access, trace),
      lessons: [
        ...row.flatMap(({ name, isOwner }): Lesson[] => (isOwner ? [{ is: 'owner', name, weight: 3 }] : [])),
        { is: 'keys', names: keys },
        { is: 'parents', names: verb === 'create' || verb === 'put' ? parentsOf(access, trace) : [] },
        // Who is named as the owner comes before a field that is only called so.
        { is: 'fields', names: [...(entity?.fields ?? []), ...row.map(({ name }) => name)] },
        ...conditions.flatMap((condition) => votesOf(condition, access, trace)),
        ...(told.get(access.id) ?? []),
      ],
    };
  });
});

function guardsOf(access: Access, trace: Trace): Learnt['guards'] {
  const { accesses, uses } = trace;
  const own = uses.filter((use) => use.access === access.id);
  const isOwnIn = ({ facts }: Pick<Access, 'facts'>): boolean => facts.has(`own:${access.id}`);
  // An object may only be loaded to let through to what is below it.
  const isGate = own.length === 0 && accesses.some((later) => later.id > access.id && isOwnIn(later));
  const isOwn = isScoped(access, access.facts, accesses) || (own.length > 0 && own.every(isOwnIn)) || isGate;
  // A new object that is the caller's, or stands below what is.
  if (!isOwn) return (access.verb === 'create' || access.verb === 'put') && isForCaller(access, trace) ? ['write'] : [];
  if (!isRead(access)) return ['write'];
  // An object that is loaded, and then changed.
  return own.some(({ kind }) => kind === 'update' || kind === 'delete') ? ['read', 'write'] : ['read'];
}

function isForCaller(access: Access, trace: Trace): boolean {
  const { shape } = access.data ?? unknown;
  const isOwner = shape.is === 'record' && [...shape.entries].some(([name, value]) => !descriptive.test(name) && isIdentity(value));
  return isOwner || parentsOf(access, trace).length > 0;
}

function learn(resource: Growing, lesson: Lesson): void {
  if (lesson.is === 'owner') {
    vote(resource, lesson.name, lesson.weight);
    return;
  }
  const names = resource[lesson.is];
  for (const name of lesson.names) {
    if (names.has(name)) continue;
    names.add(name);
    if (lesson.is === 'fields' && ownerWords.test(name) && !resource.owners.has(name)) vote(resource, name, 1);
  }
}

function settledBy({ data, facts, id }: Access, { accesses }: Trace): readonly string[] {
  const entries = data?.shape.is === 'record' ? [...data.shape.entries] : [];
  const before = accesses.slice(0, id);
  return entries.flatMap(([name, value]) => (binds(value, facts, before) ? [name] : []));
}

/** A new row that is put under an object of the caller's: what names that object ties it to the caller. */
function parentsOf(access: Access, trace: Trace): readonly string[] {
  const { shape } = access.data ?? unknown;
  return settledBy(access, trace).filter((name) => {
    const value = shape.is === 'record' ? shape.entries.get(name) : undefined;
    return value !== undefined && /(?:_id|Id|_uuid|_key|_pk)$/.test(name) && !isIdentity(value);
  });
}

/** The fields of what is written, those of embedded documents included. */
function rowOf({ shape }: Value, isPatch: boolean, depth: number): readonly { readonly name: string; readonly isOwner: boolean }[] {
  if (depth > 4) return [];
  if (shape.is === 'sequence')
    return [...shape.items, ...(shape.each ? [shape.each] : [])].flatMap((row) => rowOf(row, isPatch, depth + 1));
  if (shape.is !== 'record') return [];
  return [...shape.entries].flatMap(([name, value]) => [
    ...(/^[$#:]/.test(name) ? [] : [{ name, isOwner: !isPatch && depth < 2 && isIdentity(value) }]),
    ...rowOf(value, isPatch, depth + 1),
  ]);
}

function votesOf(condition: Condition, access: Access, trace: Trace): readonly Lesson[] {
  if (condition.is !== 'field') return condition.parts.flatMap((part) => votesOf(part, access, trace));
  const { field, value } = condition;
  if (!isBound(condition, access.facts, trace.accesses.slice(0, access.id)) || value.labels.has('K')) return [];
  if (isIdentity(value)) return [{ is: 'owner', name: field, weight: 3 }];
  return descriptive.test(field) ? [] : [{ is: 'parents', names: [field] }];
}

interface Told {
  /** The number of the access that returned the object. */
  readonly access: number;
  readonly lesson: Lesson;
}

/** What is told of objects elsewhere than where they are found: which of their fields the caller is held against, and asked with. */
function toldElsewhere({ moments, accesses }: Trace): ReadonlyMap<number, readonly Lesson[]> {
  const told = new Map<number, Lesson[]>();
  for (const { access, lesson } of [...moments.flatMap(comparedIn), ...accesses.flatMap(askedIn)])
    told.set(access, [...(told.get(access) ?? []), lesson]);
  return told;
}

/** The fields of objects that are held against the caller. */
function comparedIn(moment: Moment): readonly Told[] {
  if (moment.is !== 'compare' || moment.test.operator === 'other') return [];
  const { left, right } = moment.test;
  return [
    [left, right],
    [right, left],
  ].flatMap(([own, other]): readonly Told[] => {
    const field = own && fieldIn(own);
    if (!field || own.labels.has('I') || !other || !isIdentity(other)) return [];
    // An invitation may be for the address that somebody has.
    const weight = /mail|phone|name$/i.test(field.name) ? 1 : 3;
    return [{ access: field.access, lesson: { is: 'owner', name: field.name, weight } }];
  });
}

/** The fields of objects by which others are asked for the caller: `members.find_one({'team': letter['team'], 'user': me})`. */
function askedIn({ conditions }: Access): readonly Told[] {
  const binding = conditions.flatMap((condition) => (condition.is === 'field' && condition.binds ? [condition.value] : []));
  if (!binding.some(isIdentity)) return [];
  return binding.flatMap((value): readonly Told[] => {
    const field = fieldIn(value);
    return field && !descriptive.test(field.name) ? [{ access: field.access, lesson: { is: 'parents', names: [field.name] } }] : [];
  });
}

function fieldIn({ shape }: Value): { readonly access: number; readonly name: string } | undefined {
  return shape.is === 'stored' && shape.part === 'field' ? { access: shape.access, name: shape.field } : undefined;
}

/** The caller, and nothing that the caller's name was only mixed into. */
function isIdentity({ labels, shape }: Value): boolean {
  return labels.has('I') && labels.size <= 2 && ![...labels].some(isClientLabel) && shape.is !== 'record' && shape.is !== 'sequence';
}

/** What a row is called or how it stands says of nobody whose it is. */
const descriptive = /^(?:\*|_?id|name|title|label|description|status|state|type|kind)$|_(?:type|status|state|kind)$/;

function vote(resource: Growing, field: string, weight: number): void {
  if (descriptive.test(field) && !(resource.isAccount && field === 'name')) return;
  resource.owners.set(field, (resource.owners.get(field) ?? 0) + weight);
}

/** The field that most of the app takes for the owner; `undefined` when there is none. */
export function ownerField(resource: Resource | undefined): string | undefined {
  const sorted = [...(resource?.owners ?? [])]
    .filter(([name]) => name !== '*' && name !== 'id' && name !== '_id')
    .toSorted((a, b) => b[1] - a[1]);
  return sorted[0]?.[0];
}

/** True when some code treats the rows as somebody's, or they are accounts. */
export function isOwned(resource: Resource | undefined): boolean {
  if (!resource) return false;
  return (
    resource.isAccount ||
    ownerField(resource) !== undefined ||
    resource.parents.size + resource.guarded.read.length + resource.guarded.write.length > 0
  );
}

/** What a field holds that answers should not, judged by its name alone. */
export function sensitiveField(name: string): SensitiveKind | undefined {
  const kind = sensitivity(name, 'x9'.repeat(12))?.kind ?? sensitivity(name, 123_456_789)?.kind;
  if (kind) return kind;
  const words = wordsOf(name);
  if (/^(?:cost_?center|margin_?percent|supplier_?price|internal\w*)$/i.test(name) || words[0] === 'internal') return 'internal field';
  return words.includes('hash') && words.includes('password') ? 'password hash' : undefined;
}
