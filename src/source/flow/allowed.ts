import { accessOf, isOrigin, type Label, type Value } from './value.ts';

/** Names of functions that ask whether the caller may, whom they know of themselves: `rules.allowed_for_org(VIEW, row.org_id)`. */
const authorizes =
  /^(?:is_?)?(?:allowed|permitted|authori[sz]ed)(?:_(?:for|to|on|in)_\w+)?$|^(?:has|check)_(?:\w+_)?(?:access|permissions?|authori[sz]ation|privileges?)(?:_(?:for|to|on|in)\w*)?$|^(?:can|may)_(?:for|access|view|see|read|edit|modify|change|update|manage|delete|write)\w*$/i;

/** True for the answer of something that knows what the caller may: `permission.can()`. */
export function asksRole(name: string, args: readonly Value[]): boolean {
  return name === 'can' && args.length === 0;
}

/** `is_allowed(name)` may be about the name itself. */
const asksOfIds = /_(?:for|to|on|in)_|access|permission|authori[sz]ation|privilege|^(?:can|may)_/i;

/** Labels of the objects and ids that such a function was asked about: those it is given, or given a field of, and nothing else with it. */
export function askedAbout(name: string, args: readonly Value[]): readonly Label[] {
  if (!authorizes.test(name)) return [];
  const about = args.filter(({ shape }) => shape.is === 'stored' || shape.is === 'unknown');
  return about.flatMap(({ labels }) => {
    const [only, ...others] = [...labels].filter(isOrigin);
    if (only === undefined || others.length > 0) return [];
    return accessOf(only) !== undefined || (only.startsWith('C:') && asksOfIds.test(name)) ? [only] : [];
  });
}
