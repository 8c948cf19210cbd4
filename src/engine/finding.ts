import { createHash } from 'node:crypto';
import type { Confidence, Judged, Severity, Verdict } from '../model/check.ts';
import { shownAs, type Operation } from '../model/operation.ts';
import type { Finding, Fix } from '../model/report.ts';
import { curlOf } from './curl.ts';
import type { Redactor } from './redact.ts';
import { pointsOfOne } from './score.ts';
import { transcriptsOf, type CallerOf } from './transcript.ts';

type Failure = Extract<Verdict, { readonly outcome: 'fail' }>;

/** From the worst to the mildest. */
const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
const confidences: readonly Confidence[] = ['certain', 'firm', 'tentative'];

export interface FindingTools {
  readonly redactor: Redactor;
  readonly callerOf: CallerOf;
  /** Line of a JSON Pointer in the description. */
  readonly lineOf?: ((pointer: string) => number | undefined) | undefined;
  /** The repair for a check at an operation, in the target's own stack. */
  readonly fixOf?: ((check: string, operation: Finding['operation']) => Fix | undefined) | undefined;
}

/** Sixteen hex digits that stay the same between runs: of check, method, path template and part, and nothing else. */
export function fingerprintOf(check: string, method: string, path: string, part = ''): string {
  return createHash('sha256')
    .update(JSON.stringify([check, method, path, part]))
    .digest('hex')
    .slice(0, 16);
}

/**
 * The distinct findings among the verdicts, worst first. Verdicts with one fingerprint (both directions, several objects)
 * become the one finding that costs most points, with its own evidence.
 */
export function findingsOf(judged: readonly Judged[], tools: FindingTools): Finding[] {
  const best = new Map<string, { readonly judged: Judged; readonly failure: Failure }>();
  for (const each of judged) {
    if (each.verdict.outcome !== 'fail') continue;
    const candidate = { judged: each, failure: each.verdict };
    const { operation } = each.subject;
    const { method, path } = shownAs(operation);
    const fingerprint = fingerprintOf(each.check.id, method, path, each.verdict.part);
    const rival = best.get(fingerprint);
    if (!rival || isStronger(candidate, rival)) best.set(fingerprint, candidate);
  }
  return [...best]
    .map(([fingerprint, { judged: each, failure }]) => findingOf(fingerprint, each, failure, tools))
    .toSorted(compareFindings);
}

/** Worst first: severity, confidence, path, method, check. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    confidences.indexOf(a.confidence) - confidences.indexOf(b.confidence) ||
    order(a.operation.path, b.operation.path) ||
    order(a.operation.method, b.operation.method) ||
    order(a.check, b.check) ||
    order(a.fingerprint, b.fingerprint)
  );
}

/** True when severity `a` is at least as bad as `b`. */
export function isAtLeast(a: Severity, b: Severity): boolean {
  return severities.indexOf(a) <= severities.indexOf(b);
}

function isStronger(a: { judged: Judged; failure: Failure }, b: { judged: Judged; failure: Failure }): boolean {
  const difference = pointsOf(a) - pointsOf(b);
  if (difference !== 0) return difference > 0;
  const confidence = confidences.indexOf(a.failure.confidence) - confidences.indexOf(b.failure.confidence);
  if (confidence !== 0) return confidence < 0;
  // Whatever order the verdicts came in, the same one is shown.
  return order(tieKey(a), tieKey(b)) < 0;
}

function pointsOf({ judged: { check }, failure }: { judged: Judged; failure: Failure }): number {
  return pointsOfOne({
    check: check.id,
    category: check.category,
    severity: failure.severity ?? check.severity,
    confidence: failure.confidence,
  });
}

function tieKey({ judged: { subject }, failure }: { judged: Judged; failure: Failure }): string {
  const who = subject.kind === 'object' ? [subject.owner, subject.stranger, subject.access.object.id] : [];
  return JSON.stringify([...who, failure.proof]);
}

function findingOf(fingerprint: string, { check, subject }: Judged, failure: Failure, tools: FindingTools): Finding {
  const { redactor, callerOf, lineOf } = tools;
  const { operation } = subject;
  const { pointer } = operation.source;
  const line = pointer === undefined ? undefined : lineOf?.(pointer);
  const fix = tools.fixOf?.(check.id, operation);
  const decisive = failure.exhibits[failure.replay ?? 0] ?? failure.exhibits[0];
  return {
    fingerprint,
    check: check.id,
    category: check.category,
    title: check.docs.title,
    severity: failure.severity ?? check.severity,
    confidence: failure.confidence,
    owasp: check.docs.owasp,
    cwe: check.docs.cwe.map((number) => `CWE-${number}`),
    operation: isPublic(operation) ? shownAs(operation) : { method: operation.method, path: redactor.mask(operation.path) },
    ...(pointer === undefined ? {} : { pointer }),
    ...(line === undefined ? {} : { line }),
    identities:
      subject.kind === 'object' ? { owner: subject.owner, ...(subject.stranger === null ? {} : { stranger: subject.stranger }) } : {},
    proof: redactor.mask(failure.proof),
    evidence: transcriptsOf(failure.exhibits, redactor, callerOf),
    ...(failure.replay === undefined || decisive !== failure.exhibits[failure.replay] ? {} : { decisive: failure.replay }),
    curl: decisive ? curlOf(decisive.answer, callerOf(decisive.answer), redactor) : '',
    remedy: check.docs.remedy,
    ...(fix ? { fix } : {}),
  };
}

/** A crawled or recorded path is traffic, and may hold what the traffic held; a described one is public. */
function isPublic({ source }: Operation): boolean {
  return source.kind === 'openapi' || source.kind === 'graphql';
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
