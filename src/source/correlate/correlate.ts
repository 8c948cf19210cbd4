import type { Finding } from '../../model/report.ts';
import type { SourceEvidence } from '../../model/source.ts';
import { rulesBehind } from './explains.ts';
import type { Matcher } from './match-operation.ts';
import { faultOf, type SourceReading } from './reading.ts';
import type { Got } from './view-watch.ts';

type Suspected = SourceReading['suspected'][number];

/**
 * Joins what was proven on the running target with what its source says: a proven finding gets the line at fault, or the view that
 * the operation is served by. What no probe showed follows, as findings that are unproven.
 */
export function correlate(
  proven: readonly Finding[],
  { views, suspected }: SourceReading,
  matcher: Matcher,
  gotAt: (view: number) => Got,
): readonly Finding[] {
  const settled = new Set<string>();
  const located = proven.map((finding): Finding => {
    const view = viewOf(finding, matcher);
    if (view === undefined) return finding;
    const explaining = explanations(
      finding,
      suspected.filter((each) => each.view === view),
    );
    for (const each of explaining) settled.add(faultOf(each.finding));
    const [first] = explaining;
    const location = first?.finding.location ?? views[view]?.view;
    const patch = explaining.find((each) => each.finding.patch)?.finding.patch;
    return { ...finding, ...(location ? { location } : {}), ...(patch ? { patch } : {}), source: evidenceOf(explaining) };
  });
  return [...located, ...unproven(suspected, settled, gotAt)];
}

/** The view behind a finding: that which the decisive request reached, unless it is another operation's. */
function viewOf({ operation, evidence, decisive = 0 }: Finding, matcher: Matcher): number | undefined {
  const described = matcher.ofOperation(operation);
  const request = evidence[decisive]?.request;
  const reached = request?.method === operation.method ? matcher.ofRequest(request.method, pathOf(request.url)) : undefined;
  if (!described || !reached) return (described ?? reached)?.index;
  return reached.parts.length === described.parts.length ? reached.index : described.index;
}

function pathOf(url: string): string {
  return url.replace(/^[a-z][\w+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') || '/';
}

const does: Readonly<Record<string, SourceEvidence['does']>> = {
  'foreign-object-read': 'read',
  'foreign-collection-read': 'read',
  'neighbouring-id-read': 'read',
  'foreign-object-change': 'change',
  'foreign-object-delete': 'delete',
  'foreign-object-action': 'change',
};

/** What the analysis has against the view that is of the finding's kind, the likeliest first. */
function explanations({ check }: Finding, suspected: readonly Suspected[]): readonly Suspected[] {
  const rules = rulesBehind[check] ?? [];
  const wanted = does[check];
  const fitting = suspected
    .filter(({ finding }) => rules.includes(finding.check))
    .toSorted((one, other) => rules.indexOf(one.finding.check) - rules.indexOf(other.finding.check));
  if (wanted === undefined) return fitting;
  // One view may read, change and delete, by the method of the request.
  const alike = fitting.filter(
    ({ finding }) =>
      finding.source?.does === undefined || finding.source.does === wanted || (finding.source.does === 'use' && wanted === 'change'),
  );
  return alike.some(({ finding }) => finding.source?.does !== undefined) ? alike : fitting;
}

function evidenceOf(explaining: readonly Suspected[]): SourceEvidence {
  const [first] = explaining;
  const evidence = first?.finding.source;
  if (!evidence) return { kind: 'source', standing: 'shown', at: 'view', rules: [], says: [], trace: [] };
  const { method, path } = first.finding.operation;
  return {
    ...evidence,
    standing: 'shown',
    rules: [...new Set(explaining.map(({ finding }) => finding.check))],
    // The view of the proof is the finding's own, by whatever names the description has for its parameters.
    ...(evidence.views ? { views: evidence.views.filter((view) => view.method !== method || view.path !== path) } : {}),
  };
}

/** One finding for each fault that no proof settled, at the gravest of the views that it is about. */
function unproven(suspected: readonly Suspected[], settled: ReadonlySet<string>, gotAt: (view: number) => Got): readonly Finding[] {
  const faults = new Map<string, Finding>();
  for (const { view, finding } of suspected) {
    const key = faultOf(finding);
    const { source } = finding;
    if (settled.has(key) || faults.has(key) || !source) continue;
    faults.set(key, {
      ...finding,
      source: { ...source, standing: 'unproven', says: [...source.says, whyUnproven(finding.check, gotAt(view))] },
    });
  }
  return [...faults.values()];
}

const provable = new Set(Object.values(rulesBehind).flat());

function whyUnproven(rule: string, got: Got): string {
  return provable.has(rule) ? whyOpen[got] : 'Nothing that is sent to a target can show this.';
}

const whyOpen: Readonly<Record<Got, string>> = {
  served: 'Probes reached the view, and none of them showed it.',
  refused: 'Every request to the view was refused, so it was not tried.',
  failed: 'Every request to the view failed, so it was not tried.',
  'not-tried': 'No probe reached the view.',
};
