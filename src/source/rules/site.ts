import type { Run } from '../flask/run-route.ts';
import type { Site } from '../flow/access.ts';
import { isScoped } from '../flow/facts.ts';
import type { App } from './rule.ts';

function keyOf({ file, place }: Site): string {
  return `${file}:${place.start}`;
}

/** Places where accesses are made on behalf of callers that differ: `def item_of(name, **key)`. */
export function sharedPlaces(runs: readonly Run[]): ReadonlySet<string> {
  const kinds = new Map<string, Set<string>>();
  for (const { trace } of runs) {
    for (const access of trace.accesses) {
      if (access.site.callers.length < 2) continue;
      const kind = `${access.resource} ${isScoped(access, access.facts, trace.accesses)}`;
      kinds.set(keyOf(access.site), (kinds.get(keyOf(access.site)) ?? new Set()).add(kind));
    }
  }
  return new Set([...kinds].flatMap(([key, found]) => (found.size > 1 ? [key] : [])));
}

/** Where something is to be mended: in a shared helper it is the call of it. */
export function siteOf(site: Site, { shared }: Pick<App, 'shared'>): Site {
  if (!shared.has(keyOf(site))) return site;
  const inside = site.callers.at(-1);
  return inside && site.callers.length > 1 ? { ...inside, callers: site.callers.slice(0, -1) } : site;
}
