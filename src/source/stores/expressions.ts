import type { Condition } from '../flow/access.ts';
import { textOf, type Arguments, type Value } from '../flow/value.ts';
import { conditionsOf } from './conditions.ts';
import { readSql } from './sql.ts';
import { conditionsOfStatement } from './statements.ts';

/**
 * Conditions of DynamoDB: made of `Key` and `Attr`, or a text with `:values` and `#names` that stand beside it. A text that is not
 * known says nothing of what it compares the values with.
 */
export function conditionsOfExpression(value: Value, { keywords }: Arguments): readonly Condition[] {
  const text = textOf(value);
  const values = keywords.get('ExpressionAttributeValues');
  if (text === undefined || value.shape.is !== 'constant') return conditionsOf(value, 'tests');
  if (value.shape.isPart) return values ? conditionsOf(values, 'record') : [];
  const names = keywords.get('ExpressionAttributeNames')?.shape;
  const written = text.replaceAll(/#(\w+)/g, (_, name: string) => {
    const named = names?.is === 'record' ? names.entries.get(`#${name}`) : undefined;
    return (named && textOf(named)) ?? name;
  });
  const statement = readSql(`SELECT * FROM items WHERE ${quoted(written)}`);
  return statement ? conditionsOfStatement(statement, { parameters: values && withoutColons(values) }) : [];
}

/** Names that SQL would take for its own are quoted, and paths into a document are one name. */
function quoted(expression: string): string {
  return expression.replaceAll(
    /(?<![:\w."])([A-Za-z_][\w.]*)(?=\s*(?:=|<>|<=|>=|<|>|\bIN\b))/gi,
    (name) => `"${name.replaceAll('.', '_')}"`,
  );
}

function withoutColons(values: Value): Value {
  const { shape } = values;
  if (shape.is !== 'record') return values;
  return { ...values, shape: { ...shape, entries: new Map([...shape.entries].map(([name, value]) => [name.replace(/^:/, ''), value])) } };
}
