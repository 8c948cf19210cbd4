import type { Severity } from '../model/check.ts';
import type { Finding, Grade, Report } from '../model/report.ts';
import { UserError } from '../model/user-error.ts';
import { isAtLeast } from './finding.ts';
import { leastOf, scoreOf } from './score.ts';

export interface Comparison {
  readonly new: readonly Finding[];
  readonly known: readonly Finding[];
  /** In the earlier report, and not in this one. */
  readonly gone: readonly Finding[];
}

/**
 * Compares findings with those of an earlier report, by fingerprint. Without one, all are new. A finding that several views of the
 * source come to is new when one of them is, and then only as grave as it is for those.
 */
export function compareWith(report: Report, baseline: Report | undefined): Comparison {
  const before = baseline?.findings ?? [];
  const prints = new Set(before.flatMap(printsOf));
  // Of findings that name no views it is not known which ones they were about.
  const whole = new Set(before.flatMap(({ fingerprint, source }) => (source?.views ? [] : [fingerprint])));
  const now = new Set(report.findings.flatMap(printsOf));
  const isKnown = (print: string): boolean => prints.has(print);
  const isKnownFinding = (finding: Finding): boolean => whole.has(finding.fingerprint) || printsOf(finding).every(isKnown);
  return {
    new: report.findings.filter((finding) => !isKnownFinding(finding)).map((finding) => atNewViews(finding, isKnown)),
    known: report.findings.filter(isKnownFinding),
    gone: before.filter((finding) => !printsOf(finding).some((print) => now.has(print))),
  };
}

/** The fingerprint of a finding, and those of the views that it is about. */
function printsOf({ fingerprint, source }: Finding): readonly string[] {
  return [fingerprint, ...(source?.views ?? []).map((view) => view.fingerprint)];
}

function atNewViews(finding: Finding, isKnown: (print: string) => boolean): Finding {
  if (!isKnown(finding.fingerprint)) return finding;
  const [worst] = (finding.source?.views ?? [])
    .filter((view) => !isKnown(view.fingerprint))
    .toSorted((one, other) => (isAtLeast(one.severity, other.severity) ? -1 : 1));
  return worst ? { ...finding, severity: worst.severity, confidence: worst.confidence } : finding;
}

export interface GateOptions {
  /** The least score, or grade, that passes. */
  readonly threshold?: number | Grade | undefined;
  /** The mildest severity of a finding that fails. What the source says and no probe showed does not count; nor, in an analysis, what is tentative. */
  readonly failOn?: Severity | undefined;
  /** Findings of this earlier report do not count, neither for the score nor by severity. */
  readonly baseline?: Report | undefined;
}

export interface Gate {
  readonly passed: boolean;
  /** A sentence. */
  readonly why: string;
}

/** Whether the report passes what was asked for. Fails closed: a report without a score passes no gate. */
export function gate(report: Report, { threshold, failOn, baseline }: GateOptions): Gate {
  if (threshold === undefined && failOn === undefined) return { passed: true, why: 'No gate was asked for.' };
  // An analysis of source alone has findings and no score.
  const isAnalysis = report.kind === 'source';
  if (report.outcome !== 'done' || (report.score === null && !(isAnalysis && threshold === undefined)))
    return { passed: false, why: 'Too little was judged for a score, so the gate fails.' };
  const { new: fresh, known } = compareWith(report, baseline);
  const beside = known.length > 0 ? ` (${known.length} known from the baseline not counted)` : '';
  const reasons: string[] = [];
  const merits: string[] = [];
  if (failOn !== undefined) {
    const bad = fresh.filter((finding) => counts(finding, isAnalysis) && isAtLeast(finding.severity, failOn));
    const phrase = `${bad.length === 1 ? '1 finding is' : `${bad.length === 0 ? 'no' : bad.length} findings are`} ${failOn}${failOn === 'critical' ? '' : ' or worse'}`;
    (bad.length > 0 ? reasons : merits).push(phrase);
  }
  if (threshold !== undefined) {
    const least = typeof threshold === 'number' ? threshold : leastOf(threshold);
    const score = baseline ? scoreWithout(report, fresh) : report.score;
    // Written so that a score or threshold that is no number fails.
    const isEnough = score !== null && score >= least;
    (isEnough ? merits : reasons).push(`the score ${score ?? 'null'} is ${isEnough ? 'at least' : 'below'} ${threshold}`);
  }
  const passed = reasons.length === 0;
  return { passed, why: `${sentence(passed ? merits : reasons)}${beside}.` };
}

/** Reads `--threshold`: a score from 0 to 100, or a grade from A to F in either case. Returns the least score that passes. */
export function parseThreshold(text: string): number {
  const trimmed = text.trim();
  const grade = (['A', 'B', 'C', 'D', 'F'] as const).find((name) => name === trimmed.toUpperCase());
  if (grade !== undefined) return leastOf(grade);
  const score = /^\d{1,3}(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (score >= 0 && score <= 100) return score;
  throw new UserError('threshold-invalid', `"${text}" is not a threshold.`, {
    hint: 'Give a score from 0 to 100, or a grade: A, B, C, D or F.',
  });
}

/** Of an analysis counts what it is sure of; of a scan what was shown on the target. */
function counts(finding: Finding, isAnalysis: boolean): boolean {
  return isAnalysis ? finding.confidence !== 'tentative' : isProven(finding);
}

function isProven({ source }: Finding): boolean {
  return source?.standing !== 'unproven';
}

function scoreWithout(report: Report, fresh: readonly Finding[]): number | null {
  const judged = Object.fromEntries(Object.entries(report.categories).map(([category, { judged: count }]) => [category, count]));
  return scoreOf({ judged, findings: fresh.filter(isProven), context: report.context }).score;
}

function sentence(parts: readonly string[]): string {
  const text = parts.join(', and ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
