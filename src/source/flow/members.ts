import type { Place } from '../python/syntax.ts';
import { recordOfRow } from './instances.ts';
import { libraryBases, memberOf } from './classes.ts';
import type { Frame, Machine } from './machine.ts';
import {
  constant,
  hasClient,
  isClientLabel,
  isPlaceLabel,
  join,
  labelled,
  labelsOf,
  noLabels,
  opaque,
  optionsOf,
  record,
  sequence,
  unknown,
  withLabels,
  type Arguments,
  type Labels,
  type PythonClass,
  type Value,
} from './value.ts';

const noArguments: Arguments = { args: [], keywords: new Map(), rest: undefined };

/** `value.name`. What is not known of a value becomes a method or attribute of a library: a symbol with a longer path. */
export function attributeOf(machine: Machine, value: Value, name: string, at: Place, frame: Frame): Value {
  if (value.shape.is === 'either') {
    return join(value.shape.options.map((option) => machine.attribute(withLabels(option, labelsOf([option, value])), name, at, frame)));
  }
  for (const library of machine.libraries) {
    const known = library.attribute?.(machine, value, name, at, frame);
    if (known) return known;
  }
  const { shape } = value;
  switch (shape.is) {
    case 'stored':
      return ofStored(machine, value, shape, name, at, frame);
    case 'outcome':
      return value;
    case 'instance':
      return ofInstance(machine, value, shape, name, at, frame);
    case 'class':
      return (
        (shape.after ? undefined : machine.state.attributes.get(`${pathOf(value)}.${name}`)) ??
        memberOf(shape.class, name, undefined, shape.after) ??
        method(value, name)
      );
    default: {
      return machine.state.attributes.get(keptAt(pathOf(value), name)) ?? method(value, name);
    }
  }
}

/** What an instance has: what was set, a member of its class, or what a property of its class returns. */
function ofInstance(
  machine: Machine,
  value: Value,
  shape: Extract<Value['shape'], { is: 'instance' }>,
  name: string,
  at: Place,
  frame: Frame,
): Value {
  const set = shape.after ? undefined : machine.state.attributes.get(`#${shape.id}.${name}`);
  if (set) return set;
  const { after, ...whole } = shape;
  const self: Value = after ? { ...value, shape: whole } : value;
  const member = memberOf(shape.class, name, self, after);
  if (member?.shape.is === 'function' && member.shape.isProperty) return machine.call(member, noArguments, at, frame);
  return member ?? ofLibrary(machine, self, name, at, frame) ?? method(self, name);
}

/** Whatever a class of the project has not, an object of it has from the class of a library that it is derived from. */
function ofLibrary(machine: Machine, { labels, shape }: Value, name: string, at: Place, frame: Frame): Value | undefined {
  const [path] = shape.is === 'instance' && shape.call ? libraryBases(shape.class) : [];
  if (path === undefined || shape.is !== 'instance') return undefined;
  const made: Value = { labels, shape: { is: 'symbol', path: `${path}()`, call: shape.call, receiver: undefined, site: shape.id } };
  return machine.attribute(made, name, at, frame);
}

/** `row.__dict__`, in which peewee keeps the fields as `__data__`. */
function insideOf(row: Value, name: string): Value {
  const fields = recordOfRow(row);
  if (name === '__data__' || fields.shape.is !== 'record') return fields;
  return record(new Map([...fields.shape.entries, ['__data__', fields]]));
}

/** A field of what was loaded, or what a property of its model makes of its fields. */
function ofStored(
  machine: Machine,
  value: Value,
  { after, ...shape }: Extract<Value['shape'], { is: 'stored' }>,
  name: string,
  at: Place,
  frame: Frame,
): Value {
  if (name === '__dict__' || name === '__data__') return insideOf({ ...value, shape }, name);
  const member = shape.entity && memberOf(shape.entity, name, { ...value, shape }, after);
  if (after && member) return member;
  const made = member?.shape.is === 'function' && member.shape.isProperty ? machine.call(member, noArguments, at, frame) : undefined;
  if (made && (made.labels.size > 0 || made.shape.is !== 'unknown')) return made;
  // `row.children.append`
  if (shape.part === 'field') return shape.entity && isMutator(name) ? method(value, name) : { ...value, shape };
  return { labels: value.labels, shape: { ...shape, part: shape.part === 'many' ? 'many' : 'field', field: name } };
}

/** Where an attribute is kept: what an app is given is found again through `current_app`. */
export function keptAt(path: string, name: string): string {
  return `${path.replace(/^(?:flask\.)?(?:Flask\(\)|current_app)(?=\.|$)/, 'flask.current_app')}.${name}`;
}

/** True for a method that changes a list in its place. */
export function isMutator(name: string): boolean {
  return /^(?:append|add|remove|discard|extend|insert|clear)$/.test(name);
}

/** A path for values of any shape: those without a name are `?`. */
export function pathOf({ shape }: Value): string {
  if (shape.is === 'symbol') return shape.path;
  return shape.is === 'class' ? shape.class.name : '?';
}

function method(value: Value, name: string): Value {
  const site = value.shape.is === 'symbol' ? value.shape.site : 0;
  return { labels: value.labels, shape: { is: 'symbol', path: `${pathOf(value)}.${name}`, call: undefined, receiver: value, site } };
}

/** `value[index]`. */
export function subscriptOf(machine: Machine, value: Value, index: Value, at: Place, frame: Frame): Value {
  if (value.shape.is === 'either') {
    return join(value.shape.options.map((option) => machine.subscript(withLabels(option, labelsOf([option, value])), index, at, frame)));
  }
  const key = index.shape.is === 'constant' ? String(index.shape.value) : undefined;
  const { shape } = value;
  if (key === '[:]') return value;
  for (const library of machine.libraries) {
    const known =
      library.subscript?.(machine, value, index, at, frame) ?? library.attribute?.(machine, value, `[${key ?? '?'}]`, at, frame);
    if (known) return known;
  }
  switch (shape.is) {
    case 'record':
      if (isCredential(index)) return ofCredential(machine, value, at, frame);
      if (key === undefined) return pickedFrom(machine, value, index) ?? entryOfAny(value, index);
      return shape.entries.get(key) ?? (shape.rest ? entryOf(shape.rest, key) : unknown);
    case 'sequence':
      return (key === undefined ? undefined : shape.items.at(Number(key))) ?? machine.elements(value);
    case 'stored':
      if (shape.part === 'field') return value;
      if (shape.part === 'many' && key === undefined && hasClient(index)) noteKey(machine, shape.access, index);
      if (shape.part === 'many' && (key === undefined || /^-?\d+$/.test(key)))
        return { labels: value.labels, shape: { ...shape, part: 'whole' } };
      // `getattr(row, column.name)`, for a column of the row itself: any of its fields.
      if (key === undefined && shape.part === 'whole' && index.labels.has(`O:${shape.access}`)) return recordOfRow(value);
      return { labels: value.labels, shape: { ...shape, part: 'field', field: key ?? '*' } };
    case 'class':
    case 'outcome':
      // `Repository[Row]`
      return value;
    case 'symbol':
      return attributeOf(machine, value, key ?? '?', at, frame);
    default:
      return key === undefined ? opaque(labelsOf([value, index])) : entryOf(value, key);
  }
}

function isCredential({ labels }: Value): boolean {
  return labels.has('K') && ![...labels].some(isClientLabel);
}

/** `KEYS[key]`: whoever a credential stands for in a list of the app's own is the caller. */
function ofCredential(machine: Machine, { shape }: Value, at: Place, frame: Frame): Value {
  machine.trace.moments.push({ is: 'key-verified', site: machine.site(at, frame) });
  const held = shape.is === 'record' ? join([...shape.entries.values()]) : unknown;
  return { labels: new Set(['I']), shape: held.shape.is === 'record' ? held.shape : { is: 'unknown' } };
}

/** A named entry of something unknown: of a body, the field of that name. */
export function entryOf(value: Value, key: string): Value {
  if (value.shape.is === 'stored' && value.shape.part !== 'field')
    return { labels: value.labels, shape: { ...value.shape, part: 'field', field: key } };
  // `claims['is_admin']`: the name says what is asked of the caller.
  if (value.labels.has('I') && value.shape.is !== 'stored') return method(value, key);
  if (!value.labels.has('R')) return opaque(value.labels);
  const labels = new Set([...value.labels].filter((label) => label !== 'R' && !isPlaceLabel(label)));
  return opaque(labels.add(`C:${key}`));
}

/** `by_id[id]` of what was loaded is one of them: the key is one more thing that it was looked up by. */
function pickedFrom(machine: Machine, { shape }: Value, index: Value): Value | undefined {
  const held = shape.is === 'record' ? (shape.rest ?? join([...shape.entries.values()])) : undefined;
  const access = held?.shape.is === 'stored' ? machine.trace.accesses[held.shape.access] : undefined;
  if (!held || !access || !hasClient(index)) return undefined;
  noteKey(machine, access.id, index);
  return held;
}

/** What was loaded is found by one more thing. */
function noteKey(machine: Machine, number: number, index: Value): void {
  const access = machine.trace.accesses[number];
  if (!access || access.conditions.some((condition) => condition.is === 'field' && condition.value === index)) return;
  const condition = { is: 'field', entity: undefined, field: '*', binds: true, value: index } as const;
  machine.trace.accesses[number] = { ...access, conditions: [...access.conditions, condition] };
}

/** What is called, rather than shown. */
export function isCode(value: Value): boolean {
  return optionsOf(value).some(({ shape }) => shape.is === 'function' || shape.is === 'class');
}

function entryOfAny(value: Value, index: Value): Value {
  const { shape } = value;
  const inner = shape.is === 'record' ? [...shape.entries.values(), ...(shape.rest ? [shape.rest] : [])] : [value];
  if (inner.length > 0 && inner.every(isCode)) return join(inner);
  const labels = new Set(labelsOf(inner));
  // A field that is chosen by a name of ours is a field; one that is chosen by the client is anything.
  if (labels.has('R') && !index.labels.has('R')) {
    labels.delete('R');
    labels.add('C:*');
  }
  if (hasClient(index)) for (const label of index.labels) labels.add(label);
  return opaque(labels);
}

/** One member of what can be iterated; keys, for a mapping. */
export function elementsOf(value: Value): Value {
  const { shape } = value;
  switch (shape.is) {
    case 'either':
      return join(optionsOf(value).map(elementsOf));
    case 'sequence':
      return join([...shape.items, ...(shape.each ? [shape.each] : [])]);
    case 'record':
      return join([...[...shape.entries.keys()].map(constant), ...(shape.rest ? [opaque(shape.rest.labels)] : [])]);
    case 'stored':
      return shape.part === 'many' ? { labels: value.labels, shape: { ...shape, part: 'whole' } } : opaque(value.labels);
    case 'outcome':
      return value;
    default:
      return opaque(value.labels);
  }
}

/** `holder[index] = value`: the changed holder. */
export function withEntry(holder: Value, index: Value, value: Value): Value | undefined {
  const key = index.shape.is === 'constant' ? String(index.shape.value) : undefined;
  const { shape } = holder;
  if (shape.is === 'record') {
    if (key !== undefined) {
      const entries = new Map([...shape.entries, [key, value]]);
      const changed = record(entries, shape.rest);
      return shape.isClosed ? { ...changed, shape: { ...shape, entries } } : changed;
    }
    const rest = isCode(value) ? value : opaque(labelsUnder(index, value));
    return record(shape.entries, shape.rest ? join([shape.rest, rest]) : rest);
  }
  if (shape.is === 'sequence') return sequence(shape.items, shape.each ? join([shape.each, value]) : value);
  // A document that gets entries by the names that the client chose.
  if (shape.is === 'stored' && !shape.entity && index.labels.has('R'))
    return record(new Map(), join([opaque(labelsOf([index, value])), holder]));
  if (holder.labels.has('R') && key !== undefined) return record(new Map([[key, value]]), holder);
  return undefined;
}

/** Origins of what stands under a key: a body that is put under a name of ours is what that one holds, and names nothing itself. */
export function labelsUnder(index: Value, value: Value): Labels {
  const labels = labelsOf([index, value]);
  if (index.labels.has('R') || !labels.has('R')) return labels;
  return new Set([...labels].map((label) => (label === 'R' ? 'C:*' : label)));
}

export function instance(type: PythonClass, id: number, call?: Arguments): Value {
  return { labels: noLabels, shape: { is: 'instance', class: type, id, ...(call ? { call } : {}) } };
}

/** Someone who is known to be the caller. */
export const caller: Value = labelled('I');
