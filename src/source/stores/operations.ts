import type { Condition } from '../flow/access.ts';
import { recordAccess } from '../flow/accessing.ts';
import type { Callee, Frame, Machine } from '../flow/machine.ts';
import { pathOf } from '../flow/members.ts';
import { join, sequence, textOf, unknown, type Arguments, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { argumentAt, argumentsAt } from './arguments.ts';
import { conditionsOf, projectionOf, stagesOf } from './conditions.ts';
import { entityNamed } from './entities.ts';
import { conditionsOfExpression } from './expressions.ts';
import { foldedIn } from './folded.ts';
import { isOneOf } from './load-stores.ts';
import { runStatement } from './run-statement.ts';
import type { Operation, Store } from './schema.ts';
import { scopeOf } from './scopes.ts';

/** A direct operation of a store: `collection.find_one(..)`, `table.get_item(..)`, `session.get(Model, id)`. */
import { untyped } from './typed.ts';

export function callOperation(machine: Machine, store: Store, callee: Callee, args: Arguments, at: Place, frame: Frame): Value | undefined {
  const paged = pagedOf(callee);
  if (paged) {
    const page = callOperation(machine, store, paged, args, at, frame);
    return page && sequence([], page);
  }
  const { name, receiver, path } = callee;
  const holder = holderOf(receiver);
  for (const operation of store.operations) {
    if (!operation.names.includes(name)) continue;
    if (operation.needs && !operation.needs.some((needed) => args.keywords.has(needed))) continue;
    const isKnown = operation.paths
      ? isOneOf(operation.paths, path)
      : holder !== undefined && isOneOf(operation.receivers ?? store.receivers, holder);
    if (!isKnown || writesFile(operation, args) || isPublicFolder(operation, args)) continue;
    const done = operation.where.some(({ as }) => as === 'sql')
      ? receiver && runStatement(machine, store, operation, receiver, args, at, frame)
      : operation.folds
        ? runFolded(machine, store, operation, receiver, args, at, frame)
        : runOperation(machine, store, operation, receiver, args, at, frame);
    if (done) return done;
  }
  return undefined;
}

function holderOf(receiver: Value | undefined): string | undefined {
  return receiver?.shape.is === 'symbol'
    ? receiver.shape.path
    : receiver?.shape.is === 'unknown' || receiver?.shape.is === 'constant'
      ? '?'
      : undefined;
}

/** `open(path, 'w')`. */
function writesFile({ mode }: Operation, args: Arguments): boolean {
  const given = mode && argumentAt(args, mode);
  return given !== undefined && /[wax+]/.test(textOf(given) ?? '');
}

const publicFolder = /(?:^|[/_])(?:static|assets?|public|dist|build|frontend|templates?|www|html|webroot)(?:_folder)?(?:\/|$)/i;

/** What is in such a folder is there for everybody who may ask at all. */
function isPublicFolder({ folder }: Operation, args: Arguments): boolean {
  const given = folder && argumentAt(args, folder);
  if (!given) return false;
  const [first = given] = given.parts ?? [];
  return publicFolder.test(textOf(first) ?? pathOf(first).replaceAll('.', '/'));
}

/** `client.get_paginator('query').paginate(..)` is the operation itself, page by page. */
function pagedOf({ name, receiver, value }: Callee): Callee | undefined {
  const { shape } = receiver ?? value;
  if (name !== 'paginate' || shape.is !== 'symbol' || !shape.path.endsWith('.get_paginator()')) return undefined;
  const operation = shape.call?.args[0] ?? shape.call?.keywords.get('operation_name');
  const named = operation && textOf(operation);
  return named === undefined
    ? undefined
    : { path: shape.path.replace('get_paginator()', named), name: named, value, receiver: shape.receiver };
}

/** Each of several operations that are handed over at once. */
function runFolded(
  machine: Machine,
  store: Store,
  { folds, answers }: Operation,
  receiver: Value | undefined,
  args: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  const given = folds && argumentAt(args, folds);
  const results = (given ? foldedIn(given) : []).flatMap(({ name, args: own }) => {
    const operation = store.operations.find(({ names }) => names.includes(name));
    return operation ? (runOperation(machine, store, operation, receiver, own, at, frame) ?? []) : [];
  });
  return results.length === 0 ? undefined : answers === 'outcome' ? unknown : join(results);
}

function runOperation(
  machine: Machine,
  store: Store,
  operation: Operation,
  receiver: Value | undefined,
  args: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  const named = operation.resource && argumentAt(args, operation.resource);
  const model = named && entityNamed(named);
  // `get(Model, id)` is told from `get(key)` of a mapping by its model.
  if (operation.resource?.argument !== undefined && !model) return undefined;
  const isTyped = store.library === 'dynamodb';
  const data = operation.data.flatMap((place) => argumentAt(args, place) ?? []).map((value) => (isTyped ? untyped(value) : value));
  const projection = operation.projection && projectionOf(argumentAt(args, operation.projection), operation.projection.as);
  const index = operation.index && argumentAt(args, operation.index);
  const conditions = operation.where.flatMap(({ as, ...place }): readonly Condition[] => {
    const values = argumentsAt(args, receiver, place);
    return values.flatMap((value) => (as === 'expression' ? conditionsOfExpression(value, args) : conditionsOf(value, as)));
  });
  return recordAccess(
    machine,
    {
      library: store.library,
      resource:
        operation.kind ?? model?.name ?? (named && textOf(named)) ?? wordsIn(operation, args) ?? (receiver ? tableOf(receiver) : '?'),
      entity: model?.entity,
      // What must not be there yet, or must be the caller's, takes nobody's place.
      verb: operation.verb === 'put' && conditionsAsked(operation, args) ? 'create' : operation.verb,
      conditions: [...conditions, ...scopeOf(machine, model?.entity, at, frame)],
      projection,
      data: data.length === 0 ? undefined : join(data.length === 1 ? data : [mergedData(data)]),
      index: index ? (textOf(index) ?? pathOf(index)) : operation.scans ? 'scan' : undefined,
      joined: operation.where.flatMap(({ as, ...place }) => (as === 'pipeline' ? lookedUp(argumentAt(args, place)) : [])),
      isGuess: false,
    },
    operation.answers,
    operation.refuses,
    at,
    frame,
  );
}

/** What is stored under a key, by the words in it: `user:7:draft:9` is a draft of a user. */
function wordsIn({ named }: Operation, args: Arguments): string | undefined {
  const key = named && argumentAt(args, named);
  const texts = (key ? (key.parts ?? [key]) : []).flatMap((part) => textOf(part) ?? []);
  const words = texts.flatMap((text) => text.match(/[A-Za-z_]+/g) ?? []);
  return words.length === 0 ? undefined : words.join(' ');
}

function conditionsAsked({ where }: Operation, args: Arguments): boolean {
  return where.some((place) => argumentAt(args, place) !== undefined);
}

/** Collections that an aggregation joins. */
function lookedUp(pipeline: Value | undefined): readonly string[] {
  const stages = pipeline ? stagesOf(pipeline, '$lookup') : [];
  return stages.flatMap(({ shape }) => {
    const from = shape.is === 'record' ? shape.entries.get('from') : undefined;
    return (from && textOf(from)) ?? [];
  });
}

function mergedData(data: readonly Value[]): Value {
  return { labels: new Set(data.flatMap((value) => [...value.labels])), shape: { is: 'sequence', items: data, each: undefined } };
}

/** The table of a receiver: its last name, or what `Table(..)` was called with. */
function tableOf({ shape }: Value): string {
  if (shape.is === 'class') return shape.class.name;
  if (shape.is !== 'symbol') return '?';
  if (shape.receiver && /\.(?:batch_writer|_get_collection|with_options)\(\)$/.test(shape.path)) return tableOf(shape.receiver);
  const [first] = shape.call?.args ?? [];
  if (shape.path.endsWith('()') && first) return textOf(first) ?? (first.shape.is === 'symbol' ? lastName(first.shape.path) : '?');
  return lastName(shape.path);
}

function lastName(path: string): string {
  return path.replaceAll('()', '').split('.').at(-1) ?? path;
}
