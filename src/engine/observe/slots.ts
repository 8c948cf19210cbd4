import { isAccountNoun, isHollowSegment, isPlural, plainName, singular, wordsOf } from '../../model/names.ts';
import type { Operation, ParameterPlace } from '../../model/operation.ts';

/** A parameter that names an object. */
export interface Slot {
  readonly in: ParameterPlace;
  readonly name: string;
  /** Singular noun of what it names: `book`. */
  readonly noun: string;
}

/** An operation read as a sentence about objects. */
export interface Shape {
  /** Slots of the path in order; the last names the object, the others its parents. */
  readonly path: readonly Slot[];
  /** Query parameters that name an object: `?user_id=`. */
  readonly query: readonly Slot[];
  /** What the operation is about: the noun of its last meaningful literal segment. */
  readonly noun: string;
  /** Literal segments after the last path slot: `['password']` in `/users/{name}/password`. */
  readonly tail: readonly string[];
}

const queryKey = /^(.*?)[_-]?(?:id|uuid|guid|key|no|number|slug|username|email)$/i;
const pagingWords = new Set([
  'page',
  'api',
  'request',
  'correlation',
  'trace',
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

/** Reads an operation's path and query. */
export function shapeOf(operation: Operation): Shape {
  const segments =
    operation.path
      .split('?')[0]
      ?.split('/')
      .filter((segment) => segment !== '') ?? [];
  const path: Slot[] = [];
  let noun = '';
  let tail: string[] = [];
  for (const segment of segments) {
    const names = [...segment.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '');
    if (names.length === 0) {
      tail.push(segment);
      if (!isHollowSegment(segment)) noun = nounOf(segment);
      continue;
    }
    for (const name of names) path.push({ in: 'path', name, noun: noun || nounFromParameter(name) });
    tail = [];
  }
  const nouns = new Set(segments.filter((segment) => !segment.includes('{')).map(nounOf));
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap((parameter) => querySlot(parameter.name, nouns));
  return { path, query, noun, tail: tail.filter((segment) => !isHollowSegment(segment)) };
}

/** `nouns`: what the path speaks of. `device_id` names a device under `/devices`, and elsewhere the caller's own. */
function querySlot(name: string, nouns: ReadonlySet<string>): Slot[] {
  const stem = queryKey.exec(name)?.[1];
  if (stem === undefined) return isAccountNoun(singular(plainName(name))) ? [{ in: 'query', name, noun: singular(plainName(name)) }] : [];
  const words = wordsOf(stem);
  const last = words.at(-1);
  if (words.some((word) => pagingWords.has(word)) && !nouns.has(singular(last ?? ''))) return [];
  const noun = last === undefined || last === 'owner' || last === 'author' ? 'user' : singular(last);
  return [{ in: 'query', name, noun }];
}

/** `blog-posts` → `post`: the last word of a segment, singular. */
export function nounOf(segment: string): string {
  return singular(wordsOf(segment).at(-1) ?? segment.toLowerCase());
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
export function keysFor(slot: Slot, type: string, keys: Readonly<Record<string, string>>): readonly string[] {
  const byPlainName = new Map(Object.entries(keys).map(([name, value]) => [plainName(name), value]));
  const wanted = plainName(slot.name);
  // An account goes by the noun of its path: `/customers/{customerId}`.
  const noun = plainName(isAccountNoun(type) ? slot.noun : type);
  // `workOrderId` under `/work-orders`, whose noun is "order": what counts stands after the noun.
  const at = noun === '' ? -1 : wanted.lastIndexOf(noun);
  const bare = at === -1 ? wanted : wanted.slice(at + noun.length);
  const candidates = [wanted, `${noun}${wanted}`, bare];
  if (wanted === noun || bare === 'id' || bare === '' || /^(?:pk|key|uuid|guid|oid)$/.test(bare)) {
    candidates.push('id', '_id', 'uuid', 'guid', 'pk', `${noun}id`, `${noun}uuid`, 'objectid');
  }
  if (wanted === noun || bare === '') candidates.push('slug', 'username', 'name', 'title', 'handle', 'number', 'code');
  if (isAccountNoun(type) && /^(?:user|login|name|account|handle|username|userid|accountid|id)$/.test(wanted))
    candidates.push('id', 'userid', 'username', 'login');
  const values = candidates.flatMap((candidate) => (candidate === '' ? [] : (byPlainName.get(plainName(candidate)) ?? [])));
  return [...new Set(values)];
}

/** The likeliest of them; `undefined` when none fits. */
export function keyFor(slot: Slot, type: string, keys: Readonly<Record<string, string>>): string | undefined {
  return keysFor(slot, type, keys)[0];
}

const creationVerbs = /^(?:add|create|new|insert|make|store|save)$/i;

/** What a POST makes, as a singular noun; `undefined` when it does not look like a creation. */
export function creates(operation: Operation, all: readonly Operation[]): string | undefined {
  if (operation.method !== 'POST' || /[{}]$/.test(operation.path)) return undefined;
  const segments = operation.path.split('/').filter((segment) => segment !== '');
  const last = segments.at(-1) ?? '';
  if (creationVerbs.test(last)) {
    const before = segments.slice(0, -1).findLast((segment) => !segment.startsWith('{') && !isHollowSegment(segment));
    return before === undefined ? undefined : nounOf(before);
  }
  const meaningful = segments.findLast((segment) => !segment.startsWith('{') && !isHollowSegment(segment));
  if (meaningful === undefined) return undefined;
  const base = operation.path.replace(/\/$/, '');
  const hasItem = all.some((other) => other.path.startsWith(`${base}/{`) && /^\{[^/]+\}\/?$/.test(other.path.slice(base.length + 1)));
  const hasList = all.some((other) => other.method === 'GET' && other.path.replace(/\/$/, '') === base);
  const said = /\b(?:creates?|adds?|new|registers?|opens?|posts?|submits?)\b/i.test(
    `${operation.summary ?? ''} ${wordsOf(operation.operationId ?? '').join(' ')}`,
  );
  const afterSlot = segments.at(-2)?.startsWith('{') === true && !isPlural(last.toLowerCase());
  if (afterSlot && !hasItem && !hasList) return undefined;
  return hasItem || hasList || said || isPlural(last.toLowerCase()) ? nounOf(meaningful) : undefined;
}
