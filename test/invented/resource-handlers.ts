import type { Json, JsonObject } from '../../src/model/json.ts';
import { accountSlot, keyOfAccount } from './account-slot.ts';
import { headerOf } from '../../src/model/http.ts';
import { itemOf, itemUnderOwn, itemsOf, lineOf, maySee, owns, ownsAbove, viewOf, type Binding } from './binding.ts';
import { forbidden, invalid, itemReply, listReply, named, nothingThere, notYours, turnedAway, unexpected } from './replies.ts';
import { addItem, type Route } from './state.ts';

type Handler = (binding: Binding) => Route['handle'];

export const read: Handler = (binding) => (visit) => {
  const { resource, planted, blueprint } = binding;
  const { state, caller } = visit;
  if (!caller && resource.sharing !== 'public' && !planted('anonymous', 'read')) return turnedAway(state);
  const freed = planted('own-parent', 'read') ? itemUnderOwn(binding, visit) : undefined;
  const item = freed ?? itemOf(binding, visit);
  const isOpen = freed !== undefined || planted('foreign-read', 'read') || (!caller && planted('anonymous', 'read'));
  const isCounted = blueprint.traps.includes('views');
  if (item && (isOpen || maySee(binding, caller, item)))
    return itemReply(state, resource.noun, { ...viewOf(binding, item, 'read'), ...(isCounted ? { views: state.next() } : {}) });
  if (planted('existence', 'read')) return item ? forbidden(state) : nothingThere(state);
  const other = itemsOf(binding, visit).find((candidate) => candidate.owner === caller);
  const isIgnored = blueprint.traps.includes('ignored-id') && resource.parent === null;
  return other && isIgnored ? itemReply(state, resource.noun, viewOf(binding, other, 'read')) : notYours(visit);
};

export const list: Handler = (binding) => (visit) => {
  const { resource, planted, blueprint, nouns, above, aboveSlot } = binding;
  const { state, caller } = visit;
  const isOpen = !caller && planted('anonymous', 'list');
  if (!caller && !isOpen && resource.sharing !== 'public') {
    const teaser = { [resource.title]: 'Sign up to see more of this', [resource.text]: 'All of it is free for a month' };
    return blueprint.traps.includes('teaser') ? listReply(state, nouns, [teaser]) : turnedAway(state);
  }
  const isFree = planted('foreign-list', 'list');
  if (!isFree && !ownsAbove(binding, visit)) return notYours(visit);
  const asked = headerOf(visit.request.headers, 'X-Tenant-Id');
  // What is for everybody is in no tenant.
  const isTenants = blueprint.tenantHeader && resource.sharing !== 'public';
  const isSwitched = isTenants && caller !== undefined && asked !== undefined && asked !== caller.tenant;
  if (isSwitched && !planted('tenant-switch', 'list')) return notYours(visit);
  const inside = itemsOf(binding, visit).filter((item) => !item.isDeleted && (!above || item.parent === visit.path[aboveSlot]));
  const whose = resource.ofOwner === 'query' ? visit.query.get(binding.whose) : null;
  if (whose !== null && caller && whose !== keyOfAccount(blueprint, caller)) {
    const theirs = inside.filter((item) => keyOfAccount(blueprint, item.owner) === whose);
    if (isFree)
      return listReply(
        state,
        nouns,
        theirs.map((item) => viewOf(binding, item, 'list')),
      );
    if (resource.othersGet === 'refusal') return notYours(visit);
    if (resource.othersGet === 'nothing') return listReply(state, nouns, []);
  }
  const isLeaky = caller !== undefined && planted('list-leak', 'list');
  const all = isOpen || isLeaky || (above && (isFree || planted('foreign-child', 'create'))) || resource.sharing === 'listed';
  const shown = inside.filter((item) => all || (isSwitched ? item.owner.tenant === asked : maySee(binding, caller, item)));
  return listReply(
    state,
    nouns,
    shown.map((item) => lineOf(binding, item, caller)),
  );
};

/** The objects of the account that the path names. */
export const ofAccount: Handler = (binding) => (visit) => {
  const { resource, planted, blueprint, nouns } = binding;
  const { state, caller, path } = visit;
  if (!caller) return turnedAway(state);
  const own = keyOfAccount(blueprint, caller);
  const whose = path[accountSlot(blueprint).name] ?? '';
  const of = (key: string): JsonObject[] =>
    itemsOf(binding, visit)
      .filter((item) => !item.isDeleted && keyOfAccount(blueprint, item.owner) === key)
      .map((item) => viewOf(binding, item, 'collection'));
  if (whose === own || planted('foreign-list', 'collection')) return listReply(state, nouns, of(whose));
  if (resource.othersGet === 'refusal') return notYours(visit);
  return listReply(state, nouns, resource.othersGet === 'own' ? of(own) : []);
};

/** What of a body is taken, and the first property that is refused. */
function taken(
  { resource, blueprint, planted, slot }: Binding,
  body: JsonObject,
  operation: string,
): { fields: Record<string, Json>; stray: string | undefined } {
  const { style } = blueprint;
  const isFree = planted('assignment', operation);
  const decided = resource.decided && named(style, resource.decided.name);
  const fields: Record<string, Json> = {};
  let stray: string | undefined;
  for (const [name, value] of Object.entries(body)) {
    if (name === resource.title || name === resource.text || (name === 'pinned' && resource.flag)) fields[name] = value;
    else if (name === decided && resource.decided && isFree) fields[resource.decided.name] = value;
    else if (!/body|form/.test(resource.place) || name !== slot) stray ??= name;
  }
  return { fields, stray: style.strict && !isFree ? stray : undefined };
}

export const create: Handler = (binding) => (visit) => {
  const { resource, index, idName, collection, aboveSlot, planted } = binding;
  const { state, caller, body, path } = visit;
  if (!caller) return turnedAway(state);
  if (!ownsAbove(binding, visit) && !planted('foreign-child', 'create')) return notYours(visit);
  const { fields, stray } = taken(binding, body, 'create');
  if (stray !== undefined) return unexpected(state, stray);
  const title = fields[resource.title];
  if (typeof title !== 'string' || title === '') return invalid(state, resource.title);
  const item = addItem(state, index, caller, path[aboveSlot] ?? null, { [resource.text]: '', ...fields });
  if (resource.created === 'id') return { status: 201, body: { message: 'created', [idName]: item.id } };
  if (resource.created === 'object' || resource.place !== 'path')
    return itemReply(state, resource.noun, viewOf(binding, item, 'create'), 201);
  const above = collection.replaceAll(/\{[^}]+\}/g, encodeURIComponent(item.parent ?? ''));
  return { status: 201, headers: { location: `${above}/${encodeURIComponent(String(item.id))}` }, body: '' };
};

export const update: Handler = (binding) => (visit) => {
  const { resource, planted, blueprint } = binding;
  const { state, caller, body } = visit;
  const isOpen = !caller && planted('anonymous-change', 'update');
  if (!caller && !isOpen) return turnedAway(state);
  const freed = planted('own-parent', 'update') ? itemUnderOwn(binding, visit) : undefined;
  const item = freed ?? itemOf(binding, visit);
  // Where a verb was forgotten, members change their own alone.
  const may = item && (planted('verb', 'delete') ? item.owner === caller : owns(binding, caller, item));
  if (!item || !(isOpen || freed || planted('foreign-change', 'update') || may)) return notYours(visit, true);
  const { fields, stray } = taken(binding, body, 'update');
  if (stray !== undefined) return unexpected(state, stray);
  if (resource.update === 'PUT' && typeof fields[resource.title] !== 'string') return invalid(state, resource.title);
  Object.assign(item.fields, fields);
  return blueprint.style.quiet ? { status: 204 } : itemReply(state, resource.noun, viewOf(binding, item, 'update'));
};

export const remove: Handler = (binding) => (visit) => {
  const { planted, blueprint } = binding;
  const { state, caller } = visit;
  const isOpen = !caller && planted('anonymous-change', 'delete');
  if (!caller && !isOpen) return turnedAway(state);
  const freed = planted('own-parent', 'delete') ? itemUnderOwn(binding, visit) : undefined;
  const item = freed ?? itemOf(binding, visit);
  if (!item || !(isOpen || freed || planted('foreign-delete', 'delete') || owns(binding, caller, item))) return notYours(visit, true);
  const all = itemsOf(binding, visit);
  if (planted('undeleted', 'delete')) item.isDeleted = true;
  else all.splice(all.indexOf(item), 1);
  return blueprint.style.quiet ? { status: 204 } : { status: 200, body: { message: 'deleted' } };
};
