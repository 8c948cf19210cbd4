import { wordsOf } from './names.ts';
import type { Operation } from './operation.ts';

/** True for an operation that changes an object, by its method or by its name: `POST /orders/update`. */
export function isChanging(operation: Operation): boolean {
  return /^(?:PUT|PATCH)$/.test(operation.method) || isPostNamed(operation, /^(?:update|edit|change|modify|rename)$/);
}

/** True for an operation that deletes an object, by its method or by its name: `POST /orders/delete`. */
export function isDeleting(operation: Operation): boolean {
  return operation.method === 'DELETE' || isPostNamed(operation, /^(?:delete|remove)$/);
}

function isPostNamed({ method, path }: Operation, verb: RegExp): boolean {
  const last = path.split('/').findLast((segment) => segment !== '' && !segment.startsWith('{')) ?? '';
  return method === 'POST' && verb.test(wordsOf(last)[0] ?? '');
}
