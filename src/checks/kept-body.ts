import type { Json, JsonObject } from '../model/json.ts';
import { isObject } from '../model/json.ts';
import { isPower } from '../model/privilege.ts';
import { isPasswordName } from '../model/sample.ts';
import type { Schema } from '../model/schema.ts';
import type { ApiObject } from '../model/world.ts';

/** What a body really holds: where all of it stands in one property, `{"user": {…}}`, the schema of that, and the way back. */
export interface Envelope {
  readonly schema: Schema | undefined;
  readonly wrap: (fields: JsonObject) => JsonObject;
}

export function envelopeOf(schema: Schema | undefined): Envelope {
  const [only, ...others] = schema?.properties ?? [];
  if (only === undefined || others.length > 0 || only[1].properties.size === 0) return { schema, wrap: (fields) => fields };
  const [name, inner] = only;
  return { schema: inner, wrap: (fields) => ({ [name]: fields }) };
}

/**
 * The properties of an update with the values that the object has, so that nothing is changed by them: passwords and flags of power
 * are left out. `undefined` when something is required that is not known.
 */
export function keptFields(schema: Schema | undefined, object: ApiObject): JsonObject | undefined {
  const current: Readonly<Record<string, Json>> = { ...object.keys, ...(isObject(object.record) ? object.record : {}) };
  const kept: [string, Json][] = [];
  for (const [name, property] of schema?.properties ?? []) {
    const value = current[name];
    const isKnown = value !== undefined && value !== null && !isPasswordName(name) && !isPower(name);
    if (isKnown && !property.readOnly) kept.push([name, value]);
    else if (schema?.required.has(name) === true) return undefined;
  }
  return Object.fromEntries(kept);
}
