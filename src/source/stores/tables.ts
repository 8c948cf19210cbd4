import type { Verb } from '../flow/access.ts';
import { textOf, type Arguments, type Value } from '../flow/value.ts';

/** Tables without classes: `lanterns = Table('lanterns', metadata, Column('id', Integer))`. Those of other libraries have no columns. */
export function tableNamed({ shape }: Value): string | undefined {
  const [name, ...columns] = shape.is === 'symbol' && /(?:^|\.)Table\(\)$/.test(shape.path) ? (shape.call?.args ?? []) : [];
  return name && columns.length > 0 ? textOf(name) : undefined;
}

/** `lanterns.c.colour`. */
export function columnOfTable({ shape }: Value, written: string): Value | undefined {
  if (shape.is !== 'symbol' || !shape.receiver || !/\bTable\(\)\.(?:c|columns)$/.test(shape.path)) return undefined;
  const table = tableNamed(shape.receiver);
  const field = written.replace(/^\[(.*)\]$/, '$1');
  return table === undefined ? undefined : { labels: new Set(), shape: { is: 'column', entity: table, field } };
}

const verbs: Readonly<Record<string, Verb>> = { select: 'list', update: 'update', delete: 'delete', insert: 'create' };

/** `lanterns.update()`: the table, and what is done with it. */
export function statementOnTable(path: string, receiver: Value | undefined): { readonly table: string; readonly verb: Verb } | undefined {
  const verb = verbs[path.slice(path.lastIndexOf('.') + 1)];
  const table = verb && receiver && tableNamed(receiver);
  return verb === undefined || table === undefined ? undefined : { table, verb };
}

/** `lanterns.join(candles, on)`: the tables, and what they are joined by. */
export function joinOfTables({
  shape,
}: Value): { readonly tables: readonly string[]; readonly name: string; readonly call: Arguments } | undefined {
  const name = shape.is === 'symbol' ? /\bTable\(\)\.(join|outerjoin)\(\)$/.exec(shape.path)?.[1] : undefined;
  if (name === undefined || shape.is !== 'symbol' || !shape.call) return undefined;
  const [other] = shape.call.args;
  const tables = [shape.receiver, other].flatMap((each) => (each ? (tableNamed(each) ?? []) : []));
  return { tables, name, call: shape.call };
}
