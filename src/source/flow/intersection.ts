import type { Facts } from './facts.ts';

/** What holds wherever one of several paths led. */
export function intersection(lists: readonly (readonly string[] | Facts)[]): string[] {
  const [first, ...others] = lists.map((list) => new Set(list));
  if (!first) return [];
  const common = [...first].filter((fact) => others.every((other) => other.has(fact)));
  return [...common, ...vacuous([first, ...others]), ...beside([first, ...others], common)];
}

/** An object or id that is not there on some of the paths is the caller's if it is on the others. */
function vacuous(lists: readonly Facts[]): readonly string[] {
  const gone = new Set(lists.flatMap((list) => [...list].flatMap((fact) => (fact.startsWith('gone:') ? fact.slice(5) : []))));
  return [...gone].flatMap((name) => {
    const fact = name.startsWith('C:') ? `pin:${name}` : `own:${name}`;
    return lists.some((list) => list.has(fact)) && lists.every((list) => list.has(fact) || list.has(`gone:${name}`)) ? fact : [];
  });
}

/**
 * `if not me.is_admin: check(row)`: who has a special role may do as the owner, so that what all others were asked is what is known.
 * A path on which a role was asked for and nothing else is left out of what is said of ids and objects.
 */
function beside(lists: readonly Facts[], common: readonly string[]): readonly string[] {
  const ordinary = lists.filter((list) => !list.has('role'));
  const [first, ...others] = ordinary;
  if (!first || ordinary.length === lists.length) return [];
  const held = new Set(common);
  return [...first].filter((fact) => /^(?:own|pin):/.test(fact) && !held.has(fact) && others.every((other) => other.has(fact)));
}
