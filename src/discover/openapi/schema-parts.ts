import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { TypeName } from '../../model/schema.ts';
import { flagAt, isList, listAt } from './raw.ts';
import { isReference, type References } from './references.ts';

/** A raw schema taken apart: itself first, then every member of `allOf`, in order. */
export interface Parts {
  /** The raw object that the schema is remembered by. */
  readonly identity: object;
  readonly parts: readonly JsonObject[];
  readonly name?: string;
  /** The boolean schema `false`. */
  readonly closed: boolean;
}

const anything: JsonObject = {};
const nothing: JsonObject = {};
/** Beside `$ref`, these say something about the place and not about the schema. */
const annotations = new Set(['$ref', 'description', 'summary', 'title', '$comment', 'externalDocs', 'xml']);

/** Takes a raw schema of any dialect apart. What is not a schema, or a reference to nothing, allows anything. */
export function partsOf(raw: Json | undefined, references: References): Parts {
  const { identity, name } = targetOf(raw, references);
  if (identity === nothing) return { identity, parts: [], closed: true };
  const collected: JsonObject[] = [];
  const names: (string | undefined)[] = [];
  collect(identity, references, collected, names, new Set());
  const known = name ?? (names.length === 1 && !isObject(identity['properties']) ? names[0] : undefined);
  return { identity, parts: collected, closed: false, ...(known === undefined ? {} : { name: known }) };
}

/** The end of a chain of references, as far as they stand alone. */
function targetOf(raw: Json | undefined, references: References): { identity: JsonObject; name?: string } {
  if (raw === false) return { identity: nothing };
  if (!isObject(raw)) return { identity: anything };
  if (!isReference(raw) || hasOwnSay(raw)) return { identity: raw };
  let target = references.follow(raw);
  const seen = new Set<Json>([raw]);
  while (target !== undefined && isReference(target.raw) && !hasOwnSay(target.raw)) {
    if (seen.has(target.raw)) return { identity: anything };
    seen.add(target.raw);
    target = references.follow(target.raw);
  }
  if (target?.raw === false) return { identity: nothing };
  if (!isObject(target?.raw)) return { identity: anything };
  return { identity: target.raw, ...(target.name === undefined ? {} : { name: target.name }) };
}

function hasOwnSay(reference: JsonObject): boolean {
  for (const key in reference) if (!annotations.has(key) && !key.startsWith('x-')) return true;
  return reference['x-nullable'] !== undefined;
}

function collect(raw: JsonObject, references: References, parts: JsonObject[], names: (string | undefined)[], seen: Set<JsonObject>): void {
  if (seen.has(raw)) return;
  seen.add(raw);
  parts.push(raw);
  const members = [...(isReference(raw) ? [raw] : []), ...listAt(raw, 'allOf'), ...onlyVariant(raw, references)];
  for (const member of members) {
    const target = isReference(member) ? references.follow(member) : undefined;
    if (target !== undefined) names.push(target.name);
    const next = isReference(member) ? target?.raw : member;
    if (isObject(next)) collect(next, references, parts, names, seen);
  }
}

/** `anyOf: [X, null]` is how generators write a nullable X: no alternative at all. */
function onlyVariant(raw: JsonObject, references: References): readonly Json[] {
  const variants = rawVariants(raw).filter((variant) => !isNull(variant, references));
  return variants.length === 1 ? variants : [];
}

function rawVariants(raw: JsonObject): readonly Json[] {
  return [...listAt(raw, 'oneOf'), ...listAt(raw, 'anyOf')];
}

function isNull(raw: Json, references: References): boolean {
  const target = references.resolve(raw)?.raw;
  if (!isObject(target)) return false;
  const type = target['type'];
  return type === 'null' || (isList(type) && type.length === 1 && type[0] === 'null') || target['const'] === null;
}

/** Alternatives of all parts; none where only one is left beside `null`, for that one is among the parts. */
export function variantsOf(parts: readonly JsonObject[], references: References): readonly Json[] {
  return parts.flatMap((part) => {
    const variants = rawVariants(part).filter((variant) => !isNull(variant, references));
    return variants.length === 1 ? [] : variants;
  });
}

const typeNames: Readonly<Record<string, TypeName>> = {
  string: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  object: 'object',
  array: 'array',
  null: 'null',
  file: 'file',
  int: 'integer',
  long: 'integer',
  float: 'number',
  double: 'number',
  bool: 'boolean',
  date: 'string',
  datetime: 'string',
  uuid: 'string',
  text: 'string',
};

/** Types that all parts agree on, `null` told apart; where they agree on none, those of the first part that names any. */
export function typesOf(parts: readonly JsonObject[], references: References): { types: readonly TypeName[]; nullable: boolean } {
  let types: readonly TypeName[] = [];
  let nullable = false;
  for (const part of parts) {
    const own = declaredTypes(part['type']);
    const others = own.filter((type) => type !== 'null');
    nullable ||= (own.length > others.length && others.length > 0) || flagAt(part, 'nullable') || flagAt(part, 'x-nullable');
    nullable ||= rawVariants(part).some((variant) => isNull(variant, references));
    const named = others.length > 0 ? others : own;
    const both = types.length === 0 ? named : types.filter((type) => named.includes(type));
    if (both.length > 0) types = both;
  }
  return { types, nullable };
}

function declaredTypes(raw: Json | undefined): readonly TypeName[] {
  const names = isList(raw) ? raw : [raw];
  return names.flatMap((name) => {
    const key = typeof name === 'string' ? name.toLowerCase() : '';
    const known = Object.hasOwn(typeNames, key) ? typeNames[key] : undefined;
    return known === undefined ? [] : [known];
  });
}
