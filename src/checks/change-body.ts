import type { ObjectSubject } from '../model/check.ts';
import { atPointer, isObject, withPointer, type Json, type JsonObject } from '../model/json.ts';
import { plainName } from '../model/names.ts';
import { isPasswordName, sampleOf } from '../model/sample.ts';
import type { Schema } from '../model/schema.ts';
import { valueAt } from '../model/slot.ts';
import type { ApiObject, Marker } from '../model/world.ts';

/** The body of an update, with values of its own in each free-text field. */
export interface ChangeBody {
  readonly value: Json;
  /** The values planted, which reading the object back shows when the update took effect. */
  readonly planted: readonly Marker[];
}

/**
 * A body that changes what can be changed without losing the object: what names it, and what is not free text, keeps the
 * owner's value. Each salt gives values of its own.
 */
export function changeBody(subject: ObjectSubject, salt: string): ChangeBody {
  const body = freeChange(subject, salt);
  const { slots, values } = subject.access;
  const naming = slots.filter((slot) => slot.in === 'body');
  if (values.body === undefined || naming.length === 0) return body;
  const named = naming.reduce<Json>(
    (value, { name }) => withPointer(value, name, atPointer(values.body ?? null, name) ?? null),
    body.value,
  );
  return { ...body, value: named };
}

function freeChange({ world, operation, access }: ObjectSubject, salt: string): ChangeBody {
  const contents = operation.body?.contents ?? [];
  const schema = (contents.find((content) => /[/+]json\b/i.test(content.mediaType)) ?? contents[0])?.schema;
  const { object } = access;
  const naming = new Set([...Object.values(access.values.path ?? {}), ...Object.values(access.values.query ?? {})]);
  for (const slot of access.slots) naming.add(valueAt(access.values, slot) ?? '');
  const original = isObject(object.record) ? object.record : {};
  if (schema === undefined || (schema.properties.size === 0 && schema.variants.length === 0))
    return untyped(object, original, naming, salt, world.token);
  const known = (name: string, at: Schema): Json | undefined => {
    if (isPasswordName(name)) return undefined;
    const current = original[name] ?? object.keys[name];
    if (current === undefined) return undefined;
    const named = typeof current === 'string' && naming.has(current);
    return named || !isFreeText(at, current) ? current : undefined;
  };
  const sample = sampleOf(schema, { token: world.token, salt, known });
  const planted = sample.markers.filter((marker) => marker.value.length >= 8);
  const value = samePasswords(sample.value, sample.markers);
  // What the object does not have is left out, unless it is asked for: targets refuse what they do not know.
  const isKept = (name: string): boolean =>
    schema.required.has(name) || isPasswordName(name) || name in original || name in object.keys || Object.keys(original).length === 0;
  const left = planted.filter((marker) => !schema.properties.has(marker.field) || isKept(marker.field));
  if (!isObject(value) || left.length === 0) return { value, planted };
  return { value: Object.fromEntries(Object.entries(value).filter(([name]) => isKept(name))), planted: left };
}

/** The description says nothing of the body: the owner's own text fields are sent, with values of their own. */
function untyped(
  object: ApiObject,
  original: JsonObject,
  naming: ReadonlySet<string>,
  salt: string,
  token: (salt: string) => string,
): ChangeBody {
  const planted: Marker[] = [];
  const entries = Object.entries(original).flatMap(([name, value]): [string, Json][] => {
    if (/^_?id$|_id$/i.test(name) || (typeof value !== 'string' && typeof value !== 'number')) return [];
    const marker = object.markers.find((candidate) => plainName(candidate.field) === plainName(name));
    if (!marker || naming.has(String(value))) return [[name, value]];
    const fresh = { field: name, value: value === marker.value ? token(`${salt}/${name}`) : `${token(`${salt}/${name}`)}@example.com` };
    planted.push(fresh);
    return [[name, fresh.value]];
  });
  return { value: Object.fromEntries(entries), planted };
}

function isFreeText(schema: Schema, current: Json): boolean {
  return typeof current === 'string' && schema.enum === undefined && (schema.format === undefined || schema.format === 'email');
}

/** Repeats one password in its confirmation: the first planted password goes to all password fields. */
function samePasswords(value: Json, markers: readonly Marker[]): Json {
  const password = markers.find((marker) => isPasswordName(marker.field));
  if (!password || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isPasswordName(name) && typeof item === 'string' ? password.value : item]),
  );
}

/** The same body with the owner's values, which undoes the change. */
export function originalBody(object: ApiObject, body: ChangeBody): Json {
  const original = { ...object.keys, ...(isObject(object.record) ? object.record : {}) };
  if (!isObject(body.value)) return body.value;
  return Object.fromEntries(Object.entries(body.value).map(([name, value]) => [name, original[name] ?? value]));
}
