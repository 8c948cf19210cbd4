import { isServed } from '../model/answer.ts';
import { buildRequest } from '../model/build-request.ts';
import type { AnyCheck, Check, ObjectSubject, Probes, Subject } from '../model/check.ts';
import { contentOf } from '../model/graphql.ts';
import { jsonOf, type Answer, type Exchange } from '../model/http.ts';
import type { Call } from '../model/identity.ts';
import { isObject, leaves, shapePointer } from '../model/json.ts';
import type { Operation } from '../model/operation.ts';
import { plainName } from '../model/names.ts';
import { absentId } from '../model/id-kind.ts';
import { decisionOf } from '../model/permissions.ts';
import { valueAt, withValue } from '../model/slot.ts';
import type { Access, ApiObject, Baseline, Marker, ParameterValues, World } from '../model/world.ts';

/** Checks the types of a check and forgets them: `plan` names probes, and those names type the results of `judge`. */
export function defineCheck<S extends Subject, P extends Probes>(check: Check<S, P> & { readonly subject: S['kind'] }): AnyCheck {
  return check as unknown as AnyCheck;
}

/** A call of an operation with the given values, in somebody's name. */
export function call(world: World, operation: Operation, values: ParameterValues, as: string | null): Call {
  return { as, operation: operation.id, request: buildRequest(world.surface.origin, operation, values) };
}

/** The subject's own request in somebody's name. */
export function asCaller(subject: ObjectSubject, as: string | null, values: ParameterValues = subject.access.values): Call {
  return call(subject.world, subject.operation, values, as);
}

/** The values of an access with the id of an object that does not exist, of the same kind. */
export function absentValues({ slots, values }: Access, token: (salt: string) => string, turn = 1): ParameterValues {
  return slots.reduce((changed, slot) => {
    const value = valueAt(values, slot);
    return value === undefined ? changed : withValue(changed, slot, absentId(value, token(`absent/${turn}`)));
  }, values);
}

/** The body of an answer; '' when there is none. */
export function bodyOf(answer: Answer | undefined): string {
  return answer?.kind === 'exchange' ? answer.response.body : '';
}

/** True when somebody sees a text at an operation that needs no object: in lists, at "me". */
export function sees(world: World, as: string | null, text: string): boolean {
  return world.looks.some((look) => look.as === as && look.baseline.answers.some((answer) => bodyOf(answer).includes(text)));
}

/** Everything planted in what `owner` owns. */
export function markersOf(world: World, owner: string): readonly Marker[] {
  return world.objects.filter((object) => object.owner === owner).flatMap((object) => object.markers);
}

/** The owner's markers in an answer: content, whatever the status. What the request itself carried is an echo and does not count. */
export function markersIn(answer: Answer | undefined, markers: readonly Marker[]): readonly Marker[] {
  if (answer?.kind !== 'exchange') return [];
  const sent = decoded(answer.request.path) + (answer.request.body ?? '');
  return markers.filter((marker) => answer.response.body.includes(marker.value) && !sent.includes(marker.value));
}

function decoded(path: string): string {
  try {
    return path + decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** True when two answers carry the same content, apart from noise. */
export function sameContent(left: Answer | undefined, right: Answer | undefined, noise: ReadonlySet<string> = new Set()): boolean {
  if (left?.kind !== 'exchange' || right?.kind !== 'exchange') return false;
  return contentKey(left, noise) === contentKey(right, noise);
}

function contentKey(exchange: Exchange, noise: ReadonlySet<string>): string {
  const json = jsonOf(exchange.response);
  if (json === undefined) return exchange.response.body;
  const content = leaves(json, 5_000).filter((leaf) => !noise.has(shapePointer(leaf.pointer)));
  return JSON.stringify(content.map((leaf) => [leaf.pointer, leaf.value]));
}

/** Values that only the owner was seen to get: long enough to tell, not noise, and nowhere in what the stranger or anybody sees. */
export function privateValues(world: World, baseline: Baseline, stranger: string | null): readonly Marker[] {
  const [answer] = baseline.answers;
  const json = answer?.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  if (json === undefined) return [];
  return leaves(json, 2_000)
    .filter((leaf) => leaf.name !== '__typename' && telling(leaf.value) && !baseline.noise.has(shapePointer(leaf.pointer)))
    .map((leaf) => ({ field: leaf.name, value: String(leaf.value) }))
    .filter((marker) => !sees(world, null, marker.value) && (stranger === null || !sees(world, stranger, marker.value)));
}

function telling(value: string | number | boolean | null): boolean {
  if (typeof value === 'string') return value.length >= 6 && !/^(?:https?:\/\/|\d{4}-\d\d-\d\d)/.test(value);
  return typeof value === 'number' && Math.abs(value) >= 10_000;
}

/** The answer of the first step of a probe. */
export function first(answers: readonly Answer[] | undefined): Answer | undefined {
  return answers?.[0];
}

/** A way for the owner to read an object back: an item operation if it served the owner before, else a list that showed it. */
export function readersOf(world: World, object: ApiObject): { readonly call: Call; readonly baseline: Baseline }[] {
  const items = world.accesses.filter((access) => access.object.id === object.id && access.baseline?.answers.every(isServed) === true);
  // A marker stands for this object alone; a key such as the owner's name stands in other places too.
  const texts = object.markers.length > 0 ? object.markers.map((marker) => marker.value) : Object.values(object.keys);
  const shows = (baseline: Baseline | undefined): boolean =>
    texts.some((text) => text.length >= 4 && baseline?.answers.some((answer) => bodyOf(answer).includes(text)) === true);
  const lists = [
    ...world.looks.filter((look) => look.as === object.owner),
    // A list under another object of the owner's, such as the project of a task.
    ...(object.markers.length > 0
      ? world.accesses.filter((access) => access.object.owner === object.owner && access.baseline !== undefined)
      : []),
  ];
  // Whoever shows most of it shows the object itself, and not what merely names it.
  const known = [...new Set([...texts, ...Object.values(object.keys)])].filter((text) => text.length >= 4);
  const shown = (baseline: Baseline): number => known.filter((text) => bodyOf(baseline.answers[0]).includes(text)).length;
  return [...items.map((access) => access.baseline), ...lists.map((list) => list.baseline).filter(shows)]
    .flatMap((baseline) => (baseline ? [{ call: baseline.call, baseline }] : []))
    .sort((left, right) => shown(right.baseline) - shown(left.baseline));
}

const namingNames = new Set(['id', 'uuid', 'guid', 'pk', 'oid', 'slug', 'number', 'code', 'key', 'title', 'name', 'username', 'email']);

/**
 * The values by which an object itself is named. What else it holds (a status, a date, the id of its owner) may be shown to others
 * without showing the object.
 */
export function namesOf(object: ApiObject): readonly string[] {
  const type = plainName(object.type);
  const bare = (name: string): string => (name.startsWith(type) ? name.slice(type.length) : name);
  return Object.entries(object.keys)
    .filter(([name]) => namingNames.has(bare(plainName(name))))
    .map(([, value]) => value);
}

/** A list of names for a sentence: `"a", "b" and 3 more`. */
export function listed(names: readonly string[], limit = 3): string {
  const distinct = [...new Set(names)];
  const shown = distinct.slice(0, limit).map((name) => `"${name}"`);
  const rest = distinct.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** True when the permissions of a person reserve an operation to owners, or to their tenant. */
export function isReserved({ world, operation, stranger }: ObjectSubject): boolean {
  const identity = world.identities.find(({ name }) => name === stranger);
  const decision = identity && decisionOf(world.permissions, operation.id, identity);
  return decision === 'own' || decision === 'tenant';
}

/** True when an access addresses what an object has (a list under a user) instead of the object itself. */
export function isListOf({ access, operation }: ObjectSubject): boolean {
  const [answer] = access.baseline?.answers ?? [];
  const json = answer && contentOf(answer);
  const list =
    Array.isArray(json) || (isObject(json) && Object.values(json).some((value) => Array.isArray(value) && value.every(isObject)));
  const last = operation.path.split('/').filter(Boolean).at(-1) ?? '';
  return list && (!last.startsWith('{') || Object.keys(access.values.path ?? {}).length === 0);
}
