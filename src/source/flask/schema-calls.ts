import { argumentAt } from '../stores/arguments.ts';
import { memberOf } from '../flow/classes.ts';
import type { Frame, Library, Machine } from '../flow/machine.ts';
import { entryOf } from '../flow/members.ts';
import { record, sequence, textOf, unknown, type Arguments, type PythonClass, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { schemaOf } from './schemas.ts';

const noArguments: Arguments = { args: [], keywords: new Map(), rest: undefined };

const methods = /^(?:loads?|dumps?|jsonify)$/;

/** A schema as it was made: `Schema(only=('name',), many=True)`. */
interface Made {
  readonly type: PythonClass;
  readonly call: Arguments;
}

/** Schemas of marshmallow: what they read out of a body, into which rows, and what they let out. */
export const schemaCalls: Library = {
  attribute(_machine, value, name) {
    const type = methods.test(name) && value.shape.is === 'instance' ? schemaOf(value) : undefined;
    if (!type || memberOf(type, name, undefined)) return undefined;
    return { labels: value.labels, shape: { is: 'symbol', path: `?.${name}`, call: undefined, receiver: value, site: 0 } };
  },
  call(machine, { name, receiver }, args, at, frame) {
    const type = receiver && schemaOf(receiver);
    if (!type) return undefined;
    const call = receiver.shape.is === 'instance' ? (receiver.shape.call ?? noArguments) : noArguments;
    const made = { type, call };
    const [first = unknown] = args.args;
    switch (name) {
      case 'load':
      case 'loads':
        return loaded(machine, made, first, args, at, frame);
      case 'dump':
      case 'dumps':
      case 'jsonify':
        return dumped(machine, made, first, args);
      default:
        return undefined;
    }
  },
};

/** The fields of a body that the schema declares, or the row that they are written into. */
function loaded(machine: Machine, made: Made, body: Value, args: Arguments, at: Place, frame: Frame): Value | undefined {
  const names = namesOf(made, 'dump_only');
  const isWhole = names === undefined || letsThrough(made, args);
  const entries = new Map((names ?? []).map((name) => [name, entryOf(body, name)]));
  const fields = record(entries, isWhole ? body : undefined);
  if (!isTrue(metaOf(made, 'load_instance'))) return isMany(made, args) ? sequence([], fields) : fields;
  const row = args.keywords.get('instance');
  if (row) {
    machine.setAttribute(row, '*', fields, at, frame);
    if (isWhole) machine.noteAssignment(row, body, body, at, frame);
    return row;
  }
  const model = metaOf(made, 'model');
  if (model?.shape.is !== 'class') return fields;
  return machine.construct(model.shape.class, { args: [], keywords: entries, rest: isWhole ? body : undefined }, at, frame);
}

/** What of an object is let out. */
function dumped(machine: Machine, made: Made, object: Value, args: Arguments): Value {
  const names = namesOf(made, 'load_only') ?? columnsOf(made);
  if (!names) return object;
  const shown = (each: Value): Value => record(new Map(names.map((name) => [name, entryOf(each, name)])));
  const isList = object.shape.is === 'sequence' || (object.shape.is === 'stored' && object.shape.part === 'many') || isMany(made, args);
  return isList ? sequence([], shown(machine.elements(object))) : shown(object);
}

/** The fields that a schema has, without those that only go the other way; `undefined` when it has all that the model has. */
function namesOf(made: Made, otherWay: 'dump_only' | 'load_only'): readonly string[] | undefined {
  const { type } = made;
  const only = made.call.keywords.get('only') ?? metaOf(made, 'fields');
  const left = new Set([
    ...textsOf(made.call.keywords.get('exclude')),
    ...textsOf(metaOf(made, 'exclude')),
    ...textsOf(made.call.keywords.get(otherWay)),
    ...textsOf(metaOf(made, otherWay)),
  ]);
  const goes = (name: string): boolean => {
    const field = memberOf(type, name, undefined)?.shape;
    return !left.has(name) && !(field?.is === 'symbol' && isTrue(field.call?.keywords.get(otherWay)));
  };
  if (only) return textsOf(only).filter(goes);
  if (metaOf(made, 'model')) {
    const columns = columnsOf(made);
    return columns && columns.some((name) => !goes(name)) ? columns.filter(goes) : undefined;
  }
  return type.fields.filter(goes);
}

function columnsOf(made: Made): readonly string[] | undefined {
  const model = metaOf(made, 'model');
  const fields = model?.shape.is === 'class' ? model.shape.class.fields : [];
  return fields.length === 0 ? undefined : fields;
}

function metaOf({ type }: Made, name: string): Value | undefined {
  const meta = memberOf(type, 'Meta', undefined);
  return meta?.shape.is === 'class' ? memberOf(meta.shape.class, name, undefined) : undefined;
}

function letsThrough(made: Made, args: Arguments): boolean {
  const given = args.keywords.get('unknown') ?? made.call.keywords.get('unknown') ?? metaOf(made, 'unknown');
  return given?.shape.is === 'symbol' ? given.shape.path.endsWith('INCLUDE') : given !== undefined && textOf(given) === 'include';
}

function isMany(made: Made, args: Arguments): boolean {
  return isTrue(argumentAt(args, { keyword: 'many' }) ?? made.call.keywords.get('many'));
}

function isTrue(value: Value | undefined): boolean {
  return value?.shape.is === 'constant' && value.shape.value === true;
}

function textsOf(value: Value | undefined): readonly string[] {
  if (!value) return [];
  return value.shape.is === 'sequence' ? value.shape.items.flatMap((item) => textOf(item) ?? []) : [textOf(value) ?? []].flat();
}
