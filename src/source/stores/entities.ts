import type { PythonClass, Value } from '../flow/value.ts';
import { isOneOf } from './load-stores.ts';
import type { Store } from './schema.ts';
import { tableNamed } from './tables.ts';

/** True when a class is a model of a store: derived, however far, from one of its base classes. */
function isEntity(store: Store, type: PythonClass): boolean {
  return isDerivedFrom(store.entities, type);
}

/** True when a class is derived, however far, from one whose path is among the patterns. */
export function isDerivedFrom(patterns: readonly string[], type: PythonClass, depth = 0): boolean {
  if (depth > 8 || patterns.length === 0) return false;
  return type.bases.some(({ shape }) => {
    if (shape.is === 'symbol') return isOneOf(patterns, shape.path);
    return shape.is === 'class' && isDerivedFrom(patterns, shape.class, depth + 1);
  });
}

/** The first of several stores that a model belongs to. */
export function storeOfEntity(stores: readonly Store[], type: PythonClass): Store | undefined {
  return stores.find((store) => isEntity(store, type));
}

/** The model that a value names: a class of the project, or a capitalised name that is defined elsewhere. */
export function entityNamed(value: Value): { readonly name: string; readonly entity: PythonClass | undefined } | undefined {
  const { shape } = value;
  const table = tableNamed(value);
  if (table !== undefined) return { name: table, entity: undefined };
  if (shape.is === 'class') return { name: shape.class.name, entity: shape.class };
  if (shape.is === 'column') return { name: shape.entity, entity: undefined };
  if (shape.is === 'symbol' && !shape.path.includes('(')) {
    const name = shape.path.split('.').findLast((part) => /^[A-Z]\w*$/.test(part));
    return name === undefined ? undefined : { name, entity: undefined };
  }
  return undefined;
}
