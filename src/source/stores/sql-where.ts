import type { Expr, ExprRef, SelectStatement } from 'pgsql-ast-parser';

/** Which of the parameters of a statement stands somewhere: by its position, also counted from the last one, or by its name. */
export type Slot = { readonly position: number; readonly fromEnd?: number } | { readonly name: string };

/** What a statement asks of its rows. */
export type Where =
  | { readonly is: 'all' | 'any'; readonly parts: readonly Where[] }
  /** `slot` is absent when it is compared with something that is not a parameter; `table` when it is the one that is asked. */
  | {
      readonly is: 'compare';
      readonly field: string;
      readonly isEqual: boolean;
      readonly slot: Slot | undefined;
      readonly table?: string;
    };

/** What the names and numbers in a condition mean. */
export interface Reading {
  readonly slots: readonly Slot[];
  /** The table that a name stands for, where it is not the one that is asked. */
  readonly tables: ReadonlyMap<string, string>;
  /** What a SELECT within the condition asks of its own rows. */
  readonly nested: (select: SelectStatement) => readonly Where[];
}

export function whereOf(expression: Expr, reading: Reading): readonly Where[] {
  if (expression.type === 'call' && expression.function.name === 'exists') return nestedIn(expression.args[0], reading);
  if (expression.type !== 'binary') return [];
  const { op, left, right } = expression;
  if (op === 'AND') return [...whereOf(left, reading), ...whereOf(right, reading)];
  if (op === 'OR') {
    const sides = [left, right].map((side): Where => ({ is: 'all', parts: whereOf(side, reading) }));
    return [{ is: 'any', parts: sides }];
  }
  const isEqual = op === '=' || op === 'IN';
  if (left.type === 'list' && right.type === 'list' && op === '=')
    return left.expressions.flatMap((each, index) => compared(each, right.expressions[index], true, reading));
  const nested = isEqual ? nestedIn(right, reading) : [];
  return [...compared(left, right, isEqual, reading), ...nested];
}

function compared(left: Expr, right: Expr | undefined, isEqual: boolean, reading: Reading): readonly Where[] {
  const [column, other] = columnOf(left) ? [columnOf(left), right] : [right && columnOf(right), left];
  if (!column) return [];
  const table = column.table && reading.tables.get(column.table.name);
  const slot = other && slotOf(other, reading.slots);
  return [{ is: 'compare', field: column.name, isEqual, slot, ...(table === undefined ? {} : { table }) }];
}

/** The column, or that of `lower(column)`. */
function columnOf(expression: Expr): ExprRef | undefined {
  if (expression.type === 'ref') return expression;
  if (expression.type === 'cast') return columnOf(expression.operand);
  const [only, ...others] = expression.type === 'call' ? expression.args : [];
  return only && others.length === 0 ? columnOf(only) : undefined;
}

function nestedIn(expression: Expr | undefined, { nested }: Reading): readonly Where[] {
  return expression?.type === 'select' ? nested(expression) : [];
}

export function slotOf(expression: Expr, slots: readonly Slot[]): Slot | undefined {
  if (expression.type === 'parameter') return slots[Number(expression.name.slice(1)) - 1];
  if (expression.type === 'cast') return slotOf(expression.operand, slots);
  const inner = expression.type === 'list' ? expression.expressions : expression.type === 'call' ? expression.args : [];
  const [only, ...others] = inner;
  return only && others.length === 0 ? slotOf(only, slots) : undefined;
}

/** Of the columns that are written, those by which a row is found. */
export function keyed(names: readonly string[], written: ReadonlyMap<string, Slot | undefined>): readonly Where[] {
  return names.flatMap((field): readonly Where[] =>
    written.has(field) ? [{ is: 'compare', field, isEqual: true, slot: written.get(field) }] : [],
  );
}
