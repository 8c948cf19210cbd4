import { iterate } from './assign.ts';
import { orderOf, parentOf } from './classes.ts';
import { filtered } from './comprehension.ts';
import type { Place } from '../python/syntax.ts';
import { recordsInFile } from '../stores/dictionaries.ts';
import { concatenate } from './text.ts';
import { recordOfInstance, recordOfRow } from './instances.ts';
import { noteType } from './inputs.ts';
import type { Callee, Frame, Machine } from './machine.ts';
import { elementsOf, subscriptOf } from './members.ts';
import {
  constant,
  join,
  labelsOf,
  none,
  noLabels,
  opaque,
  record,
  sequence,
  testValue,
  textOf,
  unknown,
  without,
  type Arguments,
  type Value,
} from './value.ts';

const casts = new Set(['str', 'int', 'float', 'bool', 'bytes', 'Decimal', 'decimal.Decimal', 'hash', 'repr', 'urllib.parse.unquote']);
const copies = new Set([
  'list',
  'tuple',
  'set',
  'sorted',
  'reversed',
  'iter',
  'frozenset',
  'copy.copy',
  'copy.deepcopy',
  'itertools.chain',
  'typing.cast',
]);
const whole = new Set([
  'vars',
  'dataclasses.asdict',
  'asdict',
  'bson.json_util.dumps',
  'json.dumps',
  'json.loads',
  'json.load',
  'flask.json.dumps',
  'bson.json_util.loads',
]);
/** Functions that call what they are given, in another thread: `asyncio.to_thread(load, id)`. */
const runsElsewhere = /thread|executor|submit|run_sync|sync_to_async/i;
/** Functions that return what they are given, to be called in another way: `ensure_async(view)(..)`. */
const adapts = /^(?:ensure_a?sync|sync_to_async|async_to_sync|copy_current_request_context|stream_with_context|exempt)$/;
/** Functions that take some entries out of a mapping. */
const picks = /^(?:funcy\.(?:project|pick_keys|select_keys)|(?:\w+\.)*(?:project|pick|only|subset|take_fields|select_keys|filter_fields))$/;
/** Constructors of ids, which refuse what has not their shape. */
const ids = new Set(['bson.ObjectId', 'bson.objectid.ObjectId', 'ObjectId', 'uuid.UUID', 'UUID']);
const fresh =
  /^(?:uuid\.uuid[1345]|secrets\.\w+|os\.urandom|random\.\w+|time\.\w+|datetime\.(?:datetime\.)?(?:now|utcnow|today)|bson\.ObjectId)$/;

/** Functions of Python itself and of its library. `undefined` for what is not known. */
export function callBuiltin(machine: Machine, { path, name }: Callee, args: Arguments, at: Place, frame: Frame): Value | undefined {
  const [first = unknown, second = unknown] = args.args;
  const each = (value: Value): Value => elementsOf(iterate(machine, value, at, frame));
  if (casts.has(path)) {
    noteType(machine, path, first, at, frame);
    return castScalar(first);
  }
  if (ids.has(path) && args.args.length > 0) return castId(machine, name, first, at, frame);
  if (fresh.test(path)) return unknown;
  if (copies.has(path))
    return path === 'typing.cast' ? second : copied(path.startsWith('copy.') ? first : iterate(machine, first, at, frame));
  const [passed] = args.args.filter(({ shape }) => shape.is === 'function');
  if (passed && adapts.test(name)) return passed;
  const [run] = args.args.filter(({ shape }) => shape.is === 'function' || (shape.is === 'symbol' && shape.receiver !== undefined));
  if (run && runsElsewhere.test(name)) return machine.call(run, { ...args, args: args.args.slice(args.args.indexOf(run) + 1) }, at, frame);
  if (picks.test(path) && args.args.length > 1) return picked(args.args);
  if (path === 'vars') return recordOfRow(recordOfInstance(machine, first));
  if (path === 'json.load' || path === 'json.loads') {
    const records = recordsInFile(machine, first);
    if (records) return records;
  }
  if (whole.has(path)) return recordOfInstance(machine, first);
  switch (path) {
    case 'len':
      return first.labels.has('K') ? opaque(new Set(['K'])) : unknown;
    case 'sum':
    case 'hasattr':
    case 'print':
    case 'range':
    case 'id':
      return path === 'hasattr' ? testValue({ is: 'truth', value: unknown }) : unknown;
    case 'dict':
      return dict(first, args);
    case 'next':
    case 'min':
    case 'max':
      return args.args.length > 1 && path !== 'next' ? join(args.args) : each(first);
    case 'enumerate':
      return sequence([], sequence([unknown, each(first)]));
    case 'zip':
      return sequence([], sequence(args.args.map(each)));
    case 'map':
    case 'filter':
      return path === 'filter'
        ? filtered(machine, iterate(machine, second, at, frame), (item) => machine.call(first, { ...nothing, args: [item] }, at, frame))
        : sequence([], machine.call(first, { ...nothing, args: [each(second)] }, at, frame));
    case 'any':
    case 'all':
      // `any(row.owner == team for team in teams)` says of one of them what the test says.
      if (elementsOf(first).shape.is === 'test') return elementsOf(first);
      return testValue({ is: 'predicate', name: path, args: [elementsOf(first)] });
    case 'isinstance':
      machine.trace.moments.push({ is: 'type-test', type: machine.nameOf(second), value: first, site: machine.site(at, frame) });
      if ([...first.labels].some((label) => label === 'R' || label === 'J')) machine.add(['typed']);
      return testValue({ is: 'truth', value: unknown });
    case 'getattr':
      if (second.shape.is === 'constant' && second.shape.isPart) return likeNamed(machine, first, textOf(second) ?? '', at, frame);
      return textOf(second) === undefined
        ? subscriptOf(machine, first, second, at, frame)
        : machine.attribute(first, textOf(second) ?? '', at, frame);
    case 'setattr': {
      const [holder = unknown, key = unknown, value = unknown] = args.args;
      machine.setAttribute(holder, textOf(key) ?? '*', { ...value, labels: labelsOf([value]) }, at, frame);
      machine.noteAssignment(holder, key, value, at, frame);
      return none;
    }
    case 'super':
      return parentOf(args, frame);
    case 'importlib.import_module':
      return textOf(first) === undefined ? undefined : machine.importModule(textOf(first) ?? '', 0, frame.file);
    case 'property':
    case 'functools.cached_property':
    case 'werkzeug.utils.cached_property':
    case 'cached_property':
      return first.shape.is === 'function' ? { ...first, shape: { ...first.shape, isProperty: true } } : undefined;
    case 'classmethod':
    case 'staticmethod':
      if (first.shape.is !== 'function') return undefined;
      return { ...first, shape: { ...first.shape, binds: path === 'classmethod' ? 'class' : 'nothing' } };
    case 'functools.wraps':
      return { labels: noLabels, shape: { is: 'symbol', path: 'functools.wraps()', call: args, receiver: undefined, site: 0 } };
    case 'functools.wraps()':
      return first;
    case 'functools.partial':
      return first;
    case 'os.path.join':
    case 'posixpath.join':
    case 'pathlib.Path':
      return path === 'pathlib.Path' && args.args.every(({ labels }) => labels.size === 0) ? undefined : concatenate(machine, args.args);
    case 'types.SimpleNamespace':
      return record(new Map(args.keywords), args.rest);
    case 're.fullmatch':
    case 're.match':
    case 're.search':
      machine.add([...second.labels].map((label) => `checked:${label}`));
      return testValue({ is: 'predicate', name: 'match', args: [] });
    default:
      return undefined;
  }
}

const nothing: Arguments = { args: [], keywords: new Map(), rest: undefined };

function castScalar(value: Value): Value {
  if (value.shape.is === 'constant') return constant(String(value.shape.value));
  return without({ ...value, shape: value.shape.is === 'stored' ? value.shape : { is: 'unknown' } }, (label) => label === 'J');
}

function castId(machine: Machine, name: string, value: Value, at: Place, frame: Frame): Value {
  const isChecked = [...value.labels].some((label) => machine.state.facts.has(`checked:${label}`));
  machine.trace.moments.push({ is: 'cast', to: name, value, isTried: frame.tries > 0, isChecked, site: machine.site(at, frame) });
  return without(opaque(value.labels), (label) => label === 'J');
}

/** `project(data, ('name', 'text'))`: of a body, the fields that are named. */
function picked(args: readonly Value[]): Value {
  const labels = new Set(labelsOf(args));
  if (labels.delete('R')) labels.add('C:*');
  return opaque(labels);
}

/** `getattr(self, 'on_' + kind)`: one of the methods whose names begin so. */
function likeNamed(machine: Machine, holder: Value, prefix: string, at: Place, frame: Frame): Value {
  const { shape } = holder;
  const type = shape.is === 'instance' || shape.is === 'class' ? shape.class : undefined;
  const names = new Set((type ? orderOf(type) : []).flatMap(({ members }) => [...members].map(([name]) => name)));
  const found = [...names].filter((name) => name.startsWith(prefix));
  return found.length > 0 ? join(found.map((name) => machine.attribute(holder, name, at, frame))) : opaque(holder.labels);
}

function copied(value: Value): Value {
  if (value.shape.is !== 'record') return value;
  return sequence([...value.shape.entries.keys()].map(constant), value.shape.rest && opaque(value.shape.rest.labels));
}

function dict(first: Value, { args, keywords, rest }: Arguments): Value {
  if (args.length > 0 && keywords.size === 0)
    return first.shape.is === 'record' || first.shape.is === 'stored' ? first : opaque(first.labels);
  const base = first.shape.is === 'record' ? first.shape : undefined;
  return record(new Map([...(base?.entries ?? []), ...keywords]), rest ?? base?.rest ?? (args.length > 0 && !base ? first : undefined));
}
