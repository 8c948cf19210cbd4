import { recordAccess } from '../flow/accessing.ts';
import type { Frame, Library, Machine } from '../flow/machine.ts';
import { record, unknown, type Scope, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import type { Condition, Verb } from '../flow/access.ts';

const prefix = 'dictionary:';
const looksStored = /^(?:_?id|name|email|user\w*|owner\w*|key|api_?key|account\w*|title)$/i;

/**
 * Dictionaries of a module that hold records are data stores of small apps: they are turned into something whose accesses are
 * seen. Their records are kept, for the names of their fields.
 */
export function markDictionaries({ vars }: Scope): void {
  for (const [name, value] of vars) {
    if (value.shape.is !== 'record' || value.shape.rest || !holdsRecords(name, [...value.shape.entries.values()])) continue;
    const [sample = record(new Map())] = value.shape.entries.values();
    const call = { args: [sample], keywords: new Map<string, Value>(), rest: undefined };
    vars.set(name, { labels: new Set(), shape: { is: 'symbol', path: `${prefix}${name}`, call, receiver: undefined, site: 0 } });
  }
}

function holdsRecords(name: string, values: readonly Value[]): boolean {
  if (values.length === 0)
    return /^(?:users?|accounts|items|orders|invoices|documents|posts|notes|profiles|tasks|\w+_(?:db|store|table))$/i.test(name);
  return values.every(({ shape }) => shape.is === 'record' && [...shape.entries.keys()].some((key) => looksStored.test(key)));
}

export const dictionaryLibrary: Library = {
  call(machine, { name, receiver }, { args }, at, frame) {
    const store = receiver && storeName(receiver);
    if (store === undefined) return undefined;
    const [key = unknown] = args;
    switch (name) {
      case 'get':
        return access(machine, store, 'read', [keyed(key)], undefined, at, frame);
      case 'pop':
        return access(machine, store, 'delete', [keyed(key)], undefined, at, frame);
      case 'values':
      case 'copy':
        return access(machine, store, 'list', [], undefined, at, frame);
      case 'items': {
        const many = access(machine, store, 'list', [], undefined, at, frame);
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
  },
  subscript(machine, value, index, at, frame) {
    const store = storeName(value);
    return store === undefined ? undefined : access(machine, store, 'read', [keyed(index)], undefined, at, frame);
  },
  setEntry(machine, holder, index, value, at, frame) {
    const store = storeName(holder);
    if (store === undefined) return false;
    access(machine, store, 'put', [keyed(index)], value, at, frame);
    return true;
  },
};

function storeName({ shape }: Value): string | undefined {
  return shape.is === 'symbol' && shape.path.startsWith(prefix) && !shape.path.includes('.') ? shape.path.slice(prefix.length) : undefined;
}

function keyed(value: Value): Condition {
  return { is: 'field', entity: undefined, field: 'id', binds: true, value };
}

function access(
  machine: Machine,
  resource: string,
  verb: Verb,
  conditions: readonly Condition[],
  data: Value | undefined,
  at: Place,
  frame: Frame,
): Value {
  const described = {
    library: 'dictionary',
    resource,
    entity: undefined,
    verb,
    conditions,
    projection: undefined,
    data,
    index: undefined,
    joined: [],
    isGuess: false,
  };
  return recordAccess(machine, described, verb === 'list' ? 'many' : 'one', undefined, at, frame);
}
