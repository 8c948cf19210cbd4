import type { Access, Site, Use } from '../flow/access.ts';
import type { Moment, Trace } from '../flow/machine.ts';
import type { Place } from '../python/syntax.ts';
import { isAt } from '../project/change.ts';
import type { Route } from './routes.ts';
import type { Run } from './run-route.ts';

/** Where a place of a file is now; `undefined` where its text is gone. */
export type Moving = (file: string, place: Place) => Place | undefined;

/** A route with its view as it is now. */
export function routeNow(route: Route, code: Route['code']): Route {
  return code === route.code ? route : { ...route, code, place: code.place };
}

/**
 * A run of a route that does what it did before, with its places where they are now: the same object when none has moved.
 * `undefined` when some of them are gone.
 */
export function movedRun(run: Run, route: Route, moving: Moving): Run | undefined {
  const trace = movedTrace(run.trace, moving);
  if (!trace) return undefined;
  const hasRoute = isAt(run.route.code.place, route.code.place);
  return trace === run.trace && hasRoute ? run : { ...run, trace, route: hasRoute ? run.route : route };
}

export function movedTrace(trace: Trace, moving: Moving): Trace | undefined {
  const known = new Map<Site, Site>();
  let isGone = false;
  const placeOf = (file: string, place: Place): Place => {
    const now = moving(file, place);
    if (!now) isGone = true;
    return now ?? place;
  };
  const siteOf = (site: Site): Site => {
    const same = known.get(site);
    if (same) return same;
    const place = placeOf(site.file, site.place);
    const callers = changedList(site.callers, siteOf);
    const now = place === site.place && callers === site.callers ? site : { ...site, place, callers };
    known.set(site, now);
    return now;
  };
  const located = <Located extends { readonly site: Site }>(each: Located): Located => {
    const site = siteOf(each.site);
    return site === each.site ? each : { ...each, site };
  };
  const moment = (each: Moment): Moment => {
    const now = located(each);
    if (now.is !== 'compare') return now;
    const place = placeOf(now.site.file, now.test.place);
    return place === now.test.place ? now : { ...now, test: { ...now.test, place } };
  };
  const accesses = changedList(trace.accesses, (each: Access) => located(each));
  const uses = changedList(trace.uses, (each: Use) => located(each));
  const moments = changedList(trace.moments, moment);
  if (isGone) return undefined;
  const isSame = accesses === trace.accesses && uses === trace.uses && moments === trace.moments;
  return isSame ? trace : { ...trace, accesses: [...accesses], uses: [...uses], moments: [...moments] };
}

/** The list itself when none of its members is another one now. */
function changedList<Member>(list: readonly Member[], change: (member: Member) => Member): readonly Member[] {
  const changed = list.map(change);
  return changed.every((member, index) => member === list[index]) ? list : changed;
}
