import { recordAccess, valuesOf } from '../flow/accessing.ts';
import type { Frame, Library, Machine } from '../flow/machine.ts';
import { textOf, unknown, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import type { Condition, Verb } from '../flow/access.ts';

const prefixes = { dictionary: 'dictionary:', list: 'list of records:' } as const;

/** The path of a dictionary or list that is a store. */
export function recordsPath(name: string, isList: boolean): string {
  return `${isList ? prefixes.list : prefixes.dictionary}${name}`;
}

export function isRecordsPath(path: string): boolean {
  return path.startsWith(prefixes.dictionary) || path.startsWith(prefixes.list);
}

interface Records {
  readonly name: string;
  readonly isList: boolean;
  /** A record as the app itself put it there. */
  readonly sample: Value | undefined;
}

function recordsOf({ shape }: Value): Records | undefined {
  if (shape.is !== 'symbol') return undefined;
  const [file] = /(?:^|\.)shelve\.open\(\)$/.test(shape.path) ? (shape.call?.args ?? []) : [];
  if (file) return { name: stemOf(file) ?? 'shelf', isList: false, sample: undefined };
  if (!isRecordsPath(shape.path) || shape.path.includes('.')) return undefined;
  const isList = shape.path.startsWith(prefixes.list);
  return { name: shape.path.slice((isList ? prefixes.list : prefixes.dictionary).length), isList, sample: shape.call?.args[0] };
}

/** Dictionaries and lists that hold the records of an app. */
export const dictionaryLibrary: Library = {
  attribute(machine, value, name, at, frame) {
    const records = name === '[:]' ? recordsOf(value) : undefined;
    // Going through a dictionary gives its keys.
    return records?.isList ? access(machine, records, 'list', [], undefined, at, frame) : undefined;
  },
  call(machine, { name, receiver }, { args }, at, frame) {
    const [first = unknown] = args;
    if (receiver?.shape.is === 'stored') return changeStored(machine, receiver, name, first, at, frame);
    const records = receiver && recordsOf(receiver);
    if (!records) return undefined;
    return records.isList ? callList(machine, records, name, first, at, frame) : callDictionary(machine, records, name, first, at, frame);
  },
  subscript(machine, value, index, at, frame) {
    const records = recordsOf(value);
    return records && access(machine, records, 'read', [keyed(index)], undefined, at, frame);
  },
  setEntry(machine, holder, index, value, at, frame) {
    if (isInMemory(machine, holder)) {
      noteChange(machine, holder, value, at, frame);
      return true;
    }
    const records = recordsOf(holder);
    if (!records) return false;
    access(machine, records, 'put', [keyed(index)], value, at, frame);
    return true;
  },
};

function callDictionary(machine: Machine, records: Records, name: string, key: Value, at: Place, frame: Frame): Value | undefined {
  switch (name) {
    case 'get':
    case 'setdefault':
      return access(machine, records, 'read', [keyed(key)], undefined, at, frame);
    case 'pop':
      return access(machine, records, 'delete', [keyed(key)], undefined, at, frame);
    case 'values':
    case 'copy':
      return access(machine, records, 'list', [], undefined, at, frame);
    case 'items': {
      const many = access(machine, records, 'list', [], undefined, at, frame);
      const whole: Value = many.shape.is === 'stored' ? { ...many, shape: { ...many.shape, part: 'whole' } } : many;
      const pair: Value = {
        labels: many.labels,
        shape: { is: 'sequence', items: [{ labels: many.labels, shape: { is: 'unknown' } }, whole], each: undefined },
      };
      return { labels: many.labels, shape: { is: 'sequence', items: [], each: pair } };
    }
    default:
      return undefined;
  }
}

function callList(machine: Machine, records: Records, name: string, first: Value, at: Place, frame: Frame): Value | undefined {
  switch (name) {
    case 'append':
    case 'insert':
      return access(machine, records, 'create', [], first, at, frame);
    case 'pop':
      return access(machine, records, 'delete', [keyed(first)], undefined, at, frame);
    case 'remove':
      if (first.shape.is !== 'stored') return undefined;
      noteUse(machine, 'delete', first.shape.access, first, at, frame);
      return unknown;
    case 'copy':
      return access(machine, records, 'list', [], undefined, at, frame);
    default:
      return undefined;
  }
}

/** A record that is held in memory: what is changed in it is changed in the store. */
function isInMemory(machine: Machine, { shape }: Value): boolean {
  return shape.is === 'stored' && machine.trace.accesses[shape.access]?.library === 'dictionary';
}

function changeStored(machine: Machine, receiver: Value, name: string, first: Value, at: Place, frame: Frame): Value | undefined {
  if (!/^(?:update|append|remove|pop|extend|insert|clear|setdefault)$/.test(name) || !isInMemory(machine, receiver)) return undefined;
  if (receiver.shape.is !== 'stored' || receiver.shape.part === 'many') return undefined;
  noteChange(machine, receiver, first, at, frame);
  if (name === 'update') machine.noteAssignment(receiver, first, first, at, frame);
  return name === 'pop' || name === 'setdefault' ? machine.subscript(receiver, first, at, frame) : unknown;
}

function noteChange(machine: Machine, { shape }: Value, value: Value, at: Place, frame: Frame): void {
  if (shape.is === 'stored') noteUse(machine, 'update', shape.access, value, at, frame);
}

function noteUse(machine: Machine, kind: 'update' | 'delete', number: number, value: Value, at: Place, frame: Frame): void {
  machine.trace.uses.push({ kind, access: number, field: undefined, value, site: machine.site(at, frame), facts: machine.state.facts });
}

function keyed(value: Value): Condition {
  return { is: 'field', entity: undefined, field: 'id', binds: true, value };
}

function access(
  machine: Machine,
  { name, sample }: Records,
  verb: Verb,
  conditions: readonly Condition[],
  data: Value | undefined,
  at: Place,
  frame: Frame,
): Value {
  const described = {
    library: 'dictionary',
    resource: name,
    entity: undefined,
    verb,
    conditions,
    projection: undefined,
    data: data ?? sample,
    index: undefined,
    joined: [],
    isGuess: false,
  };
  return recordAccess(machine, described, verb === 'list' ? 'many' : 'one', undefined, at, frame);
}

/** `data/jars.json` holds jars. */
function stemOf(file: Value): string | undefined {
  return /([\w-]+)(?:\.\w+)?$/.exec(textOf(file.parts?.at(-1) ?? file) ?? '')?.[1];
}

/** `json.load(file)`: a file that holds the records of the app, all of them at once. */
export function recordsInFile(machine: Machine, file: Value): Value | undefined {
  const number = file.shape.is === 'stored' && file.shape.part === 'whole' ? file.shape.access : undefined;
  const access = number === undefined ? undefined : machine.trace.accesses[number];
  if (number === undefined || access?.resource !== 'file' || valuesOf(access.conditions).some(({ labels }) => labels.size > 0))
    return undefined;
  const [name] = valuesOf(access.conditions).flatMap((value) => stemOf(value) ?? []);
  machine.trace.accesses[number] = {
    ...access,
    library: 'dictionary',
    resource: name ?? 'records',
    verb: 'list',
    many: true,
    conditions: [],
  };
  return { labels: file.labels, shape: { is: 'stored', access: number, part: 'many', field: '', entity: undefined } };
}
