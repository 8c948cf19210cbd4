import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Reply } from '../../src/model/example.ts';
import { isPlanted, type Blueprint, type Resource } from './blueprint.ts';
import { envelopeSchema, forbidden, invalid, itemReply, listReply, named, nothingThere, notYours, turnedAway, unexpected } from './replies.ts';
import { addItem, type Account, type Item, type Route, type Visit } from './state.ts';

const text: Json = { type: 'string' };
const leaks: readonly (readonly [string, string])[] = [
  ['password_hash', '$2b$12$abcdefghijklmnopqrstuuJvXq1d0mVn3h0mK7yq0mVn3h0mK7yqO'],
  ['api_key', 'sk_live_9f2c7b1e5d8a4c60'],
  ['client_secret', 'cs-71c0f2b94d'],
];

export function pluralOf(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/** The path of an account by its key, and the name of its parameter. */
export function accountSlot({ accounts, style }: Blueprint): { path: string; name: string } {
  const noun = accounts.segment.slice(0, -1);
  const name = accounts.key === 'username' || accounts.key === 'email' ? accounts.key : style.parameter === 'id' ? 'id' : `${noun}_id`;
  return { path: `${style.base}/${accounts.segment}/{${named(style, name)}}`, name: named(style, name) };
}

export function keyOfAccount({ accounts }: Blueprint, account: Account): string {
  return accounts.key === 'username' ? account.username : accounts.key === 'email' ? account.email : String(account.id);
}

/** The operations of one resource. */
export function resourceRoutes(blueprint: Blueprint, index: number): Route[] {
  const resource = blueprint.resources[index];
  if (!resource) return [];
  const { style, accounts } = blueprint;
  const planted = (kind: Parameters<typeof isPlanted>[1], name: string): boolean => isPlanted(blueprint, kind, `${index}.${name}`);
  const nouns = pluralOf(resource.noun);
  const segment = style.plural ? nouns : resource.noun;
  const idName = resource.id === 'slug' ? 'slug' : resource.id === 'objectId' ? '_id' : resource.id === 'uuid4' ? 'uuid' : 'id';
  const suffix = resource.id === 'slug' ? 'slug' : 'id';
  const slot = named(style, resource.place !== 'path' || style.parameter === 'noun-id' ? `${resource.noun}_${suffix}` : style.parameter === 'noun' ? resource.noun : suffix);
  const above = resource.parent === null ? undefined : blueprint.resources[resource.parent];
  const aboveSlot = above && named(style, `${above.noun}_id`);
  const collection = above
    ? `${style.base}/${style.plural ? pluralOf(above.noun) : above.noun}/{${aboveSlot}}/${segment}`
    : `${style.base}/${segment}`;
  const type = resource.id === 'integer' ? 'integer' : 'string';
  const aboveParameter = above ? [{ name: aboveSlot ?? '', in: 'path' as const, type: above.id === 'integer' ? 'integer' : 'string' }] : [];
  const leak = leaks[index % leaks.length] ?? ['', ''];

  const view = (item: Item, name: string): JsonObject => ({
    [idName]: item.id,
    ...(above ? { [aboveSlot ?? '']: item.parent } : {}),
    ...Object.fromEntries(Object.entries(item.fields).map(([key, value]) => [named(style, key), value])),
    ...(index % 2 === 0 ? { owner: item.owner.username } : { [named(style, 'owner_id')]: item.owner.id }),
    ...(planted('sensitive', name) ? { [named(style, leak[0])]: leak[1] } : {}),
  });
  const row = (item: Item, name: string, caller: Account | undefined): JsonObject =>
    resource.sharing === 'listed' && item.owner !== caller
      ? { [idName]: item.id, [resource.title]: item.fields[resource.title] ?? '' }
      : view(item, name);

  const idIn = ({ path, query, request, body }: Visit): string => {
    if (resource.place === 'path') return path[slot] ?? '';
    if (resource.place === 'query') return query.get(slot) ?? '';
    if (resource.place === 'body') return String(body[slot] ?? '');
    return request.headers.find(([name]) => name.toLowerCase() === `x-${slot.toLowerCase()}`)?.[1] ?? '';
  };
  const items = ({ state }: Visit): Item[] => state.items[index] ?? [];
  const find = (visit: Visit): Item | undefined =>
    items(visit).find((item) => String(item.id) === idIn(visit) && (!above || item.parent === visit.path[aboveSlot ?? '']));
  const owns = (account: Account | undefined, item: Item): boolean =>
    account !== undefined && (resource.sharing === 'team' ? item.owner.tenant === account.tenant : item.owner === account);
  const sees = (account: Account | undefined, item: Item): boolean =>
    resource.sharing === 'public' || (resource.sharing === 'members' && account !== undefined) || owns(account, item);
  const parentIsOwn = (visit: Visit): boolean =>
    !above || (visit.state.items[resource.parent ?? 0] ?? []).some((item) => String(item.id) === visit.path[aboveSlot ?? ''] && item.owner === visit.caller);

  const read = (visit: Visit): Reply => {
    const item = find(visit);
    if (!visit.caller && resource.sharing !== 'public' && !planted('anonymous', 'read')) return turnedAway(visit.state);
    const open = planted('foreign-read', 'read') || (!visit.caller && planted('anonymous', 'read'));
    if (item && (open || sees(visit.caller, item))) return itemReply(visit.state, resource.noun, view(item, 'read'));
    if (!planted('existence', 'read')) return notYours(visit.state);
    return item ? forbidden(visit.state) : nothingThere(visit.state);
  };
  const list = (visit: Visit): Reply => {
    const { state, caller, query } = visit;
    const anyone = !caller && planted('anonymous', 'list');
    if (!caller && resource.sharing !== 'public' && !anyone) return turnedAway(state);
    const free = planted('foreign-list', 'list');
    const inParent = items(visit).filter((item) => !above || item.parent === visit.path[aboveSlot ?? '']);
    if (above && !parentIsOwn(visit) && !free) return notYours(state);
    const whose = resource.ofOwner === 'query' ? query.get(named(style, 'user_id')) : null;
    if (whose !== null && caller && whose !== keyOfAccount(blueprint, caller)) {
      if (free) return listReply(state, nouns, inParent.filter((item) => keyOfAccount(blueprint, item.owner) === whose).map((item) => view(item, 'list')));
      if (resource.othersGet === 'refusal') return notYours(state);
      if (resource.othersGet === 'nothing') return listReply(state, nouns, []);
    }
    const shown = inParent.filter((item) => anyone || (above && free) || resource.sharing === 'listed' || sees(caller, item));
    return listReply(state, nouns, shown.map((item) => row(item, 'list', caller)));
  };
  const ofAccount = (visit: Visit): Reply => {
    const { state, caller, path } = visit;
    if (!caller) return turnedAway(state);
    const whose = path[accountSlot(blueprint).name] ?? '';
    const theirs = (key: string): JsonObject[] => items(visit).filter((item) => keyOfAccount(blueprint, item.owner) === key).map((item) => view(item, 'collection'));
    const own = keyOfAccount(blueprint, caller);
    if (whose === own || planted('foreign-list', 'collection')) return listReply(state, nouns, theirs(whose));
    if (resource.othersGet === 'refusal') return notYours(state);
    return listReply(state, nouns, resource.othersGet === 'own' ? theirs(own) : []);
  };
  const accepted = (body: JsonObject, name: string): { fields: Record<string, Json>; stray: string | undefined } => {
    const decided = resource.decided && named(style, resource.decided.name);
    const fields: Record<string, Json> = {};
    let stray: string | undefined;
    for (const [key, value] of Object.entries(body)) {
      if (key === resource.title || key === resource.text || (key === 'pinned' && resource.flag)) fields[key] = value;
      else if (key === decided && resource.decided && planted('assignment', name)) fields[resource.decided.name] = value;
      else if (resource.place === 'path' || key !== slot) stray ??= key;
    }
    return { fields, stray: style.strict && !planted('assignment', name) ? stray : undefined };
  };
  const create = (visit: Visit): Reply => {
    const { state, caller, body } = visit;
    if (!caller) return turnedAway(state);
    if (!parentIsOwn(visit)) return notYours(state);
    const { fields, stray } = accepted(body, 'create');
    if (stray !== undefined) return unexpected(state, stray);
    const title = fields[resource.title];
    if (typeof title !== 'string' || title === '') return invalid(state, resource.title);
    const item = addItem(state, index, caller, above ? (visit.path[aboveSlot ?? ''] ?? null) : null, { [resource.text]: '', ...fields });
    if (resource.created === 'id') return { status: 201, body: { message: 'created', [idName]: item.id } };
    if (resource.created === 'object' || resource.place !== 'path') return itemReply(state, resource.noun, view(item, 'create'), 201);
    const base = collection.replaceAll(/\{[^}]+\}/g, encodeURIComponent(item.parent ?? ''));
    return { status: 201, headers: { location: `${base}/${encodeURIComponent(String(item.id))}` }, body: '' };
  };
  const update = (visit: Visit): Reply => {
    const { state, caller, body } = visit;
    if (!caller) return turnedAway(state);
    const item = find(visit);
    if (!item || !(planted('foreign-change', 'update') || owns(caller, item))) return notYours(state, true);
    const { fields, stray } = accepted(body, 'update');
    if (stray !== undefined) return unexpected(state, stray);
    if (resource.update === 'PUT' && typeof fields[resource.title] !== 'string') return invalid(state, resource.title);
    Object.assign(item.fields, fields);
    return style.quiet ? { status: 204 } : itemReply(state, resource.noun, view(item, 'update'));
  };
  const remove = (visit: Visit): Reply => {
    const { state, caller } = visit;
    if (!caller) return turnedAway(state);
    const item = find(visit);
    if (!item || !(planted('foreign-delete', 'delete') || owns(caller, item))) return notYours(state, true);
    const all = items(visit);
    all.splice(all.indexOf(item), 1);
    return style.quiet ? { status: 204 } : { status: 200, body: { message: 'deleted' } };
  };

  const shape: Json = {
    type: 'object',
    properties: {
      [idName]: { type, readOnly: true },
      [resource.title]: text,
      [resource.text]: text,
      ...(resource.flag ? { pinned: { type: 'boolean' } } : {}),
    },
  };
  const body = { [resource.title]: text, [resource.text]: text, ...(resource.flag ? { pinned: { type: 'boolean' } } : {}) };
  const ofItem = { returns: envelopeSchema(blueprint, resource.noun, shape, false) };
  const ofList = { returns: envelopeSchema(blueprint, nouns, shape, true) };
  const itemPath = resource.place === 'path' ? `${collection}/{${slot}}` : `${collection}/${resource.place === 'body' ? 'lookup' : 'detail'}`;
  const own = resource.place === 'body' ? [] : [{ name: resource.place === 'header' ? `X-${slot}` : slot, in: resource.place, type }];
  const whose = resource.ofOwner === 'query' ? [{ name: named(style, 'user_id'), in: 'query' as const, type: 'optional' }] : [];
  const base = { tag: nouns, secured: resource.sharing !== 'public' };
  const route = (name: string, method: string, path: string, summary: string, rest: Pick<Route, 'parameters' | 'handle'> & Partial<Route>): Route => ({
    ...base,
    ...rest,
    name: `${index}.${name}`,
    method,
    path,
    summary,
  });
  const { operations } = resource;
  const writes = operations !== 'read-only' && accounts.from !== 'lent-read';
  const at = [...aboveParameter, ...own];
  return [
    ...(operations === 'no-list' ? [] : [route('list', 'GET', collection, `List ${nouns}`, { parameters: [...aboveParameter, ...whose], handle: list, ...ofList })]),
    ...(operations === 'no-read'
      ? []
      : [
          resource.place === 'body'
            ? route('read', 'POST', itemPath, `Look up one ${resource.noun}`, { parameters: at, handle: read, body: { [slot]: { type } }, required: [slot], ...ofItem })
            : route('read', 'GET', itemPath, `Get one ${resource.noun}`, { parameters: at, handle: read, ...ofItem }),
        ]),
    ...(writes
      ? [route('create', 'POST', collection, `Create one ${resource.noun}`, { secured: true, parameters: aboveParameter, handle: create, body, required: [resource.title], ...ofItem })]
      : []),
    ...(writes && resource.place !== 'body'
      ? [
          route('update', resource.update, itemPath, `Change one ${resource.noun}`, {
            secured: true,
            parameters: at,
            handle: update,
            body,
            required: resource.update === 'PUT' ? [resource.title] : [],
          }),
          route('delete', 'DELETE', itemPath, `Delete one ${resource.noun}`, { secured: true, parameters: at, handle: remove }),
        ]
      : []),
    ...(resource.ofOwner === 'path'
      ? [
          route('collection', 'GET', `${accountSlot(blueprint).path}/${segment}`, `List the ${nouns} of an account`, {
            parameters: [{ name: accountSlot(blueprint).name, in: 'path', type: accounts.key === 'integer' ? 'integer' : 'string' }],
            handle: ofAccount,
            ...ofList,
          }),
        ]
      : []),
  ];
}

/** How the objects of a resource are bound: what the tables of rates group by. */
export function featuresOf(resource: Resource): Readonly<Record<string, string>> {
  return { id: resource.id, place: resource.place, sharing: resource.sharing, nested: String(resource.parent !== null), operations: resource.operations, created: resource.created };
}
