import type { Surface } from '../src/model/operation.ts';
import type { Schema } from '../src/model/schema.ts';

export interface Planned {
  /** Operations that were taken to the end. */
  readonly operations: number;
  /** Distinct schemas read on the way. */
  readonly schemas: number;
}

/** Reads everything that a planner may read: each parameter, body and response, and every schema once. */
export function walkSurface(surface: Surface): Planned {
  const visited = new Set<Schema>();
  const waiting: Schema[] = [];
  for (const { parameters, body, responses } of surface.operations) {
    for (const { schema } of parameters) if (schema) waiting.push(schema);
    for (const { contents } of [...(body ? [body] : []), ...responses]) {
      for (const { schema } of contents) if (schema) waiting.push(schema);
    }
    for (let schema = waiting.pop(); schema; schema = waiting.pop()) {
      if (visited.has(schema)) continue;
      visited.add(schema);
      waiting.push(...schema.properties.values(), ...schema.variants);
      if (schema.items) waiting.push(schema.items);
      if (typeof schema.additionalProperties === 'object') waiting.push(schema.additionalProperties);
    }
  }
  return { operations: surface.operations.length, schemas: visited.size };
}
