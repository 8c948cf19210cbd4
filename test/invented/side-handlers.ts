import type { Json } from '../../src/model/json.ts';
import { itemOf, itemsOf, maySee, owns, ownsAbove, viewOf, type Binding } from './binding.ts';
import { itemReply, listReply, notYours, turnedAway } from './replies.ts';
import type { Route } from './state.ts';

type Handler = (binding: Binding) => Route['handle'];

/** Closes an object. */
export const close: Handler = (binding) => (visit) => {
  const { resource, planted, blueprint } = binding;
  const { state, caller } = visit;
  if (!caller) return turnedAway(state);
  const item = itemOf(binding, visit);
  if (!item || !(planted('foreign-action', 'action') || owns(binding, caller, item))) return notYours(visit, true);
  item.fields['state'] = 'closed';
  return blueprint.style.quiet ? { status: 204 } : itemReply(state, resource.noun, viewOf(binding, item, 'action'));
};

/** Several objects by their ids: all of them, or those that the caller may have. */
export const several: Handler = (binding) => (visit) => {
  const { resource, planted, nouns, above, aboveSlot } = binding;
  const { state, caller, path } = visit;
  if (!caller && resource.sharing !== 'public') return turnedAway(state);
  if (!ownsAbove(binding, visit)) return notYours(visit);
  const wanted = idsIn(binding, visit);
  const found = wanted.flatMap((id) => itemsOf(binding, visit).find((item) => !item.isDeleted && String(item.id) === id) ?? []);
  const isLoose = planted('bulk', 'bulk') || planted('bulk-first', 'bulk');
  const inside = found.filter((item) => !above || isLoose || item.parent === path[aboveSlot]);
  const allowed = inside.filter((item) => maySee(binding, caller, item));
  const [first] = inside;
  const isFree = planted('bulk', 'bulk') || (planted('bulk-first', 'bulk') && first !== undefined && maySee(binding, caller, first));
  if (!isFree && allowed.length < wanted.length && resource.othersGet === 'refusal') return notYours(visit);
  const shown = isFree ? inside : allowed;
  return listReply(
    state,
    nouns,
    shown.map((item) => viewOf(binding, item, 'bulk')),
  );
};

function idsIn({ resource, several: name }: Binding, { query, body }: Parameters<Route['handle']>[0]): string[] {
  if (resource.bulk === 'query') return (query.get(name) ?? '').split(',').filter((id) => id !== '');
  const ids: Json | undefined = body[name];
  return Array.isArray(ids) ? ids.map(String) : [];
}
