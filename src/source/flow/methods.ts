import type { Place } from '../python/syntax.ts';
import { isAtEnd } from './decided.ts';
import { recordOfInstance, recordOfRow } from './instances.ts';
import type { Frame, Machine } from './machine.ts';
import { elementsOf, entryOf, isCode } from './members.ts';
import { concatenate, formatted } from './text.ts';
import {
  constant,
  join,
  labelsOf,
  none,
  opaque,
  record,
  sequence,
  testValue,
  textOf,
  without,
  type Arguments,
  type Value,
} from './value.ts';

/** Methods of dictionaries, lists and text. `undefined` for what is not known. */
export function callMethod(machine: Machine, receiver: Value, name: string, args: Arguments, at: Place, frame: Frame): Value | undefined {
  const { shape } = receiver;
  if (shape.is === 'either') {
    const results = shape.options.map((option) => callMethod(machine, option, name, args, at, frame));
    return results.every((result) => result !== undefined) ? join(results) : undefined;
  }
  const [first, second] = args.args;
  if ((name === 'startswith' || name === 'endswith') && first) {
    const outcome = isAtEnd(receiver, first, name);
    return outcome === undefined ? undefined : testValue({ is: outcome ? 'all' : 'any', tests: [] });
  }
  // Whoever takes fields out of a body has thought of what is in it.
  if (name === 'pop' && receiver.labels.has('R') && first?.labels.size === 0) machine.add(['pruned']);
  if (name === 'get' || name === 'pop' || name === 'setdefault')
    return getEntry(machine, receiver, name, first, second ?? args.keywords.get('default'), at, frame);
  if (name === 'getlist' && receiver.labels.has('R') && first && textOf(first) !== undefined)
    return sequence([], machine.subscript(receiver, first, at, frame));
  if (receiver.labels.has('R') && shape.is !== 'record' && textual.has(name)) return opaque(receiver.labels);
  if (textual.has(name)) return callText(machine, receiver, name, args);
  if (name === 'join' && first && textOf(receiver) !== undefined) return joined(machine, receiver, first);
  if (shape.is === 'record') return callRecord(receiver, shape, name, args);
  if (shape.is === 'sequence') return callSequence(shape, name, first);
  if (shape.is === 'stored') return callStoredMethod(receiver, shape, name, first);
  // What a validated model hands on has the fields that it declares.
  if (receiver.labels.has('R') && /^(?:model_dump|dict)$/.test(name)) return asFields(receiver);
  if (shape.is === 'instance' && /^(?:model_dump|dict|to_dict|as_?dict)$/.test(name)) return recordOfInstance(machine, receiver);
  if (name === 'items' && receiver.labels.size > 0) return pairs(opaque(receiver.labels), receiver);
  if ((name === 'keys' || name === 'values' || name === 'to_dict' || name === 'copy') && receiver.labels.size > 0)
    return opaque(receiver.labels);
  return undefined;
}

/** What a model makes of a body has the fields of the model, whatever the body has. */
function asFields({ labels }: Value): Value {
  return opaque(new Set([...labels].map((label) => (label === 'R' ? 'C:*' : label))));
}

function getEntry(
  machine: Machine,
  receiver: Value,
  name: string,
  key: Value | undefined,
  fallback: Value | undefined,
  at: Place,
  frame: Frame,
): Value | undefined {
  const { shape } = receiver;
  const text = key && textOf(key);
  if (!key || shape.is === 'symbol' || shape.is === 'query' || shape.is === 'class') return undefined;
  if (text === undefined) {
    // There may be nothing under a key that is not known: of functions and classes, any other would be a wrong one.
    if (shape.is === 'record' && [...shape.entries.values(), ...(shape.rest ? [shape.rest] : [])].some(isCode)) return opaque(key.labels);
    return name === 'get' || shape.is === 'record' ? machine.subscript(receiver, key, at, frame) : undefined;
  }
  if (shape.is === 'record') {
    const entry = shape.entries.get(text) ?? (shape.rest ? entryOf(shape.rest, text) : undefined);
    const other = fallback ?? none;
    if (!entry && shape.rest === undefined && name === 'get' && machine.isPathRecord(receiver)) {
      machine.trace.moments.push({ is: 'unbound-keyword', name: text, isOptional: false, site: machine.site(at, frame) });
    }
    return entry ? (fallback ? join([entry, fallback]) : entry) : other;
  }
  const entry = machine.subscript(receiver, key, at, frame);
  return fallback && fallback.labels.size > 0 ? join([entry, fallback]) : entry;
}

const textual = new Set(
  (
    'strip lstrip rstrip lower upper title casefold split rsplit partition rpartition splitlines replace encode decode format ' +
    'removeprefix removesuffix hex zfill ljust rjust capitalize isoformat'
  ).split(' '),
);

function callText(machine: Machine, receiver: Value, name: string, args: Arguments): Value {
  if (name === 'format' && (textOf(receiver) !== undefined || receiver.parts)) return formatted(machine, receiver, args);
  const labels = labelsOf([receiver, ...(name === 'format' || name === 'replace' ? [...args.args, ...args.keywords.values()] : [])]);
  const scalar = without(opaque(labels), (label) => label === 'J');
  const text = textOf(receiver);
  const [separator] = args.args;
  if (name === 'split' && text !== undefined) {
    const by = separator && textOf(separator);
    return sequence((by === undefined ? text.split(/\s+/) : text.split(by)).map(constant));
  }
  if (text !== undefined && labels.size === 0 && name !== 'partition') return receiver;
  return scalar;
}

/** `' AND '.join(parts)`, where the parts are known. */
function joined(machine: Machine, separator: Value, value: Value): Value | undefined {
  const { shape } = value;
  // Of a mapping it is the names that are joined, and not what is under them.
  if (shape.is === 'record') return opaque(labelsOf([elementsOf(value)]));
  if (shape.is !== 'sequence' || shape.each) return undefined;
  return concatenate(
    machine,
    shape.items.flatMap((item, index) => (index === 0 ? [item] : [separator, item])),
  );
}

function pairs(key: Value, value: Value): Value {
  return sequence([], sequence([key, value]));
}

function callRecord(
  receiver: Value,
  { entries, rest }: Extract<Value['shape'], { is: 'record' }>,
  name: string,
  { args, keywords, rest: more }: Arguments,
): Value | undefined {
  const [first] = args;
  switch (name) {
    case 'items':
      return sequence(
        [...entries].map(([key, value]) => sequence([constant(key), value])),
        rest && sequence([opaque(rest.labels), rest]),
      );
    case 'keys':
      return sequence([...entries.keys()].map(constant), rest && opaque(rest.labels));
    case 'values':
      return sequence([...entries.values()], rest);
    case 'copy':
    case 'to_dict':
      return receiver;
    case 'update': {
      const added = first?.shape.is === 'record' ? first.shape : undefined;
      const rests = [rest, more, added?.rest, first && !added ? first : undefined].filter((each) => each !== undefined);
      return record(new Map([...entries, ...(added?.entries ?? []), ...keywords]), rests.length > 0 ? join(rests) : undefined);
    }
    default:
      return undefined;
  }
}

/** Members that are kept in their order. */
const mostKept = 40;

function callSequence(shape: Extract<Value['shape'], { is: 'sequence' }>, name: string, first: Value | undefined): Value | undefined {
  if (name === 'append' || name === 'add') {
    if (!first) return undefined;
    const isShort = !shape.each && shape.items.length < mostKept;
    return isShort ? sequence([...shape.items, first]) : sequence(shape.items, shape.each ? join([shape.each, first]) : first);
  }
  if (name === 'extend' && first)
    return first.shape.is === 'sequence' && !shape.each
      ? sequence([...shape.items, ...first.shape.items], first.shape.each)
      : sequence(shape.items, join([...(shape.each ? [shape.each] : []), elementsOf(first)]));
  if (name === 'join') return undefined;
  return name === 'copy' ? sequence(shape.items, shape.each) : undefined;
}

/** Methods that walk through what was loaded, or turn it into something that can be sent. */
function callStoredMethod(
  receiver: Value,
  shape: Extract<Value['shape'], { is: 'stored' }>,
  name: string,
  first: Value | undefined,
): Value | undefined {
  const whole: Value = { labels: receiver.labels, shape: { ...shape, part: shape.part === 'many' ? 'many' : 'whole', field: '' } };
  if (name === 'items') return pairs(opaque(receiver.labels), whole);
  if (/^to_(?:json|mongo)$/.test(name) && shape.part !== 'many') return recordOfRow(whole);
  // A document that a body is poured into.
  if (name === 'update' && !shape.entity && shape.part === 'whole' && first?.labels.has('R'))
    return record(new Map(), join([first, receiver]));
  if (/^(?:to_?(?:dict|json|mongo|native)|as_?dict|serialize|_asdict|json|dict|model_dump|dump|copy|values)$/i.test(name)) return whole;
  if (
    /^(?:sort|limit|skip|all|order_by|unique|batch_size|scalars|mappings|fetchall|items|distinct|hint|allow_disk_use|iterator|paginate|partitions)$/.test(
      name,
    )
  )
    return whole;
  if (/^(?:first|one|next|scalar|one_or_none|scalar_one|scalar_one_or_none|fetchone|first_or_404)$/.test(name)) {
    return { ...whole, shape: { ...shape, part: 'whole', field: '' } };
  }
  return undefined;
}

/** Changes that a method makes to a variable: `data.update(..)`, `items.append(..)`. */
export function changedBy(name: string): boolean {
  return name === 'update' || name === 'append' || name === 'extend' || name === 'add' || name === 'setdefault';
}
