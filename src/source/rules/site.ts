import type { Run } from '../flask/run-route.ts';
import type { Access, Site } from '../flow/access.ts';
import { isScoped } from '../flow/facts.ts';
import type { App } from './rule.ts';

function keyOf({ file, place }: Site): string {
  return `${file}:${place.start}`;
}

/**
 * Places that do something on behalf of callers that differ: `def item_of(name, **key)`, the wrapper that tries a query
 * again, and the helper that some views call only after they asked whether the caller may.
 */
export function sharedPlaces(runs: readonly Run[]): ReadonlySet<string> {
  const kinds = new Map<string, Set<string>>();
  const note = (place: Site, about: string, kind: string): void => {
    const key = `${keyOf(place)}\n${about}`;
    kinds.set(key, (kinds.get(key) ?? new Set()).add(kind));
  };
  for (const run of runs) {
    for (const access of run.trace.accesses) {
      const uses = run.trace.uses.filter((use) => use.access === access.id);
      const isOwn = String(
        isScoped(access, access.facts, run.trace.accesses) || (uses.length > 0 && uses.every((use) => use.facts.has(`own:${access.id}`))),
      );
      if (access.site.callers.length > 1) note(access.site, 'access', `${access.resource} ${isOwn}`);
      for (const [caller, callee] of callsBelowView(access, run)) {
        note(caller, 'call', `${callee.file}:${callee.function}`);
        // One line of the store, which is asked with leave by some and without by others.
        note(caller, `${keyOf(access.site)} ${access.resource}`, isOwn);
      }
    }
  }
  return new Set([...kinds].flatMap(([key, found]) => (found.size > 1 ? [key.slice(0, key.indexOf('\n'))] : [])));
}

/** The calls that led to an access, without that of the view itself and those in the view: each with what it called. */
function callsBelowView({ site }: Access, { route: { code } }: Run): readonly (readonly [Site, Site])[] {
  const chain = [...site.callers, site];
  const view = chain.findLastIndex(({ file, function: name }) => file === code.file && name === code.name);
  const first = (view === -1 ? 1 : view) + 1;
  return chain.slice(first, -1).flatMap((caller, index) => {
    const callee = chain[first + index + 1];
    return callee ? [[caller, callee] as const] : [];
  });
}

/** Where something is to be mended: in a shared helper it is the call of it, and where that is shared, the call of that. */
export function siteOf(site: Site, { shared }: Pick<App, 'shared'>): Site {
  const inside = site.callers.at(-1);
  if (!shared.has(keyOf(site)) || !inside || site.callers.length < 2) return site;
  return siteOf({ ...inside, callers: site.callers.slice(0, -1) }, { shared });
}
