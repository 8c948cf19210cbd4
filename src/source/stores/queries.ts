import type { Condition, Query, Verb } from '../flow/access.ts';
import { recordAccess } from '../flow/accessing.ts';
import type { Callee, Frame, Machine } from '../flow/machine.ts';
import { join, labelsOf, record, type Arguments, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { columnOf, conditionsOf } from './conditions.ts';
import { entityNamed } from './entities.ts';
import { matches } from './load-stores.ts';
import type { Store } from './schema.ts';

export function queryValue(query: Query): Value {
  return { labels: new Set(), shape: { is: 'query', query } };
}

/** `select(Model)`, `session.query(Model)`: a query that was not run yet. */
export function startQuery(store: Store, path: string, args: Arguments): Value | undefined {
  const start = store.starts.find(({ paths }) => paths.some((pattern) => matches(pattern, path)));
  if (!start) return undefined;
  const named = args.args.map((arg) => ({ model: entityNamed(arg), column: columnOf(arg) }));
  const [first] = named.flatMap(({ model }) => model ?? []);
  if (!first) return undefined;
  const columns = named.every(({ column }) => column) ? named.flatMap(({ column }) => column?.field ?? []) : [];
  const joined = named.flatMap(({ model }) => (model && model.name !== first.name ? [model.name] : []));
  return queryValue({
    library: store.library,
    resource: first.name,
    entity: first.entity,
    verb: start.verb,
    conditions: [],
    columns,
    data: undefined,
    joined,
  });
}

/** `Model.query`, `Model.objects`. */
export function queryOf(store: Store, value: Value, name: string): Value | undefined {
  const { shape } = value;
  if (!store.queryAttributes.includes(name)) return undefined;
  const isModelName = shape.is === 'symbol' && /(?:^|\.)[A-Z]\w*$/.test(shape.path) && store.library === 'sqlalchemy';
  const model = shape.is === 'class' || isModelName ? entityNamed(value) : undefined;
  const verbs: Readonly<Record<string, Verb>> = { update: 'update', delete: 'delete' };
  return (
    model &&
    queryValue({
      library: store.library,
      resource: model.name,
      entity: model.entity,
      verb: verbs[name] ?? 'list',
      conditions: [],
      columns: [],
      data: undefined,
      joined: [],
    })
  );
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
      step.where === 'tests'
        ? args.args.flatMap((arg) => conditionsOf(arg, 'tests'))
        : step.where === 'keywords'
          ? conditionsOf(keywords, 'keywords')
          : step.joins
            ? conditionsOfJoin(name, args)
            : [];
    const data = step.data === 'keywords' ? (args.args[0] ?? keywords) : undefined;
    const joined = step.joins ? args.args.flatMap((arg) => entityNamed(arg)?.name ?? []) : [];
    return queryValue({
      ...query,
      conditions: [...query.conditions, ...added],
      joined: [...query.joined, ...joined],
      ...(data ? { data } : {}),
      ...(name === 'with_entities' ? { columns: args.args.flatMap((arg) => columnOf(arg)?.field ?? []) } : {}),
    });
  }
  const end = store.ends.find(({ names }) => names.includes(name));
  if (!end) return undefined;
  const key = args.args[0] ?? args.keywords.values().next().value;
  const added =
    end.where === 'key' && key
      ? args.args.flatMap((arg) => conditionsOf(arg, arg.shape.is === 'test' ? 'tests' : 'key'))
      : end.where === 'keywords'
        ? conditionsOf(keywords, 'keywords')
        : end.where === 'tests'
          ? [...args.args.flatMap((arg) => conditionsOf(arg, 'tests')), ...conditionsOf(keywords, 'keywords')]
          : [];
  const data = end.data === 'first' ? args.args[0] : end.data === 'keywords' ? keywords : query.data;
  return runQuery(
    machine,
    { ...query, verb: end.verb ?? query.verb, conditions: [...query.conditions, ...added], data },
    end.answers,
    end.refuses,
    at,
    frame,
  );
}

/** What a join is on: it restricts what is found, unless rows without a partner are found, too. */
function conditionsOfJoin(name: string, { args, keywords }: Arguments): readonly Condition[] {
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
  const [first] = args.args;
  const run = store.runs.find(({ names }) => names.includes(name));
  const query = first && queryIn(first);
  if (!run || !query || !receiver) return undefined;
  return runQuery(machine, query, query.verb === 'list' || query.verb === 'read' ? run.answers : 'outcome', run.refuses, at, frame);
}

function queryIn({ shape }: Value): Query | undefined {
  if (shape.is === 'query') return shape.query;
  return shape.is === 'either' ? shape.options.map(queryIn).find((query) => query !== undefined) : undefined;
}

export function runQuery(
  machine: Machine,
  query: Query,
  answers: 'one' | 'many' | 'outcome',
  refuses: number | undefined,
  at: Place,
  frame: Frame,
): Value {
  const { library, resource, entity, verb, conditions, columns, data, joined } = query;
  const projection = columns.length === 0 ? undefined : { fields: columns, how: 'only' as const, value: record(new Map()) };
  const settled = verb === 'list' && answers === 'one' ? 'read' : verb;
  return recordAccess(
    machine,
    { library, resource, entity, verb: settled, conditions, projection, data, index: undefined, joined, isGuess: false },
    answers,
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
