import { isObject, type Json } from '../model/json.ts';

/** A copy of `value` with another value at a JSON Pointer; objects on the way are made when they are missing. */
export function withValueAt(value: Json, pointer: string, replacement: Json): Json {
  const tokens = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return put(value, tokens, replacement);
}

function put(node: Json, [key, ...rest]: readonly string[], replacement: Json): Json {
  if (key === undefined) return replacement;
  if (Array.isArray(node)) return node.map((item: Json, index) => (String(index) === key ? put(item, rest, replacement) : item));
  const object = isObject(node) ? node : {};
  return { ...object, [key]: put(object[key] ?? {}, rest, replacement) };
}
