import type { Run } from '../flask/run-route.ts';
import type { Access, Site } from '../flow/access.ts';
import { isScoped } from '../flow/facts.ts';
import { onceForEach } from '../python/walk.ts';
import type { App } from './rule.ts';

function keyOf({ file, place }: Site): string {
  return `${file}:${place.start}`;
}

/**
 * Places that do something on behalf of callers that differ: `def item_of(name, **key)`, the wrapper that tries a query
 * again, and the helper that some views call only after they asked whether the caller may.
 */
export function sharedPlaces(runs: readonly Run[]): ReadonlySet<string> {
  const kinds = new Map<string, string>();
  const shared = new Set<string>();
  for (const run of runs) {
    for (const { place, key, kind } of purposesOf(run)) {
      const known = kinds.get(key);
      if (known === undefined) kinds.set(key, kind);
      else if (known !== kind) shared.add(place);
    }
  }
  return shared;
}

interface Purpose {
  readonly place: string;
  /** The place, and in regard to what. */
  readonly key: string;
  readonly kind: string;
}

/** What each place on the way to an access is there for, in one run. */
const purposesOf = onceForEach((run: Run): readonly Purpose[] =>
  run.trace.accesses.flatMap((access): Purpose[] => {
    const uses = run.trace.uses.filter((use) => use.access === access.id);
    const isOwn = String(
      isScoped(access, access.facts, run.trace.accesses) || (uses.length > 0 && uses.every((use) => use.facts.has(`own:${access.id}`))),
    );
    const purpose = (site: Site, about: string, kind: string): Purpose => {
      const place = keyOf(site);
      return { place, key: `${place}\n${about}`, kind };
    };
    const calls = callsBelowView(access, run).flatMap(([caller, callee]) => [
      purpose(caller, 'call', `${callee.file}:${callee.function}`),
      // One line of the store, which is asked with leave by some and without by others.
      purpose(caller, `${keyOf(access.site)} ${access.resource}`, isOwn),
    ]);
    return access.site.callers.length > 1 ? [purpose(access.site, 'access', `${access.resource} ${isOwn}`), ...calls] : calls;
  }),
);

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

/** Of an object that one helper loads and another one changes, the place where both are called. */
export function siteOfChange(loaded: Site, changed: Site, app: Pick<App, 'shared'>): Site {
  const loading = [...loaded.callers, loaded];
  const changing = [...changed.callers, changed];
  const isSame = (one: Site | undefined, other: Site | undefined): boolean =>
    one !== undefined && other !== undefined && keyOf(one) === keyOf(other) && one.place.end === other.place.end;
  let common = 0;
  while (isSame(loading[common], changing[common])) common += 1;
  const [load, change] = [loading[common], changing[common]];
  if (!load || !change) return siteOf(changed, app);
  const callers = loading.slice(0, common);
  const from = { ...load, callers };
  const fault = siteOf(from, app);
  return fault === from ? { ...change, callers } : fault;
}
