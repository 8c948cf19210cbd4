import type { Condition, Projection } from '../flow/access.ts';
import { record, unknown, type Value } from '../flow/value.ts';
import type { Slot, Statement, Where } from './sql.ts';

/** The conditions of a statement with its parameters. What is compared with no parameter binds nobody. */
export function conditionsOfStatement({ where }: Statement, parameters: Value | undefined): readonly Condition[] {
  return where.map((part) => conditionOf(part, parameters));
}

function conditionOf(where: Where, parameters: Value | undefined): Condition {
  if (where.is !== 'compare') return { is: where.is, parts: where.parts.map((part) => conditionOf(part, parameters)) };
  const value = where.slot && parameterAt(where.slot, parameters);
  return { is: 'field', entity: undefined, field: where.field, binds: where.isEqual && value !== undefined, value: value ?? unknown };
}

/** What a statement writes, by column. */
export function dataOfStatement({ written }: Statement, parameters: Value | undefined): Value | undefined {
  if (written.size === 0) return undefined;
  return record(new Map([...written].map(([column, slot]) => [column, (slot && parameterAt(slot, parameters)) ?? unknown])));
}

/** The columns that a statement answers; `undefined` for all of them. */
export function projectionOfStatement({ columns }: Statement): Projection | undefined {
  return columns.length === 0 ? undefined : { fields: columns, how: 'only', value: unknown };
}

function parameterAt(slot: Slot, parameters: Value | undefined): Value | undefined {
  const { shape } = parameters ?? unknown;
  if ('name' in slot) return shape.is === 'record' ? (shape.entries.get(slot.name) ?? shape.rest) : parameters;
  return shape.is === 'sequence' ? (shape.items[slot.position] ?? shape.each) : parameters;
}
