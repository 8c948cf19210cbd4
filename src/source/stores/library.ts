import { recordAccess } from '../flow/accessing.ts';
import type { Frame, Library, Machine } from '../flow/machine.ts';
import { memberOf } from '../flow/classes.ts';
import { none, record, testValue, unknown, type Arguments, type PythonClass, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { columnOf, conditionsOf } from './conditions.ts';
import { storeOfEntity } from './entities.ts';
import { matches } from './load-stores.ts';
import { callOperation } from './operations.ts';
import { callOnQuery, dataOf, queryOf, runGiven, runQuery, startQuery } from './queries.ts';
import type { Store } from './schema.ts';

/** What the interpreter must know of data stores, from their descriptions. */
export function storeLibrary(stores: readonly Store[]): Library {
  return {
    attribute(machine, value, name, at, frame) {
      const { shape } = value;
      if (shape.is === 'class') return ofEntity(stores, value, shape.class, name);
      if (shape.is === 'symbol') return firstOf(stores, (store) => queryOf(store, value, name));
      if (shape.is === 'stored' && shape.part === 'whole') return unwrapped(stores, machine, value, shape.access, name);
      if (shape.is === 'query' && name.startsWith('[')) return runQuery(machine, shape.query, 'many', undefined, at, frame);
      return undefined;
    },
    call(machine, callee, args, at, frame) {
      const { path, name, receiver } = callee;
      const joined = joinedTests(stores, path, args);
      if (joined) return joined;
      if (receiver?.shape.is === 'query') {
        const { query } = receiver.shape;
        const store = stores.find(({ library }) => library === query.library);
        const own = ownQueryMethod(query.entity, name, receiver);
        if (own) return machine.call(own, args, at, frame);
        return store && callOnQuery(machine, store, query, name, args, at, frame);
      }
      if (receiver?.shape.is === 'class') return onEntity(machine, stores, receiver.shape.class, name, args, at, frame);
      if (receiver?.shape.is === 'stored') return onObject(machine, stores, receiver, name, at, frame);
      const compared = comparison(stores, receiver, name, args, at);
      if (compared) return compared;
      return firstOf(
        stores,
        (store) =>
          startQuery(store, path, args) ??
          runGiven(machine, store, callee, args, at, frame) ??
          changeObject(machine, store, callee.receiver, name, args, at, frame) ??
          callOperation(machine, store, callee, args, at, frame),
      );
    },
    method(machine, code, type, args, at, frame) {
      // `Model.query(owner=me, id=id)`: what such a method makes of its keywords is found out when it runs.
      const takesAny = code.parameters.some(({ form }) => form === 'keywords') && args.keywords.size > 0;
      const store =
        takesAny && /^(?:query|filter|find|search|select|get|first|one|list)\w*$/.test(code.name) ? storeOfEntity(stores, type) : undefined;
      if (!store) return undefined;
      const conditions = conditionsOf(record(args.keywords, args.rest), 'keywords');
      const query = {
        library: store.library,
        resource: type.name,
        entity: type,
        verb: 'list',
        conditions,
        columns: [],
        data: undefined,
        joined: [],
      } as const;
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

function ofEntity(stores: readonly Store[], value: Value, type: PythonClass, name: string): Value | undefined {
  const store = storeOfEntity(stores, type);
  if (!store) return undefined;
  const query = queryOf(store, value, name);
  if (query) return query;
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
  const query = {
    library: store.library,
    resource: type.name,
    entity: type,
    verb: 'list',
    conditions: [],
    columns: [],
    data: undefined,
    joined: [],
  } as const;
  return callOnQuery(machine, store, query, name, args, at, frame);
}

/** A method of what was loaded that writes it: `row.delete()`. */
function onObject(machine: Machine, stores: readonly Store[], receiver: Value, name: string, at: Place, frame: Frame): Value | undefined {
  const { shape } = receiver;
  if (shape.is !== 'stored' || !shape.entity) return undefined;
  const verb = storeOfEntity(stores, shape.entity)?.instanceMethods[name];
  if (!verb) return undefined;
  machine.trace.uses.push({
    kind: verb,
    access: shape.access,
    field: undefined,
    value: unknown,
    site: machine.site(at, frame),
    facts: machine.state.facts,
  });
  return none;
}

/** `session.delete(row)`. */
function changeObject(
  machine: Machine,
  store: Store,
  holder: Value | undefined,
  name: string,
  { args }: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  const change = store.objects.find(
    ({ names, receivers }) => names.includes(name) && holder?.shape.is === 'symbol' && isOneOf(receivers, holder.shape.path),
  );
  const [object] = args;
  if (!change || object?.shape.is !== 'stored') return undefined;
  machine.trace.uses.push({
    kind: change.verb,
    access: object.shape.access,
    field: undefined,
    value: object,
    site: machine.site(at, frame),
    facts: machine.state.facts,
  });
  return none;
}

function isOneOf(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => matches(pattern, path));
}

/** `column.in_(values)`, `Key('owner').eq(value)`. */
function comparison(
  stores: readonly Store[],
  receiver: Value | undefined,
  name: string,
  { args }: Arguments,
  at: Place,
): Value | undefined {
  if (!receiver) return undefined;
  const [other = unknown] = args;
  for (const store of stores) {
    const kind = store.comparisons[name];
    if (!kind) continue;
    const named = columnOf(receiver) ? receiver : fieldOf(store, receiver);
    if (!named) continue;
    // `Model.children.any(Child.owner == me)` asks what the test in it asks.
    if (other.shape.is === 'test' && kind === 'equal') return other;
    const operator = kind === 'equal' ? '==' : kind === 'member' ? 'in' : 'other';
    return testValue({ is: 'compare', operator, left: named, right: other, place: at, text: '' });
  }
  return undefined;
}

function fieldOf(store: Store, { shape }: Value): Value | undefined {
  if (shape.is !== 'symbol' || !shape.path.endsWith('()') || !isOneOf(store.fields, shape.path.slice(0, -2))) return undefined;
  const [name] = shape.call?.args ?? [];
  const text = name?.shape.is === 'constant' ? String(name.shape.value) : '*';
  return { labels: new Set(), shape: { is: 'column', entity: '', field: text } };
}

function joinedTests(stores: readonly Store[], path: string, { args }: Arguments): Value | undefined {
  for (const { conjunctions, disjunctions } of stores) {
    const is = isOneOf(conjunctions, path) ? 'all' : isOneOf(disjunctions, path) ? 'any' : undefined;
    if (is) return testValue({ is, tests: args.map((value) => ({ is: 'truth', value })) });
  }
  return undefined;
}

/** `response['Item']` is the object, not a field of it. */
function unwrapped(stores: readonly Store[], machine: Machine, value: Value, number: number, name: string): Value | undefined {
  const library = machine.trace.accesses[number]?.library;
  const wrap = stores.find((store) => store.library === library)?.wraps[name.replace(/^\[(.*)\]$/, '$1')];
  if (!wrap || value.shape.is !== 'stored') return undefined;
  return { ...value, shape: { ...value.shape, part: wrap === 'many' ? 'many' : 'whole' } };
}
