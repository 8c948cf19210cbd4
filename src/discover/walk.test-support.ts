import type { Surface } from '../model/operation.ts';
import type { Schema } from '../model/schema.ts';

/** Reads every schema of a surface once, and tells how many there are. */
export function walkSchemas(surface: Surface): number {
  const visited = new Set<Schema>();
  const waiting = surface.operations.flatMap(({ parameters, body, responses }) => [
    ...parameters.map(({ schema }) => schema),
    ...[...(body ? [body] : []), ...responses].flatMap(({ contents }) => contents.map(({ schema }) => schema)),
  ]);
  for (let schema = waiting.pop(); waiting.length > 0 || schema !== undefined; schema = waiting.pop()) {
    if (schema === undefined || visited.has(schema)) continue;
    visited.add(schema);
    const rest = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
    waiting.push(...schema.properties.values(), ...schema.variants, schema.items, ...rest);
  }
  return visited.size;
}
