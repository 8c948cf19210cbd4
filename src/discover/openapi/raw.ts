import { isObject, type Json, type JsonObject } from '../../model/json.ts';

/** A string that is not empty, under `key`. */
export function textAt(raw: JsonObject, key: string): string | undefined {
  const value = raw[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberAt(raw: JsonObject, key: string): number | undefined {
  const value = raw[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** True for `true`, and for the string that some generators write in its place. */
export function flagAt(raw: JsonObject, key: string): boolean {
  return raw[key] === true || raw[key] === 'true';
}

/** The array under `key`; empty when there is none. */
export function listAt(raw: JsonObject, key: string): readonly Json[] {
  const value = raw[key];
  return isList(value) ? value : [];
}

/** The object under `key`; empty when there is none. */
export function objectAt(raw: JsonObject, key: string): JsonObject {
  const value = raw[key];
  return isObject(value) ? value : {};
}

/** The strings among the items under `key`. */
export function textsAt(raw: JsonObject, key: string): readonly string[] {
  return listAt(raw, key).filter((item) => typeof item === 'string');
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
