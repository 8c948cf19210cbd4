/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** True for a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses text as JSON; `undefined` when it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** A scalar inside a JSON value, with where it stands. */
export interface Leaf {
  /** JSON Pointer (RFC 6901) from the root. */
  readonly pointer: string;
  /** The nearest property name above it; '' for a bare root value. */
  readonly name: string;
  readonly value: string | number | boolean | null;
}

/** Every scalar of `value`, in document order, to a depth of 64 and at most `limit` leaves. */
export function leaves(value: Json, limit = 50_000): Leaf[] {
  const found: Leaf[] = [];
  const walk = (node: Json, pointer: string, name: string, depth: number): void => {
    if (found.length >= limit || depth > 64) return;
    if (node === null || typeof node !== 'object') {
      found.push({ pointer, name, value: node });
    } else if (Array.isArray(node)) {
      node.forEach((item: Json, index) => walk(item, `${pointer}/${index}`, name, depth + 1));
    } else {
      for (const [key, item] of Object.entries(node as JsonObject)) walk(item, `${pointer}/${escapePointer(key)}`, key, depth + 1);
    }
  };
  walk(value, '', '', 0);
  return found;
}

/** Every object inside `value` (itself included), with where it stands, outermost first. */
export function objects(value: Json, limit = 20_000): { pointer: string; value: JsonObject }[] {
  const found: { pointer: string; value: JsonObject }[] = [];
  const walk = (node: Json, pointer: string, depth: number): void => {
    if (found.length >= limit || depth > 64 || node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) {
      node.forEach((item: Json, index) => walk(item, `${pointer}/${index}`, depth + 1));
      return;
    }
    found.push({ pointer, value: node as JsonObject });
    for (const [key, item] of Object.entries(node as JsonObject)) walk(item, `${pointer}/${escapePointer(key)}`, depth + 1);
  };
  walk(value, '', 0);
  return found;
}

/** One reference token of a JSON Pointer, escaped. */
export function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The value at a JSON Pointer; `undefined` when there is none. */
export function atPointer(value: Json, pointer: string): Json | undefined {
  let node: Json | undefined = value;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(node)) node = (node as readonly Json[])[Number(key)];
    else if (isObject(node) && Object.hasOwn(node, key)) node = node[key];
    else return undefined;
  }
  return node;
}

/** A copy of `value` with another value at a JSON Pointer; what is missing on the way is made: lists for the index 0, else objects. */
export function withPointer(value: Json, pointer: string, item: Json): Json {
  const [, token, ...rest] = pointer.split('/');
  if (token === undefined) return item;
  const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
  const deeper = rest.map((part) => `/${part}`).join('');
  if (Array.isArray(value) || (key === '0' && !isObject(value))) {
    const list: Json[] = Array.isArray(value) ? [...(value as readonly Json[])] : [];
    list[Number(key)] = withPointer(list[Number(key)] ?? null, deeper, item);
    return list;
  }
  const object = isObject(value) ? value : {};
  return { ...object, [key]: withPointer(Object.hasOwn(object, key) ? (object[key] ?? null) : null, deeper, item) };
}

/** A pointer whose array indices are `*`, so that it names the same field of every item. */
export function shapePointer(pointer: string): string {
  return pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*');
}
