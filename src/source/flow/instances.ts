import type { Machine } from './machine.ts';
import { join, opaque, record, type Value } from './value.ts';

/** A row of a model with each of its fields by name, as `vars(row)` has them. */
export function recordOfRow(value: Value): Value {
  const { shape } = value;
  if (shape.is !== 'stored' || shape.part !== 'whole' || !shape.entity || shape.entity.fields.length === 0) return value;
  return record(new Map(shape.entity.fields.map((name) => [name, { ...value, shape: { ...shape, part: 'field', field: name } }])));
}

/** The attributes of an instance as a record. */
export function recordOfInstance(machine: Machine, value: Value): Value {
  if (value.shape.is === 'either') return join(value.shape.options.map((option) => recordOfInstance(machine, option)));
  if (value.shape.is !== 'instance') return value;
  const prefix = `#${value.shape.id}.`;
  const entries = [...machine.state.attributes].flatMap(([path, held]) =>
    path.startsWith(prefix) ? [[path.slice(prefix.length), held] as const] : [],
  );
  return entries.length === 0 ? opaque(value.labels) : record(new Map(entries));
}
