import type { Access, Condition, Site } from '../flow/access.ts';
import { recordAccess } from '../flow/accessing.ts';
import type { Frame, Machine } from '../flow/machine.ts';
import { elementsOf, pathOf } from '../flow/members.ts';
import { constant, join, noLabels, optionsOf, record, textOf, type Arguments, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { argumentAt } from './arguments.ts';
import type { Operation, Store } from './schema.ts';
import { readSql, type Statement } from './sql.ts';
import { conditionsOfStatement, dataOfStatement, projectionOfStatement, type Given } from './statements.ts';

/** A statement that is known, with what stands in the gaps of its text and in its parameters. */
interface Written {
  readonly statement: Statement;
  readonly given: Given;
  /** What stands where the columns are named that are written. */
  readonly names?: readonly Value[];
}

/** A statement with its parameters. What a cursor fetches afterwards is what it found. */
export function runStatement(
  machine: Machine,
  store: Store,
  operation: Operation,
  receiver: Value,
  args: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  const [place = { argument: 0 }] = operation.where;
  const given = operation.parameters && argumentAt(args, operation.parameters);
  const text = argumentAt(args, place);
  const parameters = given && operation.parameters?.each ? elementsOf(given) : (given ?? (text && boundIn(text)));
  const written = text ? optionsOf(unwrapped(text)).flatMap((option) => writtenIn(option, parameters) ?? []) : [];
  const [first] = written;
  if (!first) return undefined;
  const { table: resource, verb, joined, asks } = first.statement;
  const access = {
    library: `${store.library} (SQL)`,
    resource,
    entity: undefined,
    verb,
    conditions: conditionsOf(written),
    projection: projectionOfStatement(first.statement),
    data: withNames(dataOfStatement(first.statement, first.given), first),
    index: undefined,
    joined,
    isGuess: false,
  };
  const number = machine.trace.accesses.length;
  const result = recordAccess(machine, access, verb === 'list' && !asks ? 'many' : 'outcome', undefined, at, frame);
  const recorded = machine.trace.accesses[number];
  if (recorded) machine.trace.accesses[number] = { ...recorded, site: whereWritten(machine, recorded) };
  for (const name of ['fetchall', 'fetchmany', '__iter__']) machine.state.attributes.set(`${pathOf(receiver)}.${name}`, result);
  machine.state.attributes.set(`${pathOf(receiver)}.fetchone`, elementsOf(result));
  machine.state.attributes.set(`${pathOf(receiver)}.rowcount`, { labels: noLabels, shape: { is: 'outcome', access: number } });
  return result;
}

/** A helper that runs what it is given does what its caller wrote: the statement is where its table is named. */
function whereWritten(machine: Machine, { site, resource }: Access): Site {
  const isNamed = ({ place, file }: Site): boolean => machine.text(place, file).includes(resource);
  const chain = [...site.callers, site];
  const depth = chain.findLastIndex(isNamed);
  const found = chain[depth];
  // The first of them is the call of the view, which stands for all of it.
  return found && depth > 0 && depth < chain.length - 1 ? { ...found, callers: chain.slice(0, depth) } : site;
}

/** `sql.SQL('..').format(sql.Identifier('name'))`: the parts of a composed statement are the text that they stand for. */
export function composed(path: string, { args }: Arguments): Value | undefined {
  const name = /(?:^|\.)sql\.(SQL|Identifier|Literal|Placeholder)$/.exec(path)?.[1];
  const [first] = args;
  if (name === undefined) return undefined;
  if (name !== 'Placeholder') return args.at(-1);
  const named = first && textOf(first);
  return constant(named === undefined ? '%s' : `%(${named})s`);
}

/** `text('..').bindparams(id=id)`. */
function boundIn({ shape }: Value): Value | undefined {
  return shape.is === 'symbol' && shape.path.endsWith('text().bindparams()') && shape.call ? record(shape.call.keywords) : undefined;
}

/** `text('SELECT ..')`. */
function unwrapped(value: Value): Value {
  const { shape } = value;
  if (shape.is === 'symbol' && shape.receiver && shape.path.endsWith('text().bindparams()')) return unwrapped(shape.receiver);
  const isText = shape.is === 'symbol' && /(?:^|\.)text\(\)$/.test(shape.path);
  return (isText ? shape.call?.args[0] : undefined) ?? value;
}

/** Of a text that is one of several, what each of them asks. */
function conditionsOf(written: readonly Written[]): readonly Condition[] {
  const each = written.map(({ statement, given }) => conditionsOfStatement(statement, given));
  const [only = []] = each;
  return each.length < 2 ? only : [{ is: 'any', parts: each.map((parts) => ({ is: 'all', parts })) }];
}

function writtenIn(value: Value, parameters: Value | undefined): Written | undefined {
  if (!value.parts) {
    const statement = readSql(textOf(value) ?? '');
    return statement && { statement, given: { parameters } };
  }
  const { text, gaps, names } = withGaps(value.parts);
  const statement = readSql(text);
  return statement && { statement, given: { parameters, gaps }, names };
}

/** Text whose gaps are parameters by name: `f"… WHERE id = '{id}'"`. Gaps of which nothing is known are lists of `?`, or names. */
function withGaps(parts: readonly Value[]): {
  readonly text: string;
  readonly gaps: ReadonlyMap<string, Value>;
  readonly names: readonly Value[];
} {
  const gaps = new Map<string, Value>();
  const names: Value[] = [];
  let text = '';
  for (const part of parts) {
    const known = part.shape.is === 'constant' ? String(part.shape.value) : undefined;
    if (known !== undefined) {
      text += /:gap\d+$/.test(text) ? known.replace(/^%?['"]/, '') : known;
    } else if (part.labels.size === 0) {
      text += /\(\s*$/.test(text) ? '?' : 'unknown';
    } else {
      const name = `gap${gaps.size}`;
      if (endsBeforeName.test(text)) names.push(part);
      gaps.set(name, part);
      text = `${text.replace(/['"]%?$/, '')}:${name}`;
    }
  }
  return { text, gaps, names };
}

/** Up to where the name of a column that is written stands next. */
const endsBeforeName = /\bset\s+(?:[^;]*,\s*)?$|\binto\s+[\w."`]+\s*\((?:[^)]*,\s*)?$/i;

/** Columns that are named by what the client sends hold anything. */
function withNames(data: Value | undefined, { names = [] }: Written): Value | undefined {
  const named = names.filter(({ labels }) => labels.has('R'));
  if (named.length === 0) return data;
  return record(data?.shape.is === 'record' ? data.shape.entries : new Map(), join(named));
}
