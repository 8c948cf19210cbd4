import { typeNoun } from '../model/graphql.ts';
import { jsonOf, type Answer } from '../model/http.ts';
import { objects, type Json, type JsonObject } from '../model/json.ts';
import { isAccountNoun, plainName } from '../model/names.ts';
import type { Operation } from '../model/operation.ts';
import { isPower, isPowerProperty, isPrivilegedProperty } from '../model/privilege.ts';
import type { Schema } from '../model/schema.ts';
import type { Access, ApiObject, Look, World } from '../model/world.ts';
import type { Call } from '../model/identity.ts';
import { isServed } from '../model/answer.ts';

/** A property that a caller should not decide, seen in answers, with the value it has by itself and one to try. */
export interface Candidate {
  readonly name: string;
  readonly usual: Json;
  readonly tried: Json;
  /** The description offers it in the request. */
  readonly declared?: true;
}

/** A request whose answer shows the object with the property. */
export interface Reader {
  readonly call: Call;
  readonly record: JsonObject;
}

/** Ways to read an object back, richest first: its own GET, "me", lists that hold it, under whatever object they stand. */
export function recordReaders(world: World, object: ApiObject): Reader[] {
  const names = namingValues(object);
  const isNear = (access: Access): boolean =>
    access.object.id === object.id || (object.learned === 'made' && access.object.owner === object.owner);
  const fromAccesses = world.accesses.filter((access) => access.baseline && isNear(access));
  const baselines = [
    ...fromAccesses.map((access) => access.baseline),
    ...world.looks.filter((look) => look.as === object.owner || look.as === null).map((look: Look) => look.baseline),
  ];
  const readers = baselines.flatMap((baseline): Reader[] => {
    const [answer] = baseline?.answers ?? [];
    const record = answer && isServed(answer) ? recordWith(answer, names) : undefined;
    return baseline && record ? [{ call: baseline.call, record }] : [];
  });
  // An order that names its owner is not the owner's account: the value stands under another name there.
  const own = readers.filter(({ record }) => isItself(record, object));
  return (own.length > 0 ? own : readers).sort((left, right) => Object.keys(right.record).length - Object.keys(left.record).length);
}

function isItself(record: JsonObject, object: ApiObject): boolean {
  const named = [...object.markers.map(({ field, value }) => [field, value]), ...Object.entries(object.keys)];
  const known = new Set(named.map(([name = '', value = '']) => `${plainName(name)} ${value}`));
  return Object.entries(record).some(([name, value]) => typeof value === 'string' && known.has(`${plainName(name)} ${value}`));
}

/** The values by which an object is told from others in an answer. */
export function namingValues(object: ApiObject): string[] {
  const markers = object.markers.map((marker) => marker.value);
  return markers.length > 0 ? markers : Object.values(object.keys).filter((key) => key.length >= 4);
}

/** The innermost object of an answer that carries one of the values itself. */
export function recordWith(answer: Answer, values: readonly string[]): JsonObject | undefined {
  const json = answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  if (json === undefined) return undefined;
  return objects(json).findLast(({ value }) => Object.values(value).some((item) => typeof item === 'string' && values.includes(item)))
    ?.value;
}

/**
 * The properties of a record that are worth trying: privileged by name, read-only by description, or the server's own by the target's
 * source, and not the caller's to send.
 * Of those that the description offers, only `powers` are, and only where an account changes itself: a form for signing up, or for
 * members of a team, may be an administrator's.
 */
export function candidatesOf(
  record: JsonObject,
  operation: Operation,
  schema: Schema | undefined,
  offered: 'nothing' | 'powers' = 'nothing',
  limit = 6,
): Candidate[] {
  const declared = new Map([...(schema?.properties ?? [])].map(([name, property]) => [plainName(name), property]));
  const readOnly = readOnlyNames(operation);
  const isOffered = (name: string): boolean => declared.get(plainName(name))?.readOnly === false;
  return Object.entries(record)
    .filter(([name, usual]) => {
      if (operation.graphql) return declared.has(plainName(name)) && isPowerOfAccounts(name, record);
      if (isOffered(name)) return offered === 'powers' && usual === false && isPower(name);
      return isPrivilegedProperty(name) || readOnly.has(plainName(name)) || operation.hints?.assignable.includes(name) === true;
    })
    .flatMap(([name, usual]): Candidate[] => {
      const choices = operation.graphql ? declared.get(plainName(name))?.enum : undefined;
      const tried = choices ? privilegedChoice(choices, usual) : elevated(name, usual);
      return tried === undefined ? [] : [{ name, usual, tried, ...(isOffered(name) ? { declared: true as const } : {}) }];
    })
    .slice(0, limit);
}

/**
 * GraphQL takes nothing that it does not declare, and input types are often generated from the stored ones; so what counts there is
 * whether an account may give itself power.
 */
function isPowerOfAccounts(name: string, record: JsonObject): boolean {
  const type = record['__typename'];
  return typeof type === 'string' && isAccountNoun(typeNoun(type)) && isPowerProperty(name);
}

/** Names that the answer's schema marks `readOnly`; ids and times among them are the server's and prove nothing. */
function readOnlyNames(operation: Operation): Set<string> {
  const names = new Set<string>();
  for (const { contents } of operation.responses) {
    for (const { schema } of contents) {
      for (const [name, property] of schema?.properties ?? [])
        if (property.readOnly && !/^_?id$|_at$|At$|date/i.test(name)) names.add(plainName(name));
    }
  }
  return names;
}

/** Of the values that a type allows, the one that says most. */
function privilegedChoice(choices: readonly Json[], usual: Json): Json | undefined {
  return choices.find(
    (choice) =>
      choice !== usual && typeof choice === 'string' && /^(?:super_?)?(?:admin|user_?admin|root|owner|staff|administrator)$/i.test(choice),
  );
}

function elevated(name: string, usual: Json): Json | undefined {
  if (typeof usual === 'boolean') return !usual;
  if (typeof usual === 'number') return /id$/i.test(name) ? undefined : usual + 7919;
  if (typeof usual !== 'string') return undefined;
  if (/role|type|level|group|scope|permission/i.test(name)) return usual === 'admin' ? undefined : 'admin';
  if (/plan|tier|subscription/i.test(name)) return usual === 'enterprise' ? undefined : 'enterprise';
  return undefined;
}
