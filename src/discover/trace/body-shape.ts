import { isObject, parseJson, type Json, type JsonObject } from '../../model/json.ts';
import type { TracedBody } from './trace.ts';

const formats: readonly (readonly [format: string, shape: RegExp])[] = [
  ['date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/],
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i],
  ['email', /^[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)*$/],
  ['uri', /^https?:\/\/\S+$/],
];
const deepest = 12;

/** The JSON Schema of a value: types, formats and property names, and none of the values. */
export function shapeOfValue(value: Json, depth = 0): JsonObject {
  if (value === null) return { nullable: true };
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  if (typeof value === 'string') return textShape(value);
  if (depth >= deepest) return {};
  if (isObject(value)) {
    const properties = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shapeOfValue(item, depth + 1)]));
    return { type: 'object', properties, required: Object.keys(properties) };
  }
  const items = value.slice(0, 20).map((item) => shapeOfValue(item, depth + 1));
  const [first, ...rest] = items;
  return first === undefined ? { type: 'array' } : { type: 'array', items: rest.reduce(mergedShape, first) };
}

/** The JSON Schema of a text that stands for itself, as in a URL: `{ type: 'integer' }` for digits. */
export function shapeOfText(text: string): JsonObject {
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(text)) return { type: 'integer' };
  if (text === 'true' || text === 'false') return { type: 'boolean' };
  return textShape(text);
}

function textShape(text: string): JsonObject {
  const format = formats.find(([, shape]) => shape.test(text))?.[0];
  return format === undefined ? { type: 'string' } : { type: 'string', format };
}

/** What both schemas allow, of two that were made by `shapeOfValue`. Required is what both have. */
export function mergedShape(one: JsonObject, other: JsonObject): JsonObject {
  const types = [...new Set([...listOf(one['type']), ...listOf(other['type'])])].filter(
    (type, _, all) => type !== 'integer' || !all.includes('number'),
  );
  // What says no more than "null" leaves the format of the other one as it is.
  const format =
    [one, other].every((shape) => shape['type'] !== undefined) && one['format'] !== other['format']
      ? undefined
      : (one['format'] ?? other['format']);
  const items =
    isObject(one['items']) && isObject(other['items']) ? mergedShape(one['items'], other['items']) : (one['items'] ?? other['items']);
  return {
    ...(types.length === 0 ? {} : { type: types.length === 1 ? (types[0] ?? '') : types }),
    ...(format === undefined ? {} : { format }),
    ...(one['nullable'] === true || other['nullable'] === true ? { nullable: true } : {}),
    ...(items === undefined ? {} : { items }),
    ...mergedProperties(one, other),
  };
}

function mergedProperties(one: JsonObject, other: JsonObject): JsonObject {
  const [mine, yours] = [one['properties'], other['properties']];
  if (!isObject(mine) || !isObject(yours)) {
    const only = isObject(mine) ? one : isObject(yours) ? other : undefined;
    return only === undefined ? {} : { properties: only['properties'] ?? {}, required: only['required'] ?? [] };
  }
  const names = [...new Set([...Object.keys(mine), ...Object.keys(yours)])];
  const properties = names.map((name): [string, Json] => {
    const [left, right] = [mine[name], yours[name]];
    return [name, isObject(left) && isObject(right) ? mergedShape(left, right) : (left ?? right ?? {})];
  });
  const needed = new Set(listOf(other['required']));
  return { properties: Object.fromEntries(properties), required: listOf(one['required']).filter((name) => needed.has(name)) };
}

function listOf(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** A body of named fields, as in forms. A field whose value is `undefined` is a file. */
export function formBody(mediaType: string, fields: readonly (readonly [name: string, value: string | undefined])[]): TracedBody {
  const properties = Object.fromEntries(
    fields.map(([name, value]): [string, Json] => [name, value === undefined ? { type: 'string', format: 'binary' } : shapeOfText(value)]),
  );
  return { mediaType, schema: { type: 'object', properties, required: Object.keys(properties) } };
}

/** The body of a request by its media type; `undefined` when it is empty or of a kind that has no fields. */
export function bodyOf(mediaType: string, text: string): TracedBody | undefined {
  const plain = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (plain === 'application/x-www-form-urlencoded') return formBody(plain, [...new URLSearchParams(text)]);
  if (plain === 'multipart/form-data') {
    const names = [...text.matchAll(/^content-disposition:\s*form-data;[^\r\n]*?\bname="([^"\r\n]*)"([^\r\n]*)/gim)];
    return formBody(
      plain,
      names.map(([, name = '', rest = '']) => [name, rest.includes('filename') ? undefined : '']),
    );
  }
  const json = parseJson(text);
  if (json === undefined || json === null || typeof json !== 'object') return undefined;
  return { mediaType: /[/+]json$/.test(plain) ? plain : 'application/json', schema: shapeOfValue(json) };
}

/** True for a body that is a GraphQL request: one path for every operation, so it says nothing about paths. */
export function isGraphql(text: string): boolean {
  const json = parseJson(text);
  const [first] = Array.isArray(json) ? (json as readonly Json[]) : [json];
  const query = isObject(first) ? first['query'] : undefined;
  return typeof query === 'string' && /^\s*(?:query|mutation|subscription|fragment|#|\{)/.test(query);
}
