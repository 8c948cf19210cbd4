import { isTenantHeader, isTenantNoun } from '../../model/credential-place.ts';
import { withPointer, type Json } from '../../model/json.ts';
import { isAccountNoun, plainName } from '../../model/names.ts';
import type { Operation, Parameter } from '../../model/operation.ts';
import { sampleOf } from '../../model/sample.ts';
import type { Schema } from '../../model/schema.ts';
import { isSameSlot, nameOfSlot, valueAt, withValue, type Slot } from '../../model/slot.ts';
import type { ApiObject, ParameterValues } from '../../model/world.ts';
import { isReading } from './reading.ts';
import { nounsOf } from './nouns.ts';
import { bodySchemaOf, creates, isRequiredSlot, keyFor, keysFor, shapeOf, type NamingSlot, type Shape } from './slots.ts';

export interface Address {
  readonly values: ParameterValues;
  /** The slots that name the object itself. */
  readonly slots: readonly Slot[];
}

/** How operations are read; shapes are kept, because each operation is asked about for each object. */
export type Shapes = (operation: Operation) => Shape;

export function shapes(operations: readonly Operation[] = []): Shapes {
  const nounFor = nounsOf(operations);
  const memo = new WeakMap<Operation, Shape>();
  return (operation) => {
    const known = memo.get(operation);
    if (known) return known;
    const shape = shapeOf(operation, nounFor);
    memo.set(operation, shape);
    return shape;
  };
}

/** The values by which an operation addresses an object; `undefined` when it does not, or a parent is unknown. */
export function addressOf(
  operation: Operation,
  object: ApiObject,
  all: readonly ApiObject[],
  shapeFor: Shapes,
  token: (salt: string) => string,
  proven?: ProvenKeys,
): Address | undefined {
  const addresses = addressesOf(operation, object, all, shapeFor, token);
  const [slot] = addresses[0]?.slots ?? [];
  const value = slot && proven?.get(provenName(operation, slot, object, shapeFor));
  if (value === undefined) return addresses[0];
  return addresses.find(({ values, slots }) => slots.some((each) => valueAt(values, each) === value)) ?? addresses[0];
}

/** Which of an object's keys was seen to be the one that a kind of slot takes: `provenName` → value. */
export type ProvenKeys = ReadonlyMap<string, string>;

export function provenName(operation: Operation, slot: Slot, object: ApiObject, shapeFor: Shapes): string {
  const { path, beside } = shapeFor(operation);
  const noun = [...path, ...beside].find((each) => isSameSlot(each, slot))?.noun ?? '';
  return `${object.id} ${noun} ${nameOfSlot(slot)}`;
}

/** The ways to address an object when its slot may take one of several keys (`/users/{user}`: the id or the name?), likeliest first. */
export function addressesOf(
  operation: Operation,
  object: ApiObject,
  all: readonly ApiObject[],
  shapeFor: Shapes,
  token: (salt: string) => string,
): readonly Address[] {
  const shape = shapeFor(operation);
  const linked = linkedAddress(operation, object, shape, all, token);
  if (linked) return [linked];
  if (shape.path.length === 0 && changesItself(operation))
    return isAccountNoun(object.type) ? [{ values: requiredElsewhere(operation, token), slots: [] }] : [];
  const slot = slotOf(operation, object, shape);
  if (!slot) return [];
  const path: Record<string, string> = {};
  for (const parent of shape.path) {
    if (parent === slot) continue;
    const known = parentValue(parent, object, all);
    if (known === undefined) return [];
    path[parent.name] = known;
  }
  const rest = { path, ...requiredElsewhere(operation, token, { known: knownBeside(shape, object.owner, all) }) };
  const schema = slot.in === 'body' ? bodySchemaOf(operation) : undefined;
  const base = schema ? { ...rest, body: bodyAround(schema, slot, token) } : rest;
  const at = { in: slot.in, name: slot.name };
  const keys = keysFor(slot, object.type, object.keys);
  // What is one of a kind for each account goes by the account: `/passphrases/{username}`.
  const ownerKey =
    keys.length === 0 && object.owner !== null && namesAccount(slot)
      ? objectValue({ ...slot, noun: 'user' }, object.owner, all)
      : undefined;
  return [...keys, ...(ownerKey === undefined ? [] : [ownerKey])].map((value) => ({ values: withValue(base, slot, value), slots: [at] }));
}

/**
 * The slot by which an operation names an object: what it must be told beside the path, else the last of the path, else what it may
 * be told. What changes something is addressed in its body only by the id of what it is about.
 */
function slotOf(operation: Operation, object: ApiObject, shape: Shape): NamingSlot | undefined {
  const last = shape.path.at(-1);
  const naming = shape.beside.filter((slot) => names(slot, object));
  const beside = naming.filter((slot) => slot.in !== 'body');
  const required = beside.find((slot) => isRequiredSlot(operation, slot));
  if (required) return required;
  const inBody = naming.find(
    (slot) => slot.in === 'body' && (isReading(operation) || (isOwnId(slot, shape) && creates(operation, []) === undefined)),
  );
  if (inBody && (!last || !names(last, object))) return inBody;
  if (!last) return beside[0] ?? inBody;
  // `POST /orders/{id}/tickets/lookup` with a ticket's id is about a ticket: the order is above it.
  const isAbove = shape.beside.some(
    (slot) => isOwnId(slot, shape) && slot.noun !== last.noun && !isTenantNoun(slot.noun) && isRequiredSlot(operation, slot),
  );
  return names(last, object) && !isAbove ? last : undefined;
}

/** True for the id of what an operation is about: `PUT /orders` with `{"id": …}` or `{"order_id": …}`, and not `{"customer_id": …}`. */
function isOwnId(slot: NamingSlot, { nouns }: Shape): boolean {
  return /(?:id|uuid|guid|slug)s?$/i.test(nameOfSlot(slot)) && nouns.has(slot.noun);
}

/** What is required of a body besides, and what stands at the slot: a number where one is asked for, or a list of one. */
function bodyAround(schema: Schema, slot: NamingSlot, token: (salt: string) => string): Json {
  const sample = sampleOf(schema, { token, salt: `around${slot.name}`, onlyRequired: true }).value;
  let at: Schema | undefined = schema;
  for (const part of slot.name.split('/').slice(1)) at = /^\d+$/.test(part) ? at?.items : at?.properties.get(unescaped(part));
  const isNumber = at?.types.includes('integer') === true || at?.types.includes('number') === true;
  const single = slot.name.replace(/\/0$/, '');
  const emptied = single === slot.name ? sample : withPointer(sample, single, []);
  return isNumber ? withPointer(emptied, slot.name, 0) : emptied;
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The value of a parameter that names some other object: the tenant of the caller, the project of a task. */
export type KnownValue = (slot: Slot) => string | undefined;

/** What is known of the objects that an operation is told beside its path, for an owner. */
export function knownBeside(shape: Shape, owner: string | null, all: readonly ApiObject[]): KnownValue {
  return (slot) => {
    const naming = shape.beside.find((each) => isSameSlot(each, slot));
    return naming && objectValue(naming, owner, all);
  };
}

/** What an operation requires beside its path, made up where it is free; `withBody` for those that are called without naming an object. */
export function requiredElsewhere(
  operation: Operation,
  token: (salt: string) => string,
  { withBody = false, known }: { readonly withBody?: boolean; readonly known?: KnownValue } = {},
): Pick<ParameterValues, 'query' | 'header' | 'cookie' | 'body'> {
  const cookie = requiredValues(operation, 'cookie', token, known);
  const schema = withBody ? bodySchemaOf(operation) : undefined;
  return {
    query: requiredValues(operation, 'query', token, known),
    header: requiredValues(operation, 'header', token, known),
    ...(Object.keys(cookie).length > 0 ? { cookie } : {}),
    ...(schema ? { body: sampleOf(schema, { token, salt: 'required', onlyRequired: true }).value } : {}),
  };
}

/** The description's own word for it: a link from the operation that made the object. */
function linkedAddress(
  operation: Operation,
  object: ApiObject,
  shape: Shape,
  all: readonly ApiObject[],
  token: (salt: string) => string,
): Address | undefined {
  const linked = object.links?.[operation.id];
  if (!linked) return undefined;
  const path: Record<string, string> = {};
  for (const slot of shape.path) {
    const value = linked[slot.name] ?? parentValue(slot, object, all);
    if (value === undefined) return undefined;
    path[slot.name] = value;
  }
  const named = Object.entries(linked).filter(([name]) =>
    operation.parameters.some((parameter) => parameter.in === 'query' && parameter.name === name),
  );
  const rest = requiredElsewhere(operation, token);
  const slots = [
    ...shape.path.flatMap(({ in: place, name }): Slot[] => (linked[name] === undefined ? [] : [{ in: place, name }])),
    ...named.map(([name]): Slot => ({ in: 'query', name })),
  ];
  return { values: { ...rest, path, query: { ...rest.query, ...Object.fromEntries(named) } }, slots };
}

const selfSegment = /^(?:me|self|profile|account|user|current|current[-_]?user|settings|preferences)$/i;

function changesItself(operation: Operation): boolean {
  return /^(?:PUT|PATCH)$/.test(operation.method) && selfSegment.test(operation.path.split('/').filter(Boolean).at(-1) ?? '');
}

function names(slot: NamingSlot, object: ApiObject): boolean {
  const { type } = object;
  return slot.noun === type || (isAccountNoun(slot.noun) && isAccountNoun(type)) || (isTenantNoun(slot.noun) && isTenantNoun(type));
}

function namesAccount(slot: NamingSlot): boolean {
  return /^(?:user|owner|account|member|customer)(?:name|id|login|email)?$/.test(plainName(slot.name));
}

function parentValue(slot: NamingSlot, object: ApiObject, all: readonly ApiObject[]): string | undefined {
  return object.keys[slot.name] ?? objectValue(slot, object.owner, all);
}

/** The key of some object that fits a slot: one of `owner`'s own if there is any, else one that everybody sees. */
export function objectValue(slot: NamingSlot, owner: string | null, all: readonly ApiObject[]): string | undefined {
  // What is called as the slot calls it comes before its synonyms: an organisation before the tenant that an account speaks of.
  const fitting = all
    .filter((object) => names(slot, object))
    .sort((left, right) => Number(right.type === slot.noun) - Number(left.type === slot.noun));
  const best = fitting.find((object) => object.owner === owner && owner !== null) ?? fitting.find((object) => object.owner === null);
  return best && keyFor(slot, best.type, best.keys);
}

/** Values for required parameters that name no object, from their default, enum or example, else made up. */
export function requiredValues(
  operation: Operation,
  place: Parameter['in'],
  token: (salt: string) => string,
  known?: KnownValue,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const parameter of operation.parameters) {
    if (parameter.in !== place || !parameter.required) continue;
    // Whose tenant it is cannot be made up: without one of its own, a call leaves it to the credential.
    if (place === 'header' && isTenantHeader(parameter.name) && known?.({ in: place, name: parameter.name }) === undefined) continue;
    if (place === 'header' && /^(?:authorization|accept|content-type|cookie)$/i.test(parameter.name)) continue;
    values[parameter.name] = known?.({ in: place, name: parameter.name }) ?? text(plainValue(parameter, token));
  }
  return values;
}

function plainValue(parameter: Parameter, token: (salt: string) => string): Json {
  const { schema } = parameter;
  const stated = schema?.default ?? schema?.enum?.[0] ?? parameter.examples[0] ?? schema?.examples[0];
  if (stated !== undefined) return stated;
  return schema ? sampleOf(schema, { token, salt: `parameter/${parameter.name}` }).value : token(`parameter/${parameter.name}`);
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
