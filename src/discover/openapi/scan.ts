import { UserError } from '../../model/user-error.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { isList } from './raw.ts';

/** What one pass over a raw document finds out: everything that references need, and nothing else. */
export interface Scan {
  /** Absolute URI of a schema resource (`$id`, `$self`, the document itself) → its raw node. */
  readonly resources: ReadonlyMap<string, Json>;
  /** `uri#anchor` → raw node. */
  readonly anchors: ReadonlyMap<string, Json>;
  /** Base URI of each reference object whose base is not the main document's. */
  readonly bases: ReadonlyMap<JsonObject, string>;
  /** Each distinct `$ref`, with one object that holds it. */
  readonly refs: ReadonlyMap<string, JsonObject>;
}

const deepest = 500;

/** Keywords whose value maps names that authors chose; a name in there is never a keyword. */
const namesUnder = new Set(
  (
    'properties patternProperties dependentSchemas definitions $defs schemas responses parameters requestBodies headers examples links ' +
    'callbacks pathItems paths securitySchemes securityDefinitions content mapping variables webhooks encoding additionalOperations mediaTypes'
  ).split(' '),
);
/** Keywords whose value is data of the API, in which `$ref` means nothing. */
const dataUnder = new Set(['example', 'default', 'enum', 'const', 'value', 'dataValue']);

/** Resolves `reference` against `base`; the reference itself when that cannot be done. */
export function absoluteUri(reference: string, base: string): string {
  try {
    return new URL(reference, base).href;
  } catch {
    return reference;
  }
}

/**
 * Walks a raw document once, without recursion. `main` is the URI of the document that refers to this one, when it is another;
 * `shared` tells that nodes may be reached by several ways (YAML aliases).
 * Throws `UserError` when it is nested deeper than 500 levels.
 */
export function scan(root: Json, uri: string, { location = uri, main = uri, shared = true } = {}): Scan {
  const resources = new Map<string, Json>([[uri, root]]);
  const anchors = new Map<string, Json>();
  const bases = new Map<JsonObject, string>();
  const refs = new Map<string, JsonObject>();
  const visited = shared ? new Set<Json>() : undefined;
  const stack: [node: Json, base: string, isNames: boolean, depth: number][] = [[root, uri, false, 0]];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [node, outer, isNames, depth] = top;
    if (node === null || typeof node !== 'object') continue;
    if (visited?.has(node)) continue;
    visited?.add(node);
    if (depth > deepest) throw tooDeep(location);
    if (isList(node)) {
      for (const item of node) if (item !== null && typeof item === 'object') stack.push([item, outer, false, depth + 1]);
      continue;
    }
    const object = node;
    const base = isNames ? outer : ownBase(object, outer, resources, anchors);
    const ref = object['$ref'];
    if (typeof ref === 'string') {
      if (base !== main) bases.set(object, base);
      const key = base === main ? ref : `${base} ${ref}`;
      if (!refs.has(key)) refs.set(key, object);
    }
    for (const name in object) {
      const child = object[name];
      if (child === null || typeof child !== 'object') continue;
      if (!isNames && (dataUnder.has(name) || name.startsWith('x-') || (name === 'examples' && isList(child)))) continue;
      if (child !== undefined) stack.push([child, base, !isNames && namesUnder.has(name), depth + 1]);
    }
  }
  return { resources, anchors, bases, refs };
}

function ownBase(object: JsonObject, outer: string, resources: Map<string, Json>, anchors: Map<string, Json>): string {
  const id = object['$id'] ?? object['$self'];
  let base = outer;
  if (typeof id === 'string' && id !== '' && !id.startsWith('#')) {
    const [absolute = ''] = absoluteUri(id, outer).split('#');
    resources.set(absolute, object);
    // `$self` renames the document, whose other references are still found where it was read from.
    if (object['$self'] === undefined) base = absolute;
  }
  for (const keyword of ['$anchor', '$dynamicAnchor']) {
    const anchor = object[keyword];
    if (typeof anchor === 'string') anchors.set(`${base}#${anchor}`, object);
  }
  return base;
}

function tooDeep(location: string): UserError {
  return new UserError('description-too-deep', `${location} is nested deeper than ${deepest} levels.`, {
    hint: 'Give a description written by hand or by a generator; this one looks damaged.',
  });
}
