import { unknown, type Value } from '../flow/value.ts';

const types = new Set(['S', 'N', 'B', 'BOOL', 'M', 'L', 'SS', 'NS', 'BS', 'NULL']);

/** What a client of DynamoDB sends: `{'S': value}` is the value, and so are those in a mapping of such. */
export function untyped(value: Value, depth = 0): Value {
  const { shape } = value;
  if (shape.is !== 'record' || depth > 4) return value;
  const [[name, inner] = ['', unknown], ...others] = [...shape.entries];
  if (others.length === 0 && !shape.rest && types.has(name)) return untyped(inner, depth + 1);
  const entries = new Map([...shape.entries].map(([key, entry]) => [key, untyped(entry, depth + 1)]));
  return { ...value, shape: { ...shape, entries, rest: shape.rest && untyped(shape.rest, depth + 1) } };
}
