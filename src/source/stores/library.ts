import { recordAccess } from '../flow/accessing.ts';
import type { Frame, Library, Machine } from '../flow/machine.ts';
import { memberOf } from '../flow/classes.ts';
import { noLabels, record, type Arguments, type PythonClass, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { callChain } from './chains.ts';
import { conditionsOf } from './conditions.ts';
import { isDerivedFrom, storeOfEntity } from './entities.ts';
import { changeObject, onObject } from './objects.ts';
import { callOperation } from './operations.ts';
import { callOnQuery, dataOf, emptyQuery, findGiven, queryOf, queryValue, runGiven, runQuery, startQuery } from './queries.ts';
import type { Store } from './schema.ts';
import { composed } from './run-statement.ts';
import { noteListener, noteScope } from './scopes.ts';
import { columnOfTable } from './tables.ts';
import { comparison, joinedTests } from './tests.ts';

/** What the interpreter must know of data stores, from their descriptions. */
export function storeLibrary(stores: readonly Store[]): Library {
  return {
    attribute(machine, value, name, at, frame) {
      const { shape } = value;
      if (shape.is === 'class') return ofEntity(stores, machine, value, shape.class, name, at, frame);
      if (shape.is === 'symbol') return columnOfTable(value, name) ?? firstOf(stores, (store) => queryOf(store, value, name));
      if (shape.is === 'stored' && shape.part !== 'field') return unwrapped(stores, machine, value, shape.access, name);
      if (shape.is === 'query' && name.startsWith('[')) return runQuery(machine, shape.query, 'many', undefined, at, frame);
      return undefined;
    },
    call(machine, callee, args, at, frame) {
      const { path, name, receiver } = callee;
      const joined = joinedTests(stores, path, args, at) ?? composed(path, args) ?? managed(path, args);
      if (joined) return joined;
      noteScope(machine, path, args);
      const listener = noteListener(machine, path, args, callee.value, at, frame);
      if (listener) return listener;
      if (receiver?.shape.is === 'query') {
        const { query } = receiver.shape;
        const store = stores.find(({ library }) => library === query.library);
        const own = ownQueryMethod(query.entity, name, receiver);
        if (own) return machine.call(own, args, at, frame);
        return store && callOnQuery(machine, store, query, name, args, at, frame);
      }
      if (receiver?.shape.is === 'class') return onEntity(machine, stores, receiver.shape.class, name, args, at, frame);
      if (receiver?.shape.is === 'stored') return onObject(machine, stores, receiver, name, args, at, frame);
      const compared = comparison(stores, receiver, name, args, at);
      if (compared) return compared;
      return firstOf(
        stores,
        (store) =>
          startQuery(store, path, args, receiver) ??
          runGiven(machine, store, callee, args, at, frame) ??
          findGiven(machine, store, name, args, at, frame) ??
          changeObject(machine, store, callee.receiver, name, args, at, frame) ??
          callChain(machine, store, callee, args, at, frame) ??
          callOperation(machine, store, callee, args, at, frame),
      );
    },
    subscript(machine, value, index, at, frame) {
      const { shape } = value;
      const store = shape.is === 'class' ? storeOfEntity(stores, shape.class) : undefined;
      if (shape.is !== 'class' || !store?.subscripts || index.shape.is === 'class') return undefined;
      const query = { ...emptyQuery(store, { name: shape.class.name, entity: shape.class }), conditions: conditionsOf(index, 'key') };
      return runQuery(machine, query, 'one', 404, at, frame);
    },
    method(machine, code, type, args, at, frame) {
      // `Model.query(owner=me, id=id)`: what such a method makes of its keywords is found out when it runs.
      const takesAny = code.parameters.some(({ form }) => form === 'keywords') && args.keywords.size > 0;
      const store =
        takesAny && /^(?:query|filter|find|search|select|get|first|one|list)\w*$/.test(code.name) ? storeOfEntity(stores, type) : undefined;
      if (!store) return undefined;
      const conditions = conditionsOf(record(args.keywords, args.rest), 'keywords');
      const query = { ...emptyQuery(store, { name: type.name, entity: type }), conditions };
      return runQuery(machine, query, /^(?:get|first|one)/.test(code.name) ? 'one' : 'many', undefined, at, frame);
    },
    construct(machine, type, args, at, frame) {
      const store = storeOfEntity(stores, type);
      if (!store) return undefined;
      const access = {
        library: store.library,
        resource: type.name,
        entity: type,
        verb: 'create',
        conditions: [],
        projection: undefined,
        data: dataOf(args),
        index: undefined,
        joined: [],
        isGuess: false,
      } as const;
      return recordAccess(machine, access, 'one', undefined, at, frame);
    },
  };
}

/** `@queryset_manager`: a function that makes a query of the model narrower. */
function managed(path: string, { args: [manager] }: Arguments): Value | undefined {
  if (!/(?:^|\.)queryset_manager$/.test(path) || manager?.shape.is !== 'function') return undefined;
  return { ...manager, shape: { ...manager.shape, isManager: true } };
}

/** A method of the query class that a model says it has: `query_class = TripQuery`. */
function ownQueryMethod(entity: PythonClass | undefined, name: string, query: Value): Value | undefined {
  const type = entity && memberOf(entity, 'query_class', undefined);
  return type?.shape.is === 'class' ? memberOf(type.shape.class, name, query) : undefined;
}

function firstOf<T>(stores: readonly Store[], find: (store: Store) => T | undefined): T | undefined {
  for (const store of stores) {
    const found = find(store);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ofEntity(
  stores: readonly Store[],
  machine: Machine,
  value: Value,
  type: PythonClass,
  name: string,
  at: Place,
  frame: Frame,
): Value | undefined {
  const store = storeOfEntity(stores, type);
  if (!store) return undefined;
  const after = value.shape.is === 'class' ? value.shape.after : undefined;
  const own = memberOf(type, name, undefined, after);
  if (own?.shape.is === 'function') {
    if (!own.shape.isManager) return undefined;
    const all = queryValue(emptyQuery(store, { name: type.name, entity: type }));
    return machine.call(own, { args: [value, all], keywords: new Map(), rest: undefined }, at, frame);
  }
  const query = queryOf(store, value, name);
  if (query) return query;
  const index = memberOf(type, name, undefined);
  if (index?.shape.is === 'instance' && isDerivedFrom(store.indexes, index.shape.class))
    return queryValue({ ...emptyQuery(store, { name: type.name, entity: type }), index: name });
  if (!type.fields.includes(name) && name !== 'id' && name !== 'pk') return undefined;
  return { labels: new Set(), shape: { is: 'column', entity: type.name, field: name } };
}

/** `Model.get(..)`: ends of a query that a model has itself. `Model.objects(..)`: the query of its attribute, called. */
function onEntity(
  machine: Machine,
  stores: readonly Store[],
  type: PythonClass,
  name: string,
  args: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  const store = storeOfEntity(stores, type);
  if (!store || type.members.get(name)?.shape.is === 'function') return undefined;
  return callOnQuery(machine, store, emptyQuery(store, { name: type.name, entity: type }), name, args, at, frame);
}

/** `response['Item']` is the object, not a field of it. */
function unwrapped(stores: readonly Store[], machine: Machine, value: Value, number: number, name: string): Value | undefined {
  const library = machine.trace.accesses[number]?.library;
  const wrap = stores.find((store) => library?.startsWith(store.library))?.wraps[name.replace(/^\[(.*)\]$/, '$1')];
  if (!wrap || value.shape.is !== 'stored') return undefined;
  if (value.shape.part === 'many' && wrap !== 'many') return undefined;
  if (wrap === 'outcome') return { labels: noLabels, shape: { is: 'outcome', access: number } };
  return { ...value, shape: { ...value.shape, part: wrap === 'many' ? 'many' : 'whole' } };
}
