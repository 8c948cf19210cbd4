import type { JsonObject } from '../../src/model/json.ts';
import { isPlanted, type Blueprint, type PlantKind, type Resource } from './blueprint.ts';
import { named } from './replies.ts';
import type { Account, Item, Visit } from './state.ts';

/** A resource as an API binds it: names, paths and rules that all its operations share. */
export interface Binding {
  readonly blueprint: Blueprint;
  readonly resource: Resource;
  readonly index: number;
  readonly nouns: string;
  /** Property that holds the id. */
  readonly idName: string;
  /** Parameter that takes the id. */
  readonly slot: string;
  readonly above: Resource | undefined;
  /** Parameter that takes the id of the object above; '' where there is none. */
  readonly aboveSlot: string;
  readonly collection: string;
  /** Parameter that takes several ids. */
  readonly several: string;
  /** Query parameter that takes the key of an account. */
  readonly whose: string;
  readonly planted: (kind: PlantKind, name: string) => boolean;
}

export function pluralOf(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/** How a resource is bound; `undefined` when there is none of that index. */
export function bindingOf(blueprint: Blueprint, index: number): Binding | undefined {
  const resource = blueprint.resources[index];
  if (!resource) return undefined;
  const { style, accounts } = blueprint;
  const nouns = pluralOf(resource.noun);
  const suffix = resource.id === 'slug' ? 'slug' : 'id';
  const long = resource.place !== 'path' || style.parameter === 'noun-id';
  const above = resource.parent === null ? undefined : blueprint.resources[resource.parent];
  const aboveSlot = above ? named(style, `${above.noun}_${above.id === 'slug' ? 'slug' : 'id'}`) : '';
  const over = above ? `/${style.plural ? pluralOf(above.noun) : above.noun}/{${aboveSlot}}` : '';
  return {
    blueprint,
    resource,
    index,
    nouns,
    idName: resource.id === 'slug' ? 'slug' : resource.id === 'objectId' ? '_id' : resource.id === 'uuid4' ? 'uuid' : 'id',
    slot: named(style, long ? `${resource.noun}_${suffix}` : style.parameter === 'noun' ? resource.noun : suffix),
    above,
    aboveSlot,
    collection: `${style.base}${over}/${style.plural ? nouns : resource.noun}`,
    several: named(style, style.parameter === 'id' ? `${suffix}s` : `${resource.noun}_${suffix}s`),
    whose: /integer|uuid/.test(accounts.key) ? named(style, 'user_id') : accounts.key,
    planted: (kind, name) => isPlanted(blueprint, kind, `${index}.${name}`),
  };
}

const leaks: readonly (readonly [string, string])[] = [
  ['password_hash', '$2b$12$abcdefghijklmnopqrstuuJvXq1d0mVn3h0mK7yq0mVn3h0mK7yqO'],
  ['api_key', 'sk_live_9f2c7b1e5d8a4c60'],
  ['client_secret', 'cs-71c0f2b94d'],
];
/** Properties that a careless reader takes for secrets. */
const lookalikes = {
  checksum: '9e107d9d372bb6826bd81d3542a419d6',
  password_changed_at: '2026-03-01T10:00:00Z',
  secret_key: '****************c60d',
  token_count: 4,
  has_secret: true,
};

/** An object as an operation shows it to those who may see it. */
export function viewOf(
  { blueprint, resource, index, idName, above, aboveSlot, planted }: Binding,
  item: Item,
  operation: string,
): JsonObject {
  const { style, traps } = blueprint;
  const [leak = '', value = ''] = leaks[index % leaks.length] ?? [];
  const properties = {
    ...item.fields,
    ...(resource.sharing !== 'listed' && traps.includes('lookalikes') ? lookalikes : {}),
    ...(index % 2 === 0 ? { owner: item.owner.username } : { owner_id: item.owner.id }),
    ...(planted('sensitive', operation) ? { [leak]: value } : {}),
  };
  return {
    [idName]: item.id,
    ...(above ? { [aboveSlot]: item.parent } : {}),
    ...Object.fromEntries(Object.entries(properties).map(([name, property]) => [named(style, name), property])),
  };
}

/** An object as a line of a list. */
export function lineOf(binding: Binding, item: Item, caller: Account | undefined): JsonObject {
  const { resource, idName } = binding;
  const brief = resource.sharing === 'listed' && item.owner !== caller;
  return brief ? { [idName]: item.id, [resource.title]: item.fields[resource.title] ?? '' } : viewOf(binding, item, 'list');
}

export function itemsOf({ index }: Binding, { state }: Pick<Visit, 'state'>): Item[] {
  return state.items[index] ?? [];
}

/** The object that a request names. */
export function itemOf(binding: Binding, visit: Visit): Item | undefined {
  const { above, aboveSlot } = binding;
  const wanted = idIn(binding, visit);
  return itemsOf(binding, visit).find((item) => String(item.id) === wanted && (!above || item.parent === visit.path[aboveSlot]));
}

/** The object of that id, where the caller has the object that the path names above it, whatever is under that. */
export function itemUnderOwn(binding: Binding, visit: Visit): Item | undefined {
  const wanted = idIn(binding, visit);
  return ownsAbove(binding, visit) ? itemsOf(binding, visit).find((item) => String(item.id) === wanted) : undefined;
}

function idIn({ resource, slot }: Binding, { path, query, request, body }: Visit): string {
  switch (resource.place) {
    case 'path':
      return path[slot] ?? '';
    case 'query':
      return query.get(slot) ?? '';
    case 'body':
    case 'form':
      return String(body[slot] ?? '');
    case 'cookie':
      return cookieOf(request, slot);
    case 'header':
      return request.headers.find(([name]) => name.toLowerCase() === `x-${slot.toLowerCase()}`)?.[1] ?? '';
  }
}

function cookieOf({ headers }: Visit['request'], name: string): string {
  const pairs = headers.filter(([header]) => header.toLowerCase() === 'cookie').flatMap(([, value]) => value.split('; '));
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

/** True for whoever may change an object. */
export function owns({ resource }: Binding, account: Account | undefined, item: Item): boolean {
  return account !== undefined && (resource.sharing === 'team' ? item.owner.tenant === account.tenant : item.owner === account);
}

/** True for whoever may read an object. */
export function maySee(binding: Binding, account: Account | undefined, item: Item): boolean {
  const { sharing } = binding.resource;
  return sharing === 'public' || (sharing === 'members' && account !== undefined) || owns(binding, account, item);
}

/** True where there is no object above, or it is the caller's. */
export function ownsAbove({ resource, aboveSlot }: Binding, { state, caller, path }: Visit): boolean {
  if (resource.parent === null) return true;
  return (state.items[resource.parent] ?? []).some((item) => String(item.id) === path[aboveSlot] && item.owner === caller);
}
