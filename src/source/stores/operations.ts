import type { Condition } from '../flow/access.ts';
import { recordAccess } from '../flow/accessing.ts';
import type { Callee, Frame, Machine } from '../flow/machine.ts';
import { pathOf } from '../flow/members.ts';
import { join, textOf, type Arguments, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { conditionsOf, projectionOf, stagesOf } from './conditions.ts';
import { entityNamed } from './entities.ts';
import { matches } from './load-stores.ts';
import type { ArgumentPlace, Operation, Store } from './schema.ts';
import { readSql } from './sql.ts';
import { conditionsOfStatement, dataOfStatement, projectionOfStatement } from './statements.ts';

export function argumentAt({ args, keywords }: Arguments, { argument, keyword }: ArgumentPlace): Value | undefined {
  return (keyword === undefined ? undefined : keywords.get(keyword)) ?? (argument === undefined ? undefined : args[argument]);
}

/** A direct operation of a store: `collection.find_one(..)`, `table.get_item(..)`, `session.get(Model, id)`. */
export function callOperation(machine: Machine, store: Store, callee: Callee, args: Arguments, at: Place, frame: Frame): Value | undefined {
  const { name, receiver } = callee;
  const holder = receiver?.shape.is === 'symbol' ? receiver.shape.path : receiver?.shape.is === 'unknown' ? '?' : undefined;
  if (!receiver || holder === undefined) return undefined;
  for (const operation of store.operations) {
    if (!operation.names.includes(name)) continue;
    if (operation.needs && !operation.needs.some((needed) => args.keywords.has(needed))) continue;
    const receivers = operation.receivers ?? store.receivers;
    if (!receivers.some((pattern) => matches(pattern, holder))) continue;
    const done = operation.where.some(({ as }) => as === 'sql')
      ? runStatement(machine, store, receiver, args, at, frame)
      : runOperation(machine, store, operation, receiver, args, at, frame);
    if (done) return done;
  }
  return undefined;
}

function runOperation(
  machine: Machine,
  store: Store,
  operation: Operation,
  receiver: Value,
  args: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  const named = operation.resource && argumentAt(args, operation.resource);
  const model = named && entityNamed(named);
  // `get(Model, id)` is told from `get(key)` of a mapping by its model.
  if (operation.resource?.argument !== undefined && !model) return undefined;
  const data = operation.data.flatMap((place) => argumentAt(args, place) ?? []);
  const projection = operation.projection && projectionOf(argumentAt(args, operation.projection), operation.projection.as);
  const index = operation.index && argumentAt(args, operation.index);
  const conditions = operation.where.flatMap(({ as, ...place }): readonly Condition[] => {
    const value = argumentAt(args, place);
    return value ? conditionsOf(value, as) : [];
  });
  return recordAccess(
    machine,
    {
      library: store.library,
      resource: operation.kind ?? model?.name ?? (named && textOf(named)) ?? tableOf(receiver),
      entity: model?.entity,
      verb: operation.verb,
      conditions,
      projection,
      data: data.length === 0 ? undefined : join(data.length === 1 ? data : [mergedData(data)]),
      index: index && (textOf(index) ?? pathOf(index)),
      joined: operation.where.flatMap(({ as, ...place }) => (as === 'pipeline' ? lookedUp(argumentAt(args, place)) : [])),
      isGuess: false,
    },
    operation.answers,
    operation.refuses,
    at,
    frame,
  );
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
  if (shape.is !== 'symbol') return '?';
  const [first] = shape.call?.args ?? [];
  if (shape.path.endsWith('()') && first) return textOf(first) ?? (first.shape.is === 'symbol' ? lastName(first.shape.path) : '?');
  return lastName(shape.path);
}

function lastName(path: string): string {
  return path.replaceAll('()', '').split('.').at(-1) ?? path;
}

/** A statement with its parameters. What a cursor fetches afterwards is what it found. */
function runStatement(machine: Machine, store: Store, receiver: Value, args: Arguments, at: Place, frame: Frame): Value | undefined {
  const [first, parameters] = args.args;
  const written = first?.shape.is === 'symbol' && first.shape.path.endsWith('text()') ? first.shape.call?.args[0] : first;
  const statement = written && readSql(textOf(written) ?? '');
  if (!statement) return undefined;
  const { table: resource, verb, joined } = statement;
  const access = {
    library: `${store.library} (SQL)`,
    resource,
    entity: undefined,
    verb,
    conditions: conditionsOfStatement(statement, parameters),
    projection: projectionOfStatement(statement),
    data: dataOfStatement(statement, parameters),
    index: undefined,
    joined,
    isGuess: false,
  };
  const result = recordAccess(machine, access, verb === 'list' ? 'many' : 'outcome', undefined, at, frame);
  for (const name of ['fetchone', 'fetchall', 'fetchmany']) machine.state.attributes.set(`${pathOf(receiver)}.${name}`, result);
  return result;
}
