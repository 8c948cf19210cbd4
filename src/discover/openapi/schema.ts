import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Schema, TypeName } from '../../model/schema.ts';
import { flagAt, isList, listAt, numberAt, objectAt, textAt, textsAt } from './raw.ts';
import type { References } from './references.ts';
import { partsOf, typesOf, variantsOf, type Parts } from './schema-parts.ts';

/** Makes schemas from raw ones. The same raw object, reached by whatever reference, gives the same `Schema`. */
export type SchemaOf = (raw: Json | undefined) => Schema;

export function createSchemas(references: References): SchemaOf {
  const memo = new WeakMap<object, Schema>();
  const schemaOf: SchemaOf = (raw) => {
    const parts = partsOf(raw, references);
    const known = memo.get(parts.identity);
    if (known) return known;
    const made = new LazySchema(parts, schemaOf, references);
    memo.set(parts.identity, made);
    return made;
  };
  return schemaOf;
}

const textKeys = ['format', 'title', 'description', 'pattern'] as const;
const numberKeys = ['minLength', 'maxLength', 'multipleOf', 'minItems', 'maxItems'] as const;

/** Scalars are read when it is made; whatever leads to other schemas when it is asked for. */
class LazySchema implements Schema {
  declare readonly name?: string;
  readonly types: readonly TypeName[];
  readonly nullable: boolean;
  declare readonly format?: string;
  declare readonly title?: string;
  declare readonly description?: string;
  declare readonly enum?: readonly Json[];
  declare readonly const?: Json;
  declare readonly default?: Json;
  readonly examples: readonly Json[];
  declare readonly pattern?: string;
  declare readonly minLength?: number;
  declare readonly maxLength?: number;
  declare readonly minimum?: number;
  declare readonly maximum?: number;
  declare readonly exclusiveMinimum?: number;
  declare readonly exclusiveMaximum?: number;
  declare readonly multipleOf?: number;
  declare readonly minItems?: number;
  declare readonly maxItems?: number;
  readonly readOnly: boolean;
  readonly writeOnly: boolean;
  declare readonly items?: Schema;
  declare readonly additionalProperties?: boolean | Schema;
  readonly #parts: readonly JsonObject[];
  readonly #schemaOf: SchemaOf;
  readonly #references: References;
  #properties: ReadonlyMap<string, Schema> | undefined;
  #required: ReadonlySet<string> | undefined;
  #variants: readonly Schema[] | undefined;

  constructor({ parts, name, closed }: Parts, schemaOf: SchemaOf, references: References) {
    this.#parts = parts;
    this.#schemaOf = schemaOf;
    this.#references = references;
    if (name !== undefined) this.name = name;
    const { types, nullable } = typesOf(parts, references);
    this.types = types;
    this.nullable = nullable;
    this.readOnly = parts.some((part) => flagAt(part, 'readOnly'));
    this.writeOnly = parts.some((part) => flagAt(part, 'writeOnly'));
    this.examples = firstOf(parts, examplesOf) ?? [];
    for (const key of textKeys) setFirst(this, key, parts, (part) => textAt(part, key));
    for (const key of numberKeys) setFirst(this, key, parts, (part) => numberAt(part, key));
    setFirst(this, 'enum', parts, (part) => (listAt(part, 'enum').length > 0 ? listAt(part, 'enum') : undefined));
    setFirst(this, 'const', parts, (part) => part['const']);
    setFirst(this, 'default', parts, (part) => part['default']);
    for (const bound of ['minimum', 'maximum'] as const) this.#setBound(bound, parts);
    setLater(this, 'items', firstOf(parts, itemsOf), schemaOf);
    const rest = closed ? false : firstOf(parts, restOf);
    if (typeof rest === 'boolean') this.additionalProperties = rest;
    else setLater(this, 'additionalProperties', rest, schemaOf);
  }

  get properties(): ReadonlyMap<string, Schema> {
    return (this.#properties ??= this.#readProperties());
  }

  get required(): ReadonlySet<string> {
    return (this.#required ??= new Set(this.#parts.flatMap((part) => textsAt(part, 'required'))));
  }

  get variants(): readonly Schema[] {
    return (this.#variants ??= variantsOf(this.#parts, this.#references).map((variant) => this.#schemaOf(variant)));
  }

  #readProperties(): ReadonlyMap<string, Schema> {
    const raws = new Map<string, Json>();
    for (const part of this.#parts) {
      const properties = this.#references.resolve(objectAt(part, 'properties'))?.raw;
      for (const [name, raw] of Object.entries(isObject(properties) ? properties : {})) {
        const known = raws.get(name);
        if (known === undefined || (isBare(known) && !isBare(raw))) raws.set(name, raw);
      }
    }
    return new Map([...raws].map(([name, raw]) => [name, this.#schemaOf(raw)]));
  }

  /** Draft 4 has `exclusiveMinimum: true` beside `minimum`; later drafts have a number. */
  #setBound(bound: 'minimum' | 'maximum', parts: readonly JsonObject[]): void {
    const key = bound === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
    setFirst(this, key, parts, (part) => (part[key] === true ? numberAt(part, bound) : numberAt(part, key)));
    setFirst(this, bound, parts, (part) => (part[key] === true ? undefined : numberAt(part, bound)));
  }
}

function firstOf<T>(parts: readonly JsonObject[], read: (part: JsonObject) => T | undefined): T | undefined {
  for (const part of parts) {
    const value = read(part);
    if (value !== undefined) return value;
  }
  return undefined;
}

function setFirst<K extends keyof Schema>(
  schema: { -readonly [P in K]?: Schema[P] },
  key: K,
  parts: readonly JsonObject[],
  read: (part: JsonObject) => Exclude<Schema[K], undefined> | undefined,
): void {
  const value = firstOf(parts, read);
  if (value !== undefined) schema[key] = value;
}

/** A property that becomes a schema when it is first read. */
function setLater(schema: Schema, key: 'items' | 'additionalProperties', raw: Json | undefined, schemaOf: SchemaOf): void {
  if (raw === undefined) return;
  Object.defineProperty(schema, key, { enumerable: true, configurable: true, get: () => schemaOf(raw) });
}

/** True when a property says so little that the same property of another `allOf` member is to be preferred. */
function isBare(raw: Json): boolean {
  return !isObject(raw) || !['$ref', 'type', 'properties', 'items', 'allOf', 'oneOf', 'anyOf', 'enum', 'const'].some((key) => key in raw);
}

function itemsOf(part: JsonObject): Json | undefined {
  const items = part['items'] ?? part['prefixItems'];
  return isList(items) ? items[0] : (items ?? undefined);
}

function restOf(part: JsonObject): Json | undefined {
  const rest = part['additionalProperties'];
  if (typeof rest === 'boolean' || isObject(rest)) return rest;
  if (part['unevaluatedProperties'] === false) return false;
  return Object.values(objectAt(part, 'patternProperties'))[0];
}

function examplesOf(part: JsonObject): readonly Json[] | undefined {
  const own = [part['example'], part['x-example']].filter((value) => value !== undefined);
  const all = [...own, ...listAt(part, 'examples')];
  return all.length > 0 ? all : undefined;
}
