import { escapePointer, isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import type { Context } from './context.ts';
import { bodyOf, responsesOf, swaggerTypes } from './contents.ts';
import { parametersOf, rawParameters, swaggerBody } from './parameters.ts';
import { flagAt, objectAt, textAt, textsAt } from './raw.ts';
import { isReference } from './references.ts';
import { securityOf } from './security.ts';
import { ownBasePath, type Base } from './servers.ts';

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']);
/** What a path item may hold besides methods. */
const otherKeys = new Set(['$ref', 'summary', 'description', 'servers', 'parameters', 'additionalOperations']);

/** Every operation under `paths`, in the order of the document, each with an id of its own. */
export function operationsOf(context: Context, base: Base): readonly Operation[] {
  const ids = new Map<string, number>();
  const { references, notes } = context;
  const paths = references.resolve(context.root['paths'])?.raw;
  return Object.entries(isObject(paths) ? paths : {}).flatMap(([described, raw]) => {
    if (described.startsWith('x-') || described === '$ref') return [];
    const item = pathItemOf(raw, context);
    if (item === undefined) {
      notes.add('Left out paths that hold no operations', described);
      return [];
    }
    const pointer = pointerOf(raw, described, context);
    return rawOperations(item, described, context).map(([method, key, operation]) => {
      const plain = `${method} ${described}`;
      const count = (ids.get(plain) ?? 0) + 1;
      ids.set(plain, count);
      const id = count === 1 ? plain : `${plain} (${count})`;
      return operationOf(
        {
          id,
          method,
          described,
          item,
          operation,
          pointer: pointer === undefined ? `/paths/${escapePointer(described)}` : `${pointer}/${key}`,
          base,
        },
        context,
      );
    });
  });
}

/** The path item, with what it refers to mixed in. */
function pathItemOf(raw: Json, { references }: Context): JsonObject | undefined {
  const target = references.resolve(raw)?.raw;
  if (!isObject(target)) return isObject(raw) && Object.keys(raw).length > 1 ? raw : undefined;
  return isReference(raw) ? { ...target, ...raw } : target;
}

/** Where the path item stands in the document; `undefined` when it stands in another. */
function pointerOf(raw: Json, described: string, { references }: Context): string | undefined {
  const own = `/paths/${escapePointer(described)}`;
  return isReference(raw) ? references.resolve(raw)?.pointer : own;
}

function rawOperations(item: JsonObject, described: string, { references, notes }: Context): [string, string, JsonObject][] {
  const additional = objectAt(item, 'additionalOperations');
  const entries = [
    ...Object.entries(item).map(([key, raw]): [string, string, Json] => [key, escapePointer(key), raw]),
    ...Object.entries(additional).map(([key, raw]): [string, string, Json] => [key, `additionalOperations/${escapePointer(key)}`, raw]),
  ];
  return entries.flatMap(([key, pointer, raw], index): [string, string, JsonObject][] => {
    const isAdditional = index >= entries.length - Object.keys(additional).length;
    if (!isAdditional && (otherKeys.has(key) || key.startsWith('x-'))) return [];
    const known = isAdditional ? /^[A-Za-z][\w-]*$/.test(key) : methods.has(key.toLowerCase());
    const operation = references.resolve(raw)?.raw;
    if (!known || !isObject(operation)) {
      notes.add('Left out entries of paths that are no operations', `${key} of ${described}`);
      return [];
    }
    return [[key.toUpperCase(), pointer, operation]];
  });
}

interface Described {
  readonly id: string;
  readonly method: string;
  readonly described: string;
  readonly item: JsonObject;
  readonly operation: JsonObject;
  readonly pointer: string;
  readonly base: Base;
}

function operationOf({ id, method, described, item, operation, pointer, base }: Described, context: Context): Operation {
  const raws = rawParameters(operation, item, context, id);
  const basePath = ownBasePath(operation, base, context) ?? ownBasePath(item, base, context) ?? base.path;
  const path = basePath + templateOf(described, context);
  const body = context.dialect === 'swagger' ? swaggerBody(raws, operation, context) : bodyOf(operation['requestBody'], context, id);
  const produces = context.dialect === 'swagger' ? swaggerTypes(operation, context, 'produces') : [];
  const security = securityOf(operation['security']) ?? securityOf(context.root['security']);
  const operationId = textAt(operation, 'operationId');
  const summary = textAt(operation, 'summary') ?? textAt(item, 'summary');
  const description = textAt(operation, 'description') ?? textAt(item, 'description');
  return {
    id,
    method,
    path,
    ...(operationId === undefined ? {} : { operationId }),
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    tags: textsAt(operation, 'tags'),
    deprecated: flagAt(operation, 'deprecated'),
    parameters: parametersOf(raws, path, context, id),
    ...(body === undefined ? {} : { body }),
    ...responsesOf(operation['responses'], context, produces, id),
    ...(security === undefined ? {} : { security }),
    source: { kind: 'openapi', document: context.location, pointer },
  };
}

/** A path as it can be sent: `:id` and `<int:id>` of frameworks become `{id}`, a fragment goes. */
function templateOf(described: string, { notes }: Context): string {
  const [bare = ''] = described.replace(/^https?:\/\/[^/]+/i, '').split('#');
  const template = bare
    .replaceAll(/\/:([A-Za-z_]\w*)(?=\/|$)/g, '/{$1}')
    .replaceAll(/<(?:\w+(?:\([^()<>]*\))?:)?([A-Za-z_]\w*)>/g, '{$1}')
    .trim()
    .split(/(\{[^{}]*\})/)
    .map((part) => (part.startsWith('{') ? part : part.replaceAll(/[^!-~]+/g, encoded)))
    .join('');
  const path = template.startsWith('/') ? template : `/${template}`;
  if (path !== described) notes.add('Repaired paths that could not be sent as they are described', described);
  return path;
}

/** Lone surrogates have no UTF-8 form; they are left out. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ''));
}
