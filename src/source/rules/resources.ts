import { sensitivity, type SensitiveKind } from '../../model/sensitive.ts';
import { wordsOf } from '../../model/names.ts';
import type { Run } from '../flask/run-route.ts';
import type { Access, Condition } from '../flow/access.ts';
import { isAccountResource } from '../flow/accessing.ts';
import { binds, isBound, isScoped } from '../flow/facts.ts';
import { isClientLabel, type Value } from '../flow/value.ts';
import type { Trace } from '../flow/machine.ts';

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
  /** Runs that reach only what is the caller's, by what they do. */
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
      guarded: { read: [], write: [] },
      isAccount: isAccountResource(access.resource),
    };
    resources.set(access.resource, fresh);
    return fresh;
  };
  for (const trace of [...runs.map((run) => run.trace), ...others]) {
    for (const access of trace.accesses) learnAccess(of(access), access, trace);
  }
  for (const run of runs) {
    for (const access of run.trace.accesses) {
      const uses = run.trace.uses.filter((use) => use.access === access.id);
      const isOwn =
        isScoped(access, access.facts, run.trace.accesses) || (uses.length > 0 && uses.every((use) => use.facts.has(`own:${access.id}`)));
      if (!isOwn) continue;
      const { guarded } = of(access);
      guarded[isRead(access) ? 'read' : 'write'].push(run);
      // An object that is loaded, and then changed.
      if (isRead(access) && uses.some(({ kind }) => kind === 'update' || kind === 'delete')) guarded.write.push(run);
    }
  }
  return resources;
}

function learnAccess(resource: Growing, access: Access, trace: Trace): void {
  for (const name of access.entity?.fields ?? []) resource.fields.add(name);
  if (access.data && access.verb !== 'read' && access.verb !== 'list') learnRow(resource, access.data, access.verb === 'update', 0);
  if (access.library === 'dynamodb' && access.verb === 'read')
    for (const each of access.conditions) if (each.is === 'field') resource.keys.add(each.field);
  if (access.verb === 'create' || access.verb === 'put') learnParents(resource, access, trace);
  for (const name of [...resource.fields].filter((field) => ownerWords.test(field))) {
    if (!resource.owners.has(name)) vote(resource, name, 1);
  }
  for (const condition of access.conditions) voteFor(resource, condition, access, trace);
}

/** A new row that is put under an object of the caller's: what names that object ties it to the caller. */
function learnParents(resource: Growing, { data, facts, id }: Access, { accesses }: Trace): void {
  if (data?.shape.is !== 'record') return;
  for (const [name, value] of data.shape.entries) {
    const isReference = /(?:_id|Id|_uuid|_key|_pk)$/.test(name) && !isIdentity(value);
    if (isReference && binds(value, facts, accesses.slice(0, id))) resource.parents.add(name);
  }
}

/** The fields of what is written, those of embedded documents included. */
function learnRow(resource: Growing, { shape }: Value, isPatch: boolean, depth: number): void {
  if (depth > 4) return;
  if (shape.is === 'sequence') {
    for (const row of [...shape.items, ...(shape.each ? [shape.each] : [])]) learnRow(resource, row, isPatch, depth + 1);
  }
  if (shape.is !== 'record') return;
  for (const [name, value] of shape.entries) {
    const isOperator = /^[$#:]/.test(name);
    if (!isOperator) resource.fields.add(name);
    if (!isOperator && !isPatch && depth < 2 && isIdentity(value)) vote(resource, name, 3);
    learnRow(resource, value, isPatch, depth + 1);
  }
}

function voteFor(resource: Growing, condition: Condition, access: Access, trace: Trace): void {
  if (condition.is !== 'field') {
    for (const part of condition.parts) voteFor(resource, part, access, trace);
  } else if (isBound(condition, access.facts, trace.accesses.slice(0, access.id)) && !condition.value.labels.has('K')) {
    if (isIdentity(condition.value)) vote(resource, condition.field, 3);
    else if (!descriptive.test(condition.field)) resource.parents.add(condition.field);
  }
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
