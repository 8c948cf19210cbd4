import { isServed } from '../model/answer.ts';
import type { NextStep, OperationSubject } from '../model/check.ts';
import { jsonOf, type Answer } from '../model/http.ts';
import type { Call } from '../model/identity.ts';
import { leaves } from '../model/json.ts';
import { declaresSecurity } from '../model/operation.ts';
import { isPrivateField } from '../model/sensitive.ts';
import type { Access, World } from '../model/world.ts';
import { garbled, rewriting } from './credential-probes.ts';
import { markersIn, markersOf, sameContent, sees } from './support.ts';

const wrong = rewriting('credential garbled', garbled);

/**
 * What follows an anonymous request that was served although a credential is described as needed: the same with a wrong credential,
 * and in another account's name. An operation that refuses the wrong one and serves without any has an optional credential, which
 * OpenAPI generators describe as a needed one.
 */
export function controls({ world, operation, accesses }: OperationSubject, anonymous: Call): readonly NextStep[] {
  const owner = accesses.find((access) => access.object.owner !== null)?.object.owner;
  const names = world.identities.map((identity) => identity.name);
  const me = owner ?? names[0];
  const other = names.find((name) => name !== me);
  if (me === undefined || !declaresSecurity(operation)) return [];
  return [
    ([served]) => (served && isServed(served) ? { ...anonymous, as: me, tamper: wrong } : null),
    ([, refused]) => (other !== undefined && refused && !isServed(refused) ? { ...anonymous, as: other } : null),
  ];
}

/**
 * Whether the credential is optional, and what is served without one is everybody's: `shared`. `unknown` when there is no other
 * account to ask; `private` when an account's own things are served without one all the same.
 */
export function optional(
  { world, accesses }: OperationSubject,
  [anonymous, wrongly, other]: readonly Answer[],
): 'no' | 'shared' | 'private' | 'unknown' {
  if (!anonymous || !wrongly || isServed(wrongly)) return 'no';
  if (!other) return 'unknown';
  const own = accesses.filter((access) => access.object.owner !== null);
  const isPublic = isServed(other) && holdsSame(world, anonymous, other) && !hasPrivateFields(anonymous);
  return isPublic && own.every((access) => isShownToAll(world, access)) ? 'shared' : 'private';
}

function holdsSame(world: World, anonymous: Answer, other: Answer): boolean {
  if (sameContent(anonymous, other)) return true;
  const planted = world.identities.flatMap((identity) => markersOf(world, identity.name));
  const [without, seen] = [markersIn(anonymous, planted), new Set(markersIn(other, planted))];
  return without.length > 0 && without.every((marker) => seen.has(marker));
}

function hasPrivateFields(answer: Answer): boolean {
  const json = answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  return json !== undefined && leaves(json, 2_000).some(({ name, value }) => value !== null && value !== '' && isPrivateField(name));
}

/** True when anybody is shown the object itself, or one that stands above it in the path, by ordinary calls. */
function isShownToAll(world: World, { values, object }: Access): boolean {
  const named = new Set([...Object.values(values.path ?? {}), ...Object.values(values.query ?? {})]);
  const addressed = world.objects.filter(({ id, keys }) => id === object.id || Object.values(keys).some((key) => named.has(key)));
  const texts = addressed.flatMap(({ markers }) => markers.map((marker) => marker.value));
  return texts.some((text) => sees(world, null, text));
}
