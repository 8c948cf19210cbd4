import type { Confidence, Severity } from '../model/check.ts';
import type { Finding } from '../model/report.ts';
import type { SourceView } from '../model/source.ts';
import type { Problem } from './fixes/inspection.ts';
import { locationOf } from './views.ts';

/** What a rule has against a view. */
export interface Found extends Problem {
  /** Number of the view. */
  readonly view: number;
}

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
const confidences: readonly Confidence[] = ['certain', 'firm', 'tentative'];

/** Below zero when the first of two is graver. */
export function compareSeverity(one: Pick<Finding, 'severity'>, other: Pick<Finding, 'severity'>): number {
  return severities.indexOf(one.severity) - severities.indexOf(other.severity);
}

/** Below zero when the first of two is graver, or as grave and surer. */
export function compareGravity(one: Pick<Finding, 'severity' | 'confidence'>, other: Pick<Finding, 'severity' | 'confidence'>): number {
  return compareSeverity(one, other) || confidences.indexOf(one.confidence) - confidences.indexOf(other.confidence);
}

/** Lets each finding name all views that come by its line: one line may be at fault for several. */
export function withViews(found: readonly Found[]): readonly Found[] {
  const groups = new Map<string, Found[]>();
  for (const each of found) {
    const key = placeOf(each.finding);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  const views = new Map([...groups].map(([key, group]) => [key, viewsOf(group)]));
  return found.map((each): Found => {
    const { source } = each.finding;
    return source ? { ...each, finding: { ...each.finding, source: { ...source, views: views.get(placeOf(each.finding)) ?? [] } } } : each;
  });
}

/** One finding for one place and rule, at the view that it is gravest for: several views that share a helper are one mistake. */
export function distinctOf(found: readonly Found[]): readonly Found[] {
  const worst = new Map<string, Found>();
  for (const each of found) {
    const key = placeOf(each.finding);
    const rival = worst.get(key);
    if (!rival || compareGravity(each.finding, rival.finding) < 0) worst.set(key, each);
  }
  return [...worst.values()];
}

function placeOf({ check, location }: Finding): string {
  return JSON.stringify([check, location?.file, location?.line, location?.column]);
}

/** Each view once, the gravest first. */
function viewsOf(group: readonly Found[]): readonly SourceView[] {
  const sorted = group.toSorted((one, other) => compareGravity(one.finding, other.finding));
  const first = new Map<number, Found>();
  for (const each of sorted) if (!first.has(each.view)) first.set(each.view, each);
  return [...first.values()].map(({ finding: { fingerprint, operation, severity, confidence }, run: { route } }) => ({
    ...locationOf(route),
    ...operation,
    severity,
    confidence,
    fingerprint,
  }));
}
