import type { Confidence, Finding, Report, Severity } from '../src/index.ts';
import type { Expected, Expectation, Twin } from './system.ts';

/** A report held against what was expected of it. Sentences are for people. */
export interface Comparison {
  readonly expected: number;
  readonly found: number;
  /** Expected findings that are missing or weaker than stated. */
  readonly missed: readonly string[];
  /** Findings of certain or firm confidence, low or above, that nothing accounts for. */
  readonly unexpected: readonly string[];
  /** Those of `unexpected` that must not be: at a safe operation, or anywhere in a repaired twin. */
  readonly wrong: readonly string[];
  /** Operations of `expected.yaml` that the scan never learned of. */
  readonly undiscovered: readonly string[];
}

/** What is read of a report. */
export interface Findings {
  readonly findings: readonly Finding[];
  readonly coverage: Pick<Report['coverage'], 'reach'>;
}

const severities: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];
const confidences: readonly Confidence[] = ['tentative', 'firm', 'certain'];

/**
 * Holds the report of a twin against `expected.yaml`. A scan that only `read` plants nothing, so that nothing it finds can be more
 * than firm.
 */
export function compare(report: Findings, { operations, known_misses: knownMisses }: Expected, twin: Twin, read = false): Comparison {
  const entries = new Map(operations.map((entry) => [plain(entry.operation), entry]));
  const demanded =
    twin === 'vulnerable'
      ? operations.flatMap(({ operation, vulnerable }) => vulnerable.map((one) => ({ operation, wanted: read ? atMostFirm(one) : one })))
      : [];
  const missed = demanded.flatMap(({ operation, wanted }) => missing(report.findings, operation, wanted));
  const known = new Set(knownMisses.map(({ operation, weakness }) => `${weakness} ${plain(operation)}`));
  const unaccounted = report.findings.filter((finding) => {
    const allowed = entries.get(operationOf(finding))?.[twin] ?? [];
    const isAllowed = allowed.some(({ check }) => check === finding.check) || known.has(`${finding.check} ${operationOf(finding)}`);
    return isProven(finding) && !isAllowed;
  });
  const wrong = unaccounted.filter((finding) => twin === 'repaired' || entries.get(operationOf(finding))?.vulnerable.length === 0);
  const seen = report.coverage.reach.map(({ operation }) => plain(operation));
  return {
    expected: demanded.length,
    found: demanded.length - missed.length,
    missed,
    unexpected: unaccounted.map(described),
    wrong: wrong.map(described),
    undiscovered: operations
      .map(({ operation }) => operation)
      .filter((operation) => !seen.some((other) => isSame(plain(operation), other))),
  };
}

function atMostFirm(wanted: Expectation): Expectation {
  return wanted.confidence === 'certain' ? { ...wanted, confidence: 'firm' } : wanted;
}

/** Certain or firm, and low or above: what a finding must be to count against a twin. */
function isProven({ confidence, severity }: Finding): boolean {
  return confidence !== 'tentative' && severity !== 'info';
}

function missing(findings: readonly Finding[], operation: string, wanted: Expectation): string[] {
  const candidates = findings.filter((finding) => finding.check === wanted.check && operationOf(finding) === plain(operation));
  const isEnough = candidates.some(
    (finding) =>
      severities.indexOf(finding.severity) >= severities.indexOf(wanted.severity) &&
      confidences.indexOf(finding.confidence) >= confidences.indexOf(wanted.confidence),
  );
  if (isEnough) return [];
  const [weaker] = candidates;
  const got = weaker ? `found, but only ${weaker.severity} and ${weaker.confidence}` : 'not found';
  return [`${operation}: ${wanted.check} (${wanted.severity}, ${wanted.confidence}) was ${got}`];
}

function described(finding: Finding): string {
  const { check, severity, confidence, operation, proof } = finding;
  return `${operation.method} ${operation.path}: ${check} (${severity}, ${confidence}). ${proof}`;
}

function operationOf({ operation }: Finding): string {
  return plain(`${operation.method} ${operation.path}`);
}

/** A crawler names the slots of a path as it likes: their names do not tell operations apart. */
export function plain(operation: string): string {
  return operation.replaceAll(/\{[^{}]*\}/g, '{}');
}

/** A description may leave the base path out of its operations. */
function isSame(operation: string, described: string): boolean {
  const [method = '', path = ''] = described.split(' ');
  return operation === described || (operation.startsWith(`${method} `) && path.length > 1 && operation.endsWith(path));
}
