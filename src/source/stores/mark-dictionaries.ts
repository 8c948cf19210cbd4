import { isRecordsPath, recordsPath } from './dictionaries.ts';
import type { Bindings } from '../flow/bindings.ts';
import { record, type Value } from '../flow/value.ts';

const looksStored = /^(?:_?id|name|email|user\w*|owner\w*|key|api_?key|account\w*|title)$/i;
const storeNames = /^(?:users?|accounts|items|orders|invoices|documents|posts|notes|profiles|tasks|\w+_(?:db|store|table))$/i;

/**
 * Dictionaries and lists that hold records are data stores of small apps: they are turned into something whose accesses are seen.
 * `kept` are the names under which the app puts records aside.
 */
export function markDictionaries(vars: Bindings, kept: ReadonlySet<string>, depth = 0): void {
  for (const [path, value] of vars) {
    if (value.shape.is === 'class' && depth === 0) markDictionaries(value.shape.class.members, kept, 1);
    const name = path.slice(path.lastIndexOf('.') + 1);
    const held = heldIn(value);
    if (!held || !holdsRecords(name, held.members, kept) || (depth > 0 && !kept.has(name))) continue;
    const [sample = record(new Map())] = held.members;
    const call = { args: [sample], keywords: new Map<string, Value>(), rest: undefined };
    const shape = { is: 'symbol', path: recordsPath(name, held.isList), call, receiver: undefined, site: 0 } as const;
    vars.set(path, { labels: new Set(), shape });
  }
}

function heldIn({ shape }: Value): { readonly members: readonly Value[]; readonly isList: boolean } | undefined {
  if (shape.is === 'record' && !shape.rest) return { members: [...shape.entries.values()], isList: false };
  if (shape.is === 'sequence' && !shape.each) return { members: shape.items, isList: true };
  const isEmpty =
    shape.is === 'symbol' && !isRecordsPath(shape.path) && /(?:^|\.)(?:defaultdict|OrderedDict|WeakValueDictionary)\(\)$/.test(shape.path);
  return isEmpty ? { members: [], isList: false } : undefined;
}

function holdsRecords(name: string, values: readonly Value[], kept: ReadonlySet<string>): boolean {
  if (values.length === 0) return kept.has(name) || storeNames.test(name);
  return values.every(({ shape }) => {
    if (shape.is === 'instance') return kept.has(name);
    return shape.is === 'record' && [...shape.entries.keys()].some((key) => looksStored.test(key));
  });
}

const entry =
  /(?<name>\w+)(?<keys>(?:\[[^[\]\n]+\]|\.(?:setdefault|get)\([^()\n]*\))+)(?:\s*=(?!=)\s*|\.append\(\s*)(?<value>[^\n]{1,80})/g;
const member = /(?<name>\w+)\.append\(\s*(?<value>[^\n]{1,80})/g;

/** Names of what the app puts records under a key of, or appends records to: `items[number] = {'text': text}`. */
export function keptNames(texts: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const text of texts) {
    for (const match of [...text.matchAll(entry), ...text.matchAll(member)]) {
      const { name = '', keys = '', value = '' } = match.groups ?? {};
      const named = nameOf(name, keys);
      if (named !== undefined && isRecord(value, text)) names.add(named);
    }
  }
  return names;
}

/** `config['ITEMS'][number]` is an entry of `ITEMS`; an entry under a fixed key alone is a setting. */
function nameOf(name: string, keys: string): string | undefined {
  if (keys === '') return name;
  const fixed = /^\[\s*['"](\w+)['"]\s*\]/.exec(keys);
  if (!fixed) return name;
  const rest = keys.slice(fixed[0].length);
  return rest === '' ? undefined : nameOf(fixed[1] ?? name, rest);
}

/** A dictionary with named entries, an object, or a name for either. */
function isRecord(value: string, text: string): boolean {
  if (/^(?:\{\s*(?:['"*]|$)|dict\(|[A-Z]\w*\()/.test(value)) return true;
  const name = /^([a-z_]\w*)\s*\)?\s*(?:#.*)?$/.exec(value)?.[1];
  return (
    name !== undefined && new RegExp(`\\b${name}\\s*(?::[^=\\n]+)?=\\s*(?:\\{\\s*(?:['"*]|$)|dict\\(|[A-Z][a-z]\\w*\\()`, 'm').test(text)
  );
}
