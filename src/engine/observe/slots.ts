import { isCredentialCookie, isCredentialHeader, isTenantHeader } from '../../model/credential-place.ts';
import { escapePointer } from '../../model/json.ts';
import { isAccountNoun, isHollowSegment, isPlural, nounOf, plainName, singular, wordsOf } from '../../model/names.ts';
import type { Operation, Parameter } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import { isSameSlot, nameOfSlot, type Slot } from '../../model/slot.ts';
import { isChanging, isDeleting } from '../../model/verbs.ts';
import type { NounOf } from './nouns.ts';
import { isReading, isReadingWord } from './reading.ts';

/** A place in a request that names an object. */
export interface NamingSlot extends Slot {
  /** Singular noun of what it names: `book`. */
  readonly noun: string;
  /** The property of the object that it is compared with, as the source of the target says. */
  readonly field?: string;
}

/** An operation read as a sentence about objects. */
export interface Shape {
  /** Slots of the path in order; the last names the object, the others its parents. */
  readonly path: readonly NamingSlot[];
  /** Query parameters, headers, cookies and places in the body that name an object: `?user_id=`, `X-Order-Id`, `{"orderId": …}`. */
  readonly beside: readonly NamingSlot[];
  /** What the operation is about: the noun of its last meaningful literal segment. */
  readonly noun: string;
  /** Every word of its literal segments, singular. */
  readonly nouns: ReadonlySet<string>;
  /** Literal segments after the last path slot: `['password']` in `/users/{name}/password`. */
  readonly tail: readonly string[];
}

const idKey = /^(.*?)[_-]?(?:id|uuid|guid|key|no|number|slug|username|email)$/i;
const pagingWords = new Set([
  'page',
  'api',
  'request',
  'correlation',
  'trace',
  'span',
  'session',
  'client',
  'device',
  'cursor',
  'last',
  'next',
  'after',
  'before',
  'transaction',
  'idempotency',
]);

/** Reads an operation's path, parameters and body. */
export function shapeOf(operation: Operation, nounFor: NounOf = nounOf): Shape {
  const segments =
    operation.path
      .split('?')[0]
      ?.split('/')
      .filter((segment) => segment !== '') ?? [];
  const path: NamingSlot[] = [];
  let noun = '';
  let tail: string[] = [];
  for (const segment of segments) {
    const names = [...segment.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '');
    if (names.length === 0) {
      tail.push(segment);
      // `/orders/search` is about orders.
      if (!isHollowSegment(segment) && (noun === '' || !isReadingWord(segment.toLowerCase()))) noun = nounFor(segment);
      continue;
    }
    for (const name of names) path.push({ in: 'path', name, noun: noun || nounFromParameter(name), ...fieldOf(name, operation) });
    tail = [];
  }
  const nouns = new Set(
    segments.filter((segment) => !segment.includes('{')).flatMap((segment) => [...wordsOf(segment).map(singular), nounFor(segment)]),
  );
  const about = subjectOf(segments, nounFor) ?? noun;
  // What changes an object that its path names is told of others in its body, not of the object.
  const isCalled = operation.method === 'POST' && tail.some((segment) => verbs.test(wordsOf(segment)[0] ?? ''));
  const isTold = path.length === 0 || isCalled || isReading(operation);
  const inBody = isTold ? bodySlots(operation, nouns, about) : [];
  const named = [...operation.parameters.flatMap((parameter) => parameterSlot(parameter, nouns, about)), ...inBody].map((slot) => {
    const stem = idKey.exec(nameWithin(slot))?.[1] ?? '';
    return stem !== '' && nounFor(stem) !== nounOf(stem) ? { ...slot, noun: nounFor(stem) } : slot;
  });
  const hinted = hintedSlots(operation, isTold);
  const beside = [...named, ...hinted.filter((slot) => !named.some((other) => isSameSlot(slot, other)))];
  return { path, beside, noun, nouns, tail: tail.filter((segment) => !isHollowSegment(segment)) };
}

function fieldOf(variable: string, { hints }: Operation): { readonly field?: string } {
  const field = hints?.keys.find(({ in: place, name }) => place === 'path' && name === variable)?.field;
  return field === undefined ? {} : { field };
}

/** Places by which the source of the target looks objects up, whatever they are called. */
function hintedSlots({ hints, parameters, body }: Operation, hasBodySlots: boolean): NamingSlot[] {
  return (hints?.keys ?? []).flatMap(({ in: place, name, type, field }): NamingSlot[] => {
    if (place === 'path') return [];
    if (place === 'body') return hasBodySlots && body ? [{ in: place, name: `/${escapePointer(name)}`, noun: type, field }] : [];
    return parameters.some((parameter) => parameter.in === place && parameter.name === name)
      ? [{ in: place, name, noun: type, field }]
      : [];
  });
}

const verbs =
  /^(?:update|edit|change|modify|rename|delete|remove|cancel|close|archive|approve|reject|publish|pay|confirm|complete|ship|activate|share|transfer|bulk|batch)$/;

/** What a path is about when it ends in a verb: `/orders/cancel` is about an order. */
function subjectOf(segments: readonly string[], nounFor: NounOf): string | undefined {
  const literal = segments.findLast(
    (segment) =>
      !segment.includes('{') && !isHollowSegment(segment) && !isReadingWord(segment.toLowerCase()) && !verbs.test(segment.toLowerCase()),
  );
  return literal === undefined ? undefined : nounFor(literal);
}

function parameterSlot({ in: place, name }: Parameter, nouns: ReadonlySet<string>, about: string): NamingSlot[] {
  switch (place) {
    case 'path':
      return [];
    case 'query':
      return slotNamed({ in: place, name }, severalIds.test(name) ? singularName(name) : name, nouns, about);
    case 'header':
      if (isTenantHeader(name)) return [{ in: place, name, noun: 'tenant' }];
      return isCredentialHeader(name) ? [] : slotNamed({ in: place, name }, name.replace(/^x-/i, ''), nouns, about);
    case 'cookie':
      return isCredentialCookie(name, '') ? [] : slotNamed({ in: place, name }, name, nouns);
  }
}

const severalIds = /(?:id|uuid|guid|key|slug|email|username|number)s$/i;
const mostBodySlots = 24;
const hollowProperties =
  /^(?:data|params?|parameters|args?|arguments|input|variables|filters?|where|query|payload|body|request|attributes|criteria|options|search)$/i;

/** Places in a JSON or form body that name objects, to a depth of 4. A property named like a thing names what stands in it: `order.id`. */
function bodySlots(operation: Operation, nouns: ReadonlySet<string>, about: string): NamingSlot[] {
  const found: NamingSlot[] = [];
  const walk = (schema: Schema, pointer: string, noun: string, depth: number): void => {
    for (const [name, property] of schema.properties) {
      if (found.length >= mostBodySlots) return;
      const at = `${pointer}/${escapePointer(name)}`;
      if (property.properties.size > 0) {
        if (depth < 4) walk(property, at, hollowProperties.test(name) ? noun : nounOf(name), depth + 1);
      } else if (property.items) {
        if (property.items.properties.size === 0 && severalIds.test(name))
          found.push(...slotNamed({ in: 'body', name: `${at}/0` }, singularName(name), nouns, noun));
      } else if (!property.types.includes('boolean')) found.push(...slotNamed({ in: 'body', name: at }, name, nouns, noun));
    }
  };
  const schema = bodySchemaOf(operation);
  if (schema) walk(schema, '', about, 1);
  return found;
}

function singularName(name: string): string {
  return name.replace(/s$/i, '');
}

/** True for a slot without which the operation cannot be called. */
export function isRequiredSlot(operation: Operation, slot: Slot): boolean {
  const schema = slot.in === 'body' ? bodySchemaOf(operation) : undefined;
  if (schema) return isRequiredAt(schema, slot.name);
  return operation.parameters.some(({ name, in: place, required }) => required && place === slot.in && name === slot.name);
}

function isRequiredAt(schema: Schema, pointer: string): boolean {
  let at: Schema | undefined = schema;
  for (const token of pointer.split('/').slice(1)) {
    if (/^\d+$/.test(token)) return true;
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (at?.required.has(name) !== true) return false;
    at = at.properties.get(name);
  }
  return true;
}

/** The schema of the JSON (or form) body of an operation. */
export function bodySchemaOf(operation: Operation): Schema | undefined {
  const contents = operation.body?.contents ?? [];
  return (
    contents.find((content) => /[/+]json\b/i.test(content.mediaType)) ??
    contents.find((content) => /form/i.test(content.mediaType)) ??
    contents[0]
  )?.schema;
}

/**
 * `nouns`: what the path speaks of; `device_id` names a device under `/devices`, and elsewhere the caller's own. `about`: what a bare
 * `id` names; without it, an account.
 */
function slotNamed(slot: Slot, name: string, nouns: ReadonlySet<string>, about = ''): NamingSlot[] {
  const stem = idKey.exec(name)?.[1];
  if (stem === undefined) {
    const noun = singular(plainName(name));
    return isAccountNoun(noun) || (slot.in !== 'query' && noun === about) ? [{ ...slot, noun }] : [];
  }
  const words = wordsOf(stem);
  const last = words.at(-1);
  if (words.some((word) => pagingWords.has(word)) && !nouns.has(singular(last ?? ''))) return [];
  if (last === undefined) return [{ ...slot, noun: about !== '' && !/^(?:username|email)$/i.test(name) ? about : 'user' }];
  return [{ ...slot, noun: last === 'owner' || last === 'author' ? 'user' : singular(last) }];
}

function nounFromParameter(name: string): string {
  const words = wordsOf(name);
  const stem =
    words.length > 1 && /^(?:id|uuid|guid|key|slug|name|title|no|number)$/.test(words.at(-1) ?? '') ? words.at(-2) : words.at(-1);
  return stem === undefined || stem === 'id' ? 'object' : singular(stem);
}

/**
 * The keys of an object that a parameter may take, likeliest first: its name compared with the object's key names, first to the letter, then
 * without the noun, then by the usual names of ids.
 */
export function keysFor(slot: NamingSlot, type: string, keys: Readonly<Record<string, string>>): readonly string[] {
  const byPlainName = new Map(Object.entries(keys).map(([name, value]) => [plainName(name), value]));
  const wanted = plainName(nameWithin(slot));
  // An account goes by the noun of its path: `/customers/{customerId}`.
  const noun = plainName(isAccountNoun(type) ? slot.noun : type);
  // `workOrderId` under `/work-orders`, whose noun is "order": what counts stands after the noun.
  const at = noun === '' ? -1 : wanted.lastIndexOf(noun);
  const bare = at === -1 ? wanted : wanted.slice(at + noun.length);
  const candidates = [wanted, `${noun}${wanted}`, bare];
  if (wanted === noun || bare === 'id' || bare === '' || /^(?:pk|key|uuid|guid|oid)$/.test(bare)) {
    candidates.push('id', '_id', 'uuid', 'guid', 'pk', `${noun}id`, `${noun}uuid`, 'objectid');
  }
  // What was learned from a Location goes by the name of the parameter that it fills, or by `id`.
  if (bare === 'slug') candidates.push(noun, 'id');
  // Some call a name an id: it is the last to be tried.
  if (wanted === noun || bare === '' || bare === 'id') candidates.push('slug', 'username', 'name', 'title', 'handle', 'number', 'code');
  if (isAccountNoun(type) && /^(?:user|login|name|account|handle|username|userid|accountid|id)$/.test(wanted))
    candidates.push('id', 'userid', 'username', 'login');
  if (slot.field !== undefined)
    candidates.push(slot.field, ...(/^_?(?:id|pk|oid|key)$/i.test(slot.field) ? ['id', '_id', `${noun}id`] : []));
  const values = candidates.flatMap((candidate) => (candidate === '' ? [] : (byPlainName.get(plainName(candidate)) ?? [])));
  return [...new Set(values)];
}

/** The name of what a slot takes: `X-Order-Id` takes an order id, `/ids/0` an id. */
function nameWithin(slot: Slot): string {
  const name = nameOfSlot(slot);
  if (slot.in === 'header') return name.replace(/^x-/i, '');
  return (slot.in === 'body' && /\/\d+$/.test(slot.name)) || (slot.in === 'query' && severalIds.test(name)) ? singularName(name) : name;
}

/** The likeliest of them; `undefined` when none fits. */
export function keyFor(slot: NamingSlot, type: string, keys: Readonly<Record<string, string>>): string | undefined {
  return keysFor(slot, type, keys)[0];
}

const creationVerbs = /^(?:add|create|new|insert|make|store|save)$/i;

interface Bases {
  /** Paths below which one more slot names an item. */
  readonly items: ReadonlySet<string>;
  /** Paths that can be read. */
  readonly lists: ReadonlySet<string>;
}

// Each operation asks, and descriptions have tens of thousands.
const bases = new WeakMap<readonly Operation[], Bases>();

function basesOf(all: readonly Operation[]): Bases {
  const known = bases.get(all);
  if (known) return known;
  const items = all.flatMap(({ path }) => /^(.*)\/\{[^/]+\}\/?$/.exec(path)?.[1] ?? []);
  const lists = all.filter(({ method }) => method === 'GET').map(({ path }) => path.replace(/\/$/, ''));
  const found = { items: new Set(items), lists: new Set(lists) };
  bases.set(all, found);
  return found;
}

/** What a POST makes, as a singular noun; `undefined` when it does not look like a creation. */
export function creates(operation: Operation, all: readonly Operation[], nounFor: NounOf = nounOf): string | undefined {
  if (operation.method !== 'POST' || /[{}]$/.test(operation.path) || isReading(operation) || isChanging(operation) || isDeleting(operation))
    return undefined;
  const segments = operation.path.split('/').filter((segment) => segment !== '');
  const last = segments.at(-1) ?? '';
  if (creationVerbs.test(last)) {
    const before = segments.slice(0, -1).findLast((segment) => !segment.startsWith('{') && !isHollowSegment(segment));
    return before === undefined ? undefined : nounFor(before);
  }
  const literals = segments.filter((segment) => !segment.startsWith('{') && !isHollowSegment(segment));
  const meaningful = literals.at(-1);
  // `POST /posts/close` closes a post.
  if (meaningful === undefined || (literals.length > 1 && verbs.test(meaningful.toLowerCase()))) return undefined;
  const base = operation.path.replace(/\/$/, '');
  const { items, lists } = basesOf(all);
  const hasItem = items.has(base);
  const hasList = lists.has(base);
  const said = /\b(?:creates?|adds?|new|registers?|opens?|posts?|submits?)\b/i.test(
    `${operation.summary ?? ''} ${wordsOf(operation.operationId ?? '').join(' ')}`,
  );
  const afterSlot = segments.at(-2)?.startsWith('{') === true && !isPlural(last.toLowerCase());
  if (afterSlot && !hasItem && !hasList) return undefined;
  return hasItem || hasList || said || isPlural(last.toLowerCase()) ? nounFor(meaningful) : undefined;
}
