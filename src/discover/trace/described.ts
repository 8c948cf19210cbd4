import type { Operation } from '../../model/operation.ts';
import type { Template } from '../crawl/template.ts';
import { decoded } from './key-values.ts';
import type { TracedRequest } from './trace.ts';

/** Finds the described operation that a request went to, with the values of its slots; the most literal one where several fit. */
export function describedBy(
  operations: readonly Operation[],
): (request: TracedRequest) => { operation: Operation; template: Template } | undefined {
  const patterns = operations
    .map((operation) => ({ operation, names: [...operation.path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name) }))
    .map((entry) => ({ ...entry, shape: shapeOf(entry.operation.path) }))
    .toSorted((one, other) => one.names.length - other.names.length);
  return (request) => {
    const path = request.path.replace(/(?<=.)\/$/, '');
    for (const { operation, names, shape } of patterns) {
      const match = operation.method === request.method ? shape.exec(path) : undefined;
      if (!match) continue;
      const slots = names.map((name, index) => ({ name, value: decoded(match[index + 1] ?? '') }));
      return { operation, template: { path: operation.path, slots } };
    }
    return undefined;
  };
}

function shapeOf(path: string): RegExp {
  const parts = (path.split('?', 1)[0] ?? '').replace(/(?<=.)\/$/, '').split(/\{[^{}]+\}/);
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[.+?*^${}()|[\]\\]/g, '\\$&')).join('([^/]+)')}$`);
}
