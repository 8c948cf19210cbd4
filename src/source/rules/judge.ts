import type { Run } from '../flask/run-route.ts';
import type { Resource } from './resources.ts';
import type { App, KnownApp, Match, Rule } from './rule.ts';

/** What rules found in an app, run by run. */
export interface Judgement<Found> {
  readonly app: KnownApp;
  readonly runs: readonly Judged<Found>[];
}

interface Judged<Found> {
  readonly run: Run;
  readonly found: readonly Found[];
  readonly asked: Asked;
}

/** What rules asked about the rest of the app. */
interface Asked {
  readonly resources: Set<string>;
  readonly places: Set<string>;
  /** They looked at other runs. */
  runs: boolean;
}

/**
 * Asks each rule about each run. What was said before is said again where neither the run nor anything that the rules asked for
 * has changed.
 */
export function judge<Found>(
  rules: readonly Rule[],
  app: KnownApp,
  findingOf: (rule: Rule, match: Match, run: Run, view: number) => Found,
  before?: Judgement<Found>,
): Judgement<Found> {
  const watched = watch(app);
  const isSame = before && sameAs(before.app, app);
  const runs = app.runs.map((run, view): Judged<Found> => {
    const known = before?.runs[view];
    if (known?.run === run && isSame?.(known.asked) === true) return known;
    const asked = watched.begin();
    const found = rules.flatMap((rule) => rule.match(run, watched.app).map((match) => findingOf(rule, match, run, view)));
    return { run, found, asked };
  });
  return { app, runs };
}

/** The app, and a record of what is asked of it. */
function watch(app: KnownApp): { readonly app: App; readonly begin: () => Asked } {
  const fresh = (): Asked => ({ resources: new Set(), places: new Set(), runs: false });
  let asked = fresh();
  const ofRuns = <Part>(part: Part): Part => {
    asked.runs = true;
    return part;
  };
  const { isPublic, hasCallers, encodesDocuments } = app;
  return {
    app: {
      isPublic,
      hasCallers,
      encodesDocuments,
      resources: {
        get: (name) => (asked.resources.add(name), app.resources.get(name)),
        has: (name) => (asked.resources.add(name), app.resources.has(name)),
      },
      shared: { has: (place) => (asked.places.add(place), app.shared.has(place)) },
      get runs() {
        return ofRuns(app.runs);
      },
      get others() {
        return ofRuns(app.others);
      },
      get notes() {
        return ofRuns(app.notes);
      },
    },
    begin: () => (asked = fresh()),
  };
}

/** A test for what has the same answers in two apps. */
function sameAs(one: KnownApp, other: KnownApp): (asked: Asked) => boolean {
  if (one.hasCallers !== other.hasCallers || one.encodesDocuments !== other.encodesDocuments) return () => false;
  const known = new Map<string, boolean>();
  const isSame = (name: string): boolean => {
    const same = known.get(name) ?? isSameResource(one.resources.get(name), other.resources.get(name));
    known.set(name, same);
    return same;
  };
  return ({ resources, places, runs }) =>
    !runs && [...resources].every(isSame) && [...places].every((place) => one.shared.has(place) === other.shared.has(place));
}

function isSameResource(one: Resource | undefined, other: Resource | undefined): boolean {
  if (!one || !other) return one === other;
  const settled = [...other.settled];
  return (
    isSameList(one.guarded.read, other.guarded.read, isLike) &&
    isSameList(one.guarded.write, other.guarded.write, isLike) &&
    isSameList([...one.settled], settled, ([name, runs], [otherName, others]) => name === otherName && isSameList(runs, others, isLike)) &&
    isSameList([...one.fields], [...other.fields]) &&
    isSameList([...one.parents], [...other.parents]) &&
    isSameList([...one.keys], [...other.keys]) &&
    isSameList([...one.owners].flat(), [...other.owners].flat())
  );
}

/** Of the runs that do it right, the first one is looked at; of the others, whether they are there and know their caller. */
function isLike(one: Run, other: Run, index: number): boolean {
  if (one === other) return true;
  const { route } = one;
  return (
    index > 0 && one.isAuthenticated === other.isAuthenticated && route.methods === other.route.methods && route.rule === other.route.rule
  );
}

function isSameList<Member>(
  one: readonly Member[],
  other: readonly Member[],
  isSame: (one: Member, other: Member, index: number) => boolean = Object.is,
): boolean {
  return one.length === other.length && one.every((each, index) => index in other && isSame(each, other[index] ?? each, index));
}
