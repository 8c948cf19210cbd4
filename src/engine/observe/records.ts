import { typeNoun } from '../../model/graphql.ts';
import type { Answer } from '../../model/http.ts';
import { jsonOf } from '../../model/http.ts';
import { isObject, objects, type Json, type JsonObject } from '../../model/json.ts';
import { isAccountNoun, plainName, singular, wordsOf, isPlural } from '../../model/names.ts';
import { compound } from './nouns.ts';

/** An object found in an answer. */
export interface ApiRecord {
  /** Singular noun. */
  readonly type: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly value: JsonObject;
  readonly pointer: string;
}

const wrappers = new Set([
  'data',
  'item',
  'items',
  'result',
  'results',
  'content',
  'contents',
  'record',
  'records',
  'list',
  'row',
  'rows',
  'doc',
  'docs',
  'document',
  'entry',
  'entries',
  'hit',
  'hits',
  'value',
  'values',
  'response',
  'payload',
  'body',
  'object',
  'objects',
  'page',
  'collection',
  'embedded',
  'nodes',
  'node',
  'edges',
]);

/** The API objects in an answer: each JSON object with a key, typed by the property it stands under, else by `noun`. */
export function recordsOf(answer: Answer, noun: string, limit = 500): ApiRecord[] {
  const json = answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  if (json === undefined) return [];
  const found: ApiRecord[] = [];
  for (const { pointer, value } of objects(json, 5_000)) {
    const keys = keysOf(value);
    if (Object.keys(keys).length === 0) continue;
    found.push({ type: typeOf(value) ?? typeAt(pointer, noun), keys, value, pointer });
    if (found.length >= limit) break;
  }
  return found;
}

/** GraphQL objects name their type. */
function typeOf({ __typename: type }: JsonObject): string | undefined {
  return typeof type === 'string' && type !== '' ? typeNoun(type) : undefined;
}

function typeAt(pointer: string, noun: string): string {
  const names = pointer.split('/').filter((token) => token !== '' && !/^\d+$/.test(token));
  const name = names.findLast((token) => !wrappers.has(plainName(token)));
  if (name === undefined) return noun;
  const type = singular(wordsOf(name).at(-1) ?? noun);
  // Where all words of a noun count, a list of such may still go by the last.
  const isNoun =
    noun !== type && noun.endsWith(type) && (compound(name) === noun || (compound(name) === type && isPlural(name.toLowerCase())));
  return isNoun ? noun : type;
}

/** The scalar properties of an object that could name it. MongoDB's `{"$oid": …}` counts as its text. */
export function keysOf(value: JsonObject): Record<string, string> {
  const keys: Record<string, string> = {};
  for (const [name, item] of Object.entries(value)) {
    if (name === '__typename') continue;
    const scalar = isObject(item) && typeof item['$oid'] === 'string' ? item['$oid'] : item;
    if (typeof scalar === 'string' && scalar !== '' && scalar.length <= 200) keys[name] = scalar;
    else if (typeof scalar === 'number' && Number.isInteger(scalar)) keys[name] = String(scalar);
  }
  return keys;
}

const idNames = ['id', '_id', 'uuid', 'guid', 'pk', 'oid'];

/** What tells one object of a type from another: what paths name it by (`named`), its id under the usual names, else its slug, username, e-mail, name or title. */
export function identifierOf(type: string, keys: Readonly<Record<string, string>>, named: readonly string[] = []): string | undefined {
  const byName = new Map(Object.entries(keys).map(([name, value]) => [plainName(name), value]));
  const candidates = [
    ...idNames,
    `${type}id`,
    `${type}uuid`,
    ...named,
    'slug',
    ...(isAccountNoun(type) ? ['username', 'email', 'login'] : []),
    'number',
    'code',
    'key',
    'title',
    `${type}title`,
    'name',
    `${type}name`,
    'username',
    'email',
  ];
  for (const candidate of candidates) {
    const value = byName.get(plainName(candidate));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The record that a creating answer describes: the one that carries what was sent, else the outermost that is named, or has a key. */
export function createdRecord(answer: Answer, type: string, sent: Json): ApiRecord | undefined {
  const records = recordsOf(answer, type);
  const texts = isObject(sent) ? Object.values(keysOf(sent)).filter((text) => text.length >= 8) : [];
  const carries = (record: ApiRecord): boolean => texts.some((text) => Object.values(record.keys).includes(text));
  return records.find(carries) ?? records.find((record) => identifierOf(type, record.keys) !== undefined) ?? records[0];
}
