import { memberOf } from '../flow/classes.ts';
import { opaque, record, type PythonClass, type Value } from '../flow/value.ts';

/** The schema class behind `Schema`, `Schema()` and `Schema(many=True)`; `undefined` for what is none. */
export function schemaOf(value: Value | undefined): PythonClass | undefined {
  const { shape } = value ?? opaque(new Set());
  const type = shape.is === 'class' || shape.is === 'instance' ? shape.class : undefined;
  return type && isSchema(type) ? type : undefined;
}

function isSchema({ name, bases }: PythonClass): boolean {
  if (name.endsWith('Schema')) return true;
  return bases.some(({ shape }) => (shape.is === 'symbol' ? /Schema\b/.test(shape.path) : shape.is === 'class' && isSchema(shape.class)));
}

/** What a view gets from a request that a schema has read: its fields by name, and everything else if it lets that through. */
export function parsedBy(schema: PythonClass): Value {
  const entries = schema.fields.map((name): [string, Value] => [name, opaque(new Set([`C:${name}`]))]);
  return record(new Map(entries), letsThrough(schema) ? opaque(new Set(['R'])) : undefined);
}

function letsThrough(schema: PythonClass): boolean {
  const meta = memberOf(schema, 'Meta', undefined);
  const unknownFields = meta?.shape.is === 'class' ? memberOf(meta.shape.class, 'unknown', undefined) : undefined;
  return unknownFields?.shape.is === 'symbol' && unknownFields.shape.path.endsWith('INCLUDE');
}
