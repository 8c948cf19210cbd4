import type { Json } from '../../model/json.ts';
import { isAccountNoun } from '../../model/names.ts';
import type { Operation, Parameter } from '../../model/operation.ts';
import { sampleOf } from '../../model/sample.ts';
import type { ApiObject, ParameterValues } from '../../model/world.ts';
import { keyFor, keysFor, shapeOf, type Shape, type Slot } from './slots.ts';

export interface Address {
  readonly values: ParameterValues;
  /** Parameters that name the object itself. */
  readonly slots: readonly string[];
}

/** How operations are read; shapes are kept, because each operation is asked about for each object. */
export type Shapes = (operation: Operation) => Shape;

export function shapes(): Shapes {
  const memo = new WeakMap<Operation, Shape>();
  return (operation) => {
    const known = memo.get(operation);
    if (known) return known;
    const shape = shapeOf(operation);
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
  const value = proven?.get(provenName(operation, object, shapeFor));
  return (
    addresses.find(({ values, slots }) =>
      slots.some((slot) => value !== undefined && (values.path?.[slot] ?? values.query?.[slot]) === value),
    ) ?? addresses[0]
  );
}

/** Which of an object's keys was seen to be the one that a kind of parameter takes: `provenName` → value. */
export type ProvenKeys = ReadonlyMap<string, string>;

export function provenName(operation: Operation, object: ApiObject, shapeFor: Shapes): string {
  const slot = shapeFor(operation).path.at(-1);
  return `${object.id} ${slot?.noun ?? ''} ${slot?.name ?? ''}`;
}

/** The ways to address an object when its parameter may take one of several keys (`/users/{user}`: the id or the name?), likeliest first. */
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
  const queries = shape.query.filter((candidate) => names(candidate, object));
  const slot = queries.find((candidate) => isRequired(operation, candidate)) ?? shape.path.at(-1) ?? queries[0];
  if (!slot && changesItself(operation) && isAccountNoun(object.type))
    return [
      { values: { query: requiredValues(operation, 'query', token), header: requiredValues(operation, 'header', token) }, slots: [] },
    ];
  if (!slot || !names(slot, object)) return [];
  const path: Record<string, string> = {};
  for (const parent of shape.path) {
    if (parent === slot) continue;
    const known = parentValue(parent, object, all);
    if (known === undefined) return [];
    path[parent.name] = known;
  }
  const header = requiredValues(operation, 'header', token);
  const required = requiredValues(operation, 'query', token);
  return keysFor(slot, object.type, object.keys).map((value) => {
    const query = slot.in === 'query' ? { ...required, [slot.name]: value } : required;
    return { values: { path: slot.in === 'path' ? { ...path, [slot.name]: value } : path, query, header }, slots: [slot.name] };
  });
}

function isRequired(operation: Operation, slot: Slot): boolean {
  return operation.parameters.some(({ name, in: place, required }) => required && place === slot.in && name === slot.name);
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
  const query = { ...requiredValues(operation, 'query', token), ...Object.fromEntries(named) };
  const slots = [...shape.path.map((slot) => slot.name).filter((name) => linked[name] !== undefined), ...named.map(([name]) => name)];
  return { values: { path, query, header: requiredValues(operation, 'header', token) }, slots };
}

const selfSegment = /^(?:me|self|profile|account|current|current[-_]?user|settings|preferences)$/i;

function changesItself(operation: Operation): boolean {
  return /^(?:PUT|PATCH)$/.test(operation.method) && selfSegment.test(operation.path.split('/').filter(Boolean).at(-1) ?? '');
}

function names(slot: Slot, object: ApiObject): boolean {
  return slot.noun === object.type || (isAccountNoun(slot.noun) && isAccountNoun(object.type));
}

function parentValue(slot: Slot, object: ApiObject, all: readonly ApiObject[]): string | undefined {
  return object.keys[slot.name] ?? objectValue(slot, object.owner, all);
}

/** The key of some object that fits a slot: one of `owner`'s own if there is any, else one that everybody sees. */
export function objectValue(slot: Slot, owner: string | null, all: readonly ApiObject[]): string | undefined {
  const fitting = all.filter((object) => names(slot, object));
  const best = fitting.find((object) => object.owner === owner && owner !== null) ?? fitting.find((object) => object.owner === null);
  return best && keyFor(slot, best.type, best.keys);
}

/** Values for required parameters that name no object, from their default, enum or example, else made up. */
export function requiredValues(operation: Operation, place: Parameter['in'], token: (salt: string) => string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const parameter of operation.parameters) {
    if (parameter.in !== place || !parameter.required) continue;
    if (place === 'header' && /^(?:authorization|accept|content-type|cookie)$/i.test(parameter.name)) continue;
    values[parameter.name] = text(plainValue(parameter, token));
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
