import type { Condition, Projection } from '../flow/access.ts';
import { record, unknown, type Value } from '../flow/value.ts';
import type { Statement } from './sql.ts';
import { untyped } from './typed.ts';
import type { Slot, Where } from './sql-where.ts';

/** What stands in the place of the parameters of a statement, and in the gaps of its text. */
export interface Given {
  readonly parameters: Value | undefined;
  readonly gaps?: ReadonlyMap<string, Value>;
}

/** The conditions of a statement with its parameters. What is compared with no parameter binds nobody. */
export function conditionsOfStatement({ where }: Statement, given: Given): readonly Condition[] {
  return where.map((part) => conditionOf(part, given));
}

function conditionOf(where: Where, given: Given): Condition {
  if (where.is !== 'compare') return { is: where.is, parts: where.parts.map((part) => conditionOf(part, given)) };
  const found = where.slot && parameterAt(where.slot, given);
  const value = found && untyped(found);
  return { is: 'field', entity: where.table, field: where.field, binds: where.isEqual && value !== undefined, value: value ?? unknown };
}

/** What a statement writes, by column. */
export function dataOfStatement({ written }: Statement, given: Given): Value | undefined {
  if (written.size === 0) return undefined;
  return record(new Map([...written].map(([column, slot]) => [column, (slot && parameterAt(slot, given)) ?? unknown])));
}

/** The columns that a statement answers; `undefined` for all of them. */
export function projectionOfStatement({ columns }: Statement): Projection | undefined {
  return columns.length === 0 ? undefined : { fields: columns, how: 'only', value: unknown };
}

function parameterAt(slot: Slot, { parameters, gaps }: Given): Value | undefined {
  const gap = 'name' in slot ? gaps?.get(slot.name) : undefined;
  if (gap) return gap;
  const { shape } = parameters ?? unknown;
  if ('name' in slot) return shape.is === 'record' ? (shape.entries.get(slot.name) ?? shape.rest) : parameters;
  if (shape.is !== 'sequence') return parameters;
  // `[*ids, me]`: those whose number is known stand last.
  const { fromEnd } = slot;
  if (shape.each && fromEnd !== undefined) return fromEnd < shape.items.length ? shape.items.at(-1 - fromEnd) : shape.each;
  return shape.items[slot.position] ?? shape.each;
}
