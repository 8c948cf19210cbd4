import type { Condition, Query, Verb } from '../flow/access.ts';
import { recordAccess } from '../flow/accessing.ts';
import type { Callee, Frame, Machine } from '../flow/machine.ts';
import { join, labelsOf, record, type Arguments, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { columnOf, conditionsOf } from './conditions.ts';
import { entityNamed, storeOfEntity } from './entities.ts';
import { isOneOf } from './load-stores.ts';
import type { Store } from './schema.ts';
import { scopeOf } from './scopes.ts';
import { joinOfTables, statementOnTable } from './tables.ts';

export function queryValue(query: Query): Value {
  return { labels: new Set(), shape: { is: 'query', query } };
}

/** All rows of a model. */
export function emptyQuery(store: Store, { name, entity }: NonNullable<ReturnType<typeof entityNamed>>): Query {
  return { library: store.library, resource: name, entity, verb: 'list', conditions: [], columns: [], data: undefined, joined: [] };
}

/** `select(Model)`, `session.query(Model)`: a query that was not run yet. */
export function startQuery(store: Store, path: string, args: Arguments, receiver: Value | undefined): Value | undefined {
  const onTable = store.starts.length > 0 ? statementOnTable(path, receiver) : undefined;
  if (onTable) return queryValue({ ...emptyQuery(store, { name: onTable.table, entity: undefined }), verb: onTable.verb });
  const start = store.starts.find(({ paths }) => isOneOf(paths, path));
  if (!start) return undefined;
  const [given] = args.args;
  // `select(exists().where(..))`, `session.query(query.exists())`: what was begun before, and asks the same.
  if (given?.shape.is === 'outcome') return given;
  if (given?.shape.is === 'query' && (start.asks || given.shape.query.asks)) return queryValue({ ...given.shape.query, asks: true });
  const named = args.args.map((arg) => namedBy(store, arg));
  const asks = start.asks || (named.length > 0 && named.every(({ isCount }) => isCount));
  const [first = asks ? nothing : undefined] = named.flatMap(({ model }) => model ?? []);
  if (!first) return undefined;
  const columns = named.every(({ column }) => column) ? named.flatMap(({ column }) => column?.field ?? []) : [];
  const joined = named.flatMap(({ model }) => (model && model.name !== first.name ? [model.name] : []));
  return queryValue({ ...emptyQuery(store, first), verb: start.verb, columns, joined, ...(asks ? { asks } : {}) });
}

/** The rows are named later: `select(func.count()).select_from(Model)`. */
const nothing = { name: '', entity: undefined };

/** The model and column of what a query begins with, through `func.max(..)` and `.label(..)`. */
function namedBy(
  store: Store,
  value: Value,
): { model: ReturnType<typeof entityNamed>; column: ReturnType<typeof columnOf>; isCount: boolean } {
  const { shape } = value;
  if (shape.is === 'symbol' && shape.receiver && shape.path.endsWith('.label()')) return namedBy(store, shape.receiver);
  const isFunction = shape.is === 'symbol' && shape.path.endsWith('()') && isOneOf(store.functions, shape.path.slice(0, -2));
  if (!isFunction || shape.is !== 'symbol') return { model: entityNamed(value), column: columnOf(value), isCount: false };
  const [inner] = shape.call?.args ?? [];
  const isCount = /\bcount\(\)$/.test(shape.path);
  return inner ? { ...namedBy(store, inner), isCount } : { model: undefined, column: undefined, isCount };
}

/** `Model.query`, `Model.objects`. */
export function queryOf(store: Store, value: Value, name: string): Value | undefined {
  const { shape } = value;
  if (!store.queryAttributes.includes(name)) return undefined;
  const isModelName = shape.is === 'symbol' && /(?:^|\.)[A-Z]\w*$/.test(shape.path) && store.library === 'sqlalchemy';
  const model = shape.is === 'class' || isModelName ? entityNamed(value) : undefined;
  const verbs: Readonly<Record<string, Verb>> = { update: 'update', delete: 'delete' };
  return model && queryValue({ ...emptyQuery(store, model), verb: verbs[name] ?? 'list' });
}

/** A method of a query: adds to it, or runs it. */
export function callOnQuery(
  machine: Machine,
  store: Store,
  query: Query,
  name: string,
  args: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  const keywords = record(args.keywords, args.rest);
  const step = store.steps.find(({ names }) => names.includes(name));
  if (step) {
    const added =
      step.where === 'key' ? keysIn(args, []) : step.where ? conditionsIn(args) : step.joins ? conditionsOfJoin(name, args) : [];
    const data = step.data === 'keywords' ? (args.args[0] ?? keywords) : undefined;
    const joined = step.joins ? args.args.flatMap((arg) => joinOfTables(arg)?.tables ?? entityNamed(arg)?.name ?? []) : [];
    const [source] = query.resource === '' ? [...joined, ...entitiesIn(added)] : [];
    return queryValue({
      ...query,
      resource: source ?? query.resource,
      conditions: [...query.conditions, ...added],
      joined: [...query.joined, ...joined.filter((each) => each !== source)],
      ...(data ? { data } : {}),
      ...(name === 'with_entities' ? { columns: args.args.flatMap((arg) => columnOf(arg)?.field ?? []) } : {}),
    });
  }
  const end = store.ends.find(({ names }) => names.includes(name));
  if (!end) return undefined;
  const added = [
    ...(end.where === 'key' ? keysIn(args, end.keys) : end.where ? conditionsIn(args) : []),
    ...end.tests.flatMap((keyword) => conditionsOf(args.keywords.get(keyword) ?? record(new Map()), 'tests')),
  ];
  const data = end.data === 'first' ? args.args[0] : end.data === 'keywords' ? (args.args[0] ?? keywords) : query.data;
  const verb = end.verb ?? query.verb;
  const index = query.index ?? (end.scans ? 'scan' : undefined);
  const whole = { ...query, verb, conditions: [...query.conditions, ...added], data, ...(index === undefined ? {} : { index }) };
  return runQuery(machine, whole, end.answers, end.refuses, at, frame);
}

/** Tests by position, fields by name. */
function conditionsIn({ args, keywords, rest }: Arguments): readonly Condition[] {
  return [...args.flatMap((arg) => conditionsOf(arg, 'tests')), ...conditionsOf(record(keywords, rest), 'keywords')];
}

/** The primary key, by position or by the names that it has; a test beside it is a test. */
function keysIn({ args, keywords }: Arguments, names: readonly string[]): readonly Condition[] {
  const given = [...args, ...names.flatMap((name) => keywords.get(name) ?? [])];
  return given.flatMap((arg) => conditionsOf(arg, arg.shape.is === 'test' ? 'tests' : 'key'));
}

function entitiesIn(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((condition) => (condition.is === 'field' ? (condition.entity ?? []) : entitiesIn(condition.parts)));
}

/** What a join is on: it restricts what is found, unless rows without a partner are found, too. */
function conditionsOfJoin(name: string, { args, keywords }: Arguments): readonly Condition[] {
  const [inner] = args.flatMap((arg) => joinOfTables(arg) ?? []);
  if (inner) return conditionsOfJoin(inner.name, inner.call);
  const isOuter = [...args, ...keywords.values()].some(({ shape }) => shape.is === 'symbol' && /OUTER|FULL/.test(shape.path));
  const asked = keywords.get('isouter')?.shape;
  if (name.includes('outer') || isOuter || (asked?.is === 'constant' && asked.value === true)) return [];
  const on = keywords.get('on') ?? keywords.get('onclause');
  return [...args.filter(({ shape }) => shape.is === 'test'), ...(on ? [on] : [])].flatMap((each) => conditionsOf(each, 'tests'));
}

/** `session.scalars(query)`. */
export function runGiven(
  machine: Machine,
  store: Store,
  { name, receiver }: Callee,
  args: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  const [first, rows] = args.args;
  const run = store.runs.find(({ names }) => names.includes(name));
  if (run && receiver && first?.shape.is === 'outcome') return first;
  const found = first && queryIn(first);
  if (!run || !found || !receiver) return undefined;
  // `execute(update(Model), rows)` changes each row by its primary key.
  const byKey = rows && found.verb === 'update' ? conditionsOf(rows, 'rows') : [];
  const query = byKey.length === 0 ? found : { ...found, conditions: [...found.conditions, ...byKey], data: rows };
  return runQuery(machine, query, query.verb === 'list' || query.verb === 'read' ? run.answers : 'outcome', run.refuses, at, frame);
}

function queryIn({ shape }: Value): Query | undefined {
  if (shape.is === 'query') return shape.query;
  return shape.is === 'either' ? shape.options.map(queryIn).find((query) => query !== undefined) : undefined;
}

/** `get_object_or_404(Model, Model.id == id)`: a row of the model or query that it is given. */
export function findGiven(machine: Machine, store: Store, name: string, args: Arguments, at: Place, frame: Frame): Value | undefined {
  const finder = store.finders.find(({ names }) => names.includes(name));
  const [first, ...tests] = args.args;
  if (!finder || !first) return undefined;
  const model = first.shape.is === 'class' && storeOfEntity([store], first.shape.class) ? entityNamed(first) : undefined;
  const query = model ? emptyQuery(store, model) : queryIn(first);
  if (!query || query.library !== store.library) return undefined;
  const conditions = [...query.conditions, ...conditionsIn({ ...args, args: tests })];
  return runQuery(machine, { ...query, conditions }, 'one', finder.refuses, at, frame);
}

export function runQuery(
  machine: Machine,
  query: Query,
  answers: 'one' | 'many' | 'outcome',
  refuses: number | undefined,
  at: Place,
  frame: Frame,
): Value {
  const { library, resource, entity, verb, conditions, columns, data, joined, index } = query;
  const projection = columns.length === 0 ? undefined : { fields: columns, how: 'only' as const, value: record(new Map()) };
  const settled = verb === 'list' && answers === 'one' ? 'read' : verb;
  const scoped = [...conditions, ...scopeOf(machine, entity, at, frame)];
  return recordAccess(
    machine,
    { library, resource, entity, verb: settled, conditions: scoped, projection, data, index, joined, isGuess: false },
    query.asks ? 'outcome' : answers,
    refuses,
    at,
    frame,
  );
}

/** Everything that goes into a new object, by keyword. */
export function dataOf({ args, keywords, rest }: Arguments): Value {
  const first = args.length === 0 ? undefined : join(args);
  const whole = record(keywords, rest);
  return first ? { labels: labelsOf([whole, first]), shape: whole.shape } : whole;
}
