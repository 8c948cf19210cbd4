import { buildRequest } from '../../model/build-request.ts';
import { asksFor, bodyIn } from '../../model/graphql.ts';
import type { Answer, Request } from '../../model/http.ts';
import { headerOf } from '../../model/http.ts';
import { isObject, type Json } from '../../model/json.ts';
import { isServed } from '../../model/answer.ts';
import { wordsOf, singular, isAccountNoun } from '../../model/names.ts';
import type { Operation } from '../../model/operation.ts';
import { privilegeMark } from '../../model/privilege.ts';
import { sampleOf } from '../../model/sample.ts';
import { isDeleting } from '../../model/verbs.ts';
import type { Schema } from '../../model/schema.ts';
import type { ApiObject, MakePlan, Maker } from '../../model/world.ts';
import { addressOf, knownBeside, objectValue, requiredElsewhere, type Shapes } from './address.ts';
import { linkedValues } from './links.ts';
import { createdRecord, keysOf } from './records.ts';
import { likeBefore, mended, type Planted } from './mend-body.ts';
import { compound, nounsOf } from './nouns.ts';
import { bodySchemaOf, creates } from './slots.ts';

export interface MakerContext {
  readonly origin: string;
  readonly operations: readonly Operation[];
  readonly shapeFor: Shapes;
  readonly token: (salt: string) => string;
  /** The objects known so far; read at each use, since making goes in rounds. */
  readonly known: () => readonly ApiObject[];
}

/** A maker for each operation that looks like a creation, accounts excepted. */
export function makersOf(candidates: readonly Operation[], context: MakerContext): Maker[] {
  const nounFor = nounsOf(context.operations);
  return candidates.flatMap((operation): Maker[] => {
    const type = creates(operation, context.operations, nounFor);
    if (type === undefined || isAccountNoun(type)) return [];
    return [{ type, operation, make: (owner, salt, refusal) => makePlan(operation, type, { owner, salt, refusal }, context) }];
  });
}

interface Attempt {
  readonly owner: string;
  readonly salt: string;
  readonly refusal: Answer | undefined;
}

function makePlan(operation: Operation, type: string, { owner, salt, refusal }: Attempt, context: MakerContext): MakePlan | undefined {
  const shape = context.shapeFor(operation);
  const { path } = shape;
  const parents: Record<string, string> = {};
  for (const slot of path) {
    const value = objectValue(slot, owner, context.known());
    if (value === undefined) return undefined;
    parents[slot.name] = value;
  }
  const schema = bodySchemaOf(operation);
  const name = `make/${operation.id}/${owner}/${salt}`;
  const known = (property: string, at: Schema): Json | undefined =>
    reference(property, at, { owner, known: context.known(), operation, made: type });
  const sample = schema && sampleOf(schema, { token: context.token, salt: name, known, onlyRequired: salt.endsWith('/required') });
  const planted = plantedFor(operation, { body: sample?.value, markers: sample?.markers ?? [] }, { owner, salt, refusal }, context);
  if (!planted) return undefined;
  const { body } = planted;
  const request = buildRequest(context.origin, operation, {
    path: parents,
    ...requiredElsewhere(operation, context.token, { known: knownBeside(shape, owner, context.known()) }),
    ...(body === undefined ? {} : { body }),
  });
  const markers = planted.markers.filter((marker) => marker.value.length >= 8);
  const object = (answer: Answer): ApiObject | undefined => {
    if (answer.kind === 'silence' || !isServed(answer)) return undefined;
    const record = createdRecord(answer, type, body ?? null);
    const keys = {
      ...parents,
      ...(isObject(body) ? keysOf(body) : {}),
      ...locationKeys(headerOf(answer.response.headers, 'location'), context),
      ...record?.keys,
    };
    return {
      id: `${type} of ${owner}${salt === '' ? '' : ` (${salt})`}`,
      type,
      owner,
      keys,
      markers,
      learned: 'made',
      madeBy: answer,
      ...(operation.links.length > 0 ? { links: linkedValues(operation, answer, context.operations) } : {}),
      ...(record ? { record: record.value } : {}),
    };
  };
  const undo = (answer: Answer): Request | undefined => {
    const made = object(answer);
    return made && undoOf(made, context);
  };
  return { call: { as: owner, operation: operation.id, request, makes: { type, undo } }, markers, sent: body ?? null, object };
}

/** The body to send: like the one that was taken before, else as the sample says, mended where an answer refused that. */
function plantedFor(
  operation: Operation,
  sample: Planted,
  { owner, salt, refusal }: Attempt,
  { token, known }: MakerContext,
): Planted | undefined {
  const fresh = (name: string): string => token(`make/${operation.id}/${owner}/${salt}/${name}`);
  if (refusal) return mended(sample, refusal, fresh);
  const before = known().find((object) => object.owner === owner && object.madeBy && isBuiltFor(operation, object.madeBy.request));
  const sent = before?.madeBy && bodyIn(operation, before.madeBy.request);
  return before && sent !== undefined
    ? likeBefore(sample, { sent, markers: before.markers }, fresh)
    : { body: sample.body ?? (operation.body ? {} : undefined), markers: sample.markers };
}

function isBuiltFor({ graphql, path }: Operation, request: Request): boolean {
  return graphql ? asksFor(graphql, request) : isInstance(request.path, path);
}

function isInstance(path: string, template: string): boolean {
  const [given, wanted] = [path.split('?')[0]?.split('/') ?? [], template.split('/')];
  return given.length === wanted.length && wanted.every((segment, at) => segment.includes('{') || segment === given[at]);
}

/** What the Location of a new object tells of its keys: the parameters of the operation that it leads to, else an id. */
function locationKeys(location: string | undefined, { origin, operations }: MakerContext): Record<string, string> {
  const path = location === undefined || !URL.canParse(location, origin) ? '' : new URL(location, origin).pathname.replace(/\/$/, '');
  const given = path.split('/').map(decodeSegment);
  const last = given.at(-1);
  if (last === undefined || last === '') return {};
  const template = operations.find((operation) => /\/\{[^{}/]+\}$/.test(operation.path) && isInstance(path, operation.path))?.path ?? '';
  const named = template.split('/').flatMap((segment, at) => (/^\{.*\}$/.test(segment) ? [[segment.slice(1, -1), given[at] ?? '']] : []));
  return { id: last, ...Object.fromEntries(named) };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The request that deletes an object, when some operation does just that. */
export function undoOf(object: ApiObject, context: MakerContext): Request | undefined {
  // What is meant for administrators is not how an owner removes his own.
  const isReserved = (operation: Operation): number => (privilegeMark(operation) === undefined ? 0 : 1);
  for (const operation of context.operations.toSorted((left, right) => isReserved(left) - isReserved(right))) {
    const { path, tail } = context.shapeFor(operation);
    if (!isDeleting(operation) || (path.length > 0 && tail.length > 0)) continue;
    const address = addressOf(operation, object, context.known(), context.shapeFor, context.token);
    if (address && address.slots.length > 0) return buildRequest(context.origin, operation, address.values);
  }
  return undefined;
}

/** Who refers to an object, and where. */
interface Referring {
  readonly owner: string;
  readonly known: readonly ApiObject[];
  readonly operation: Operation;
  /** What the operation makes. */
  readonly made: string;
}

/** What `work_order_id` refers to: a work order where there are such, else an order. */
function referred(words: readonly string[], known: readonly ApiObject[]): string {
  const whole = compound(words.join('_'));
  return known.some(({ type }) => type === whole) ? whole : singular(words.at(-1) ?? '');
}

/** The value of a property that refers to another object, such as `project_id`: the owner's own, else one that all see. */
function reference(property: string, schema: Schema, { owner, known, operation, made }: Referring): Json | undefined {
  // The source of the target says what is looked up by it: its own kind is looked up to find whether the name is taken.
  const hinted = operation.hints?.keys.find(
    ({ in: place, name, type: looked }) => place === 'body' && name === property && looked !== made && !isAccountNoun(looked),
  )?.type;
  const words = wordsOf(property);
  const last = words.at(-1);
  if (hinted === undefined && (words.length < 2 || (last !== 'id' && last !== 'uuid' && last !== 'key'))) return undefined;
  const stem = words.at(-2) ?? '';
  const noun = hinted ?? (/^(?:owner|author|creator|assignee|by)$/.test(stem) ? 'user' : referred(words.slice(0, -1), known));
  const value = objectValue({ in: 'query', name: property, noun }, owner, known);
  if (value === undefined) return undefined;
  const isNumber = schema.types.includes('integer') || schema.types.includes('number');
  // Where no type is known, what looks like a number is one: text in its place is refused more often than the other way round.
  return isNumber || (schema.types.length === 0 && /^\d{1,15}$/.test(value)) ? Number(value) : value;
}
