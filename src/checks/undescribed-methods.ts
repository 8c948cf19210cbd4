import { isServed } from '../model/answer.ts';
import type { OperationSubject } from '../model/check.ts';
import { headerOf, type Answer } from '../model/http.ts';
import type { Call } from '../model/identity.ts';
import type { Operation } from '../model/operation.ts';
import { call } from './support.ts';

/** Asks which methods a path takes: once for a path, at the first operation that is described of it. */
export function optionsCall(subject: OperationSubject): Call | undefined {
  const { world, operation, looks } = subject;
  // All fields of a GraphQL schema share one path, and have no methods.
  if (operation.graphql || !world.surface.document) return undefined;
  const here = described(subject);
  if (here.find(({ path }) => path === operation.path)?.id !== operation.id) return undefined;
  if (here.some(({ id }) => world.authOperations.has(id))) return undefined;
  const names = new Set(here.map(({ id }) => id));
  if (world.leftOut.some((item) => names.has(item.operation))) return undefined;
  const look = looks.find(({ as }) => as !== null) ?? looks[0];
  const access = accessAt(subject);
  const known = access ? call(world, operation, access.values, access.object.owner) : look?.baseline.call;
  return known && { ...known, request: bodiless({ ...known.request, method: 'OPTIONS' }) };
}

/** An object that the path names, made by the scan where there is one. */
export function accessAt({ world, operation }: OperationSubject): OperationSubject['accesses'][number] | undefined {
  const here = world.accesses.filter((access) => access.operation.path === operation.path && access.object.owner !== null);
  return here.find(({ object }) => object.learned === 'made') ?? here.find(({ baseline }) => baseline?.answers.every(isServed) === true);
}

/** The methods among `wanted` that an answer to OPTIONS lists, and the description does not have. */
export function undescribedIn(subject: OperationSubject, options: Answer | undefined, wanted: readonly string[]): readonly string[] {
  const allow = options?.kind === 'exchange' ? (headerOf(options.response.headers, 'allow') ?? '') : '';
  const methods = new Set(allow.split(',').map((method) => method.trim().toUpperCase()));
  const known = new Set(described(subject).map(({ method }) => method));
  return wanted.filter((method) => methods.has(method) && !known.has(method));
}

/** True when the description has a method of the path. */
export function describes(subject: OperationSubject, method: string): boolean {
  return described(subject).some((operation) => operation.method === method);
}

/**
 * The operation that is not described: the one beside it by another method. What it takes is guessed from how the path is changed
 * otherwise, or how the object was made.
 */
export function undescribedOperation(subject: OperationSubject, method: string): Operation {
  const { body: _body, operationId: _operationId, summary: _summary, ...kept } = subject.operation;
  const changes = described(subject).find((operation) => /^(?:PUT|PATCH)$/.test(operation.method) && operation.body);
  const made = subject.world.makers.find(({ type }) => type === accessAt(subject)?.object.type);
  const body = method === 'DELETE' || method === 'GET' ? undefined : (changes?.body ?? made?.operation.body);
  return { ...kept, method, id: `${method} ${kept.path}`, ...(body ? { body } : {}) };
}

/** The operations of the path, and of wider templates that it falls under: `/notes/{id}` answers for `/notes/search`. */
function described({ world, operation }: OperationSubject): readonly Operation[] {
  const index = indexOf(world.surface.operations);
  const known = index.found.get(operation.path);
  if (known) return known;
  const here = operation.path.split('/');
  const found = (index.byLength.get(here.length) ?? [])
    .filter(({ segments }) => segments.every((segment, at) => segment === here[at] || segment.startsWith('{')))
    .map((each) => each.operation);
  index.found.set(operation.path, found);
  return found;
}

interface PathIndex {
  readonly byLength: ReadonlyMap<number, readonly { readonly segments: readonly string[]; readonly operation: Operation }[]>;
  readonly found: Map<string, readonly Operation[]>;
}

// Each operation asks, and descriptions have tens of thousands.
const indexes = new WeakMap<readonly Operation[], PathIndex>();

function indexOf(operations: readonly Operation[]): PathIndex {
  const known = indexes.get(operations);
  if (known) return known;
  const byLength = new Map<number, { segments: string[]; operation: Operation }[]>();
  for (const operation of operations) {
    const segments = operation.path.split('/');
    const alike = byLength.get(segments.length);
    if (alike) alike.push({ segments, operation });
    else byLength.set(segments.length, [{ segments, operation }]);
  }
  const index = { byLength, found: new Map<string, readonly Operation[]>() };
  indexes.set(operations, index);
  return index;
}

function bodiless(request: Call['request']): Call['request'] {
  const { body: _body, ...kept } = request;
  return { ...kept, headers: request.headers.filter(([name]) => name.toLowerCase() !== 'content-type') };
}
