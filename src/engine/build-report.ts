import type { Category, Judged } from '../model/check.ts';
import type { Surface } from '../model/operation.ts';
import type { Allow, Context, Finding, Fix, IdentityReport, Reach, Report, Skipped, SourceCoverage } from '../model/report.ts';
import type { Stack } from '../model/stack.ts';
import type { World } from '../model/world.ts';
import { findingsOf } from './finding.ts';
import { redactor, type Redactor } from './redact.ts';
import { scoreOf } from './score.ts';
import type { SeenStack } from './stack.ts';
import type { CallerOf } from './transcript.ts';

/** Everything a scan ends with, secrets included. */
export interface BuildReportInput {
  /** Of this tool. */
  readonly version: string;
  /** The target as the user named it. */
  readonly url: string;
  /** Absent when nothing was discovered. */
  readonly surface?: Surface | undefined;
  readonly world?: World | undefined;
  readonly seed: string;
  readonly allow: Allow;
  readonly context?: Context | undefined;
  readonly startedAt: Date;
  readonly judged: readonly Judged[];
  readonly skipped: readonly Skipped[];
  /** Sentences: why the scan is inconclusive. Empty when it is not. */
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
  readonly stats: Report['stats'];
  /** Every secret lent or minted, as in `Session.secrets`. */
  readonly secrets: readonly string[];
  readonly reach: readonly Reach[];
  readonly identities: readonly IdentityReport[];
  /** In whose name an exhibit's request was sent; `undefined` for a bare one. */
  readonly callOf: CallerOf;
  readonly stack?: SeenStack | undefined;
  /** The repair for a check at an operation, in a stack, when there is one that was written for it. */
  /** Joins what was proven with what the source says: adds places, and what stays unproven. */
  readonly correlate?: ((proven: readonly Finding[]) => readonly Finding[]) | undefined;
  readonly sourceCoverage?: SourceCoverage | undefined;
  readonly fixOf?: ((check: string, stack: Stack, operation: Finding['operation']) => Fix | undefined) | undefined;
}

/**
 * Makes the report: the only place where exchanges become evidence. Same input, same report, whatever the order of `judged`.
 * An inconclusive scan has no score: what little was judged would flatter the rest.
 */
export function buildReport(input: BuildReportInput): Report {
  const { surface, judged } = input;
  const redact = redactorFor(input);
  const { stack = { seenIn: [] }, fixOf } = input;
  const proven = findingsOf(judged, {
    redactor: redact,
    callerOf: input.callOf,
    lineOf: surface?.document?.lineOf,
    fixOf: fixOf && ((check, operation) => fixOf(check, stack, operation)),
  });
  const verdicts = countOutcomes(judged);
  const reasons = reasonsOf(input, verdicts.pass + verdicts.fail);
  const { score, grade, categories } = scoreOf({ judged: countJudged(judged), findings: proven, context: input.context });
  const findings = (input.correlate?.(proven) ?? proven).map((finding) => withoutSecrets(finding, redact));
  const isDone = reasons.length === 0;
  return {
    schemaVersion: '1.0',
    kind: 'scan',
    tool: { name: 'middlebrick', version: input.version },
    target: {
      url: redact.url(input.url),
      ...(surface?.title === undefined ? {} : { title: surface.title }),
      ...(surface?.document === undefined ? {} : { description: redact.url(surface.document.location), dialect: surface.document.dialect }),
      ...(input.stack === undefined ? {} : { stack: input.stack }),
    },
    seed: input.seed,
    allow: input.allow,
    ...(input.context === undefined ? {} : { context: input.context }),
    startedAt: input.startedAt.toISOString(),
    outcome: isDone ? 'done' : 'inconclusive',
    reasons: reasons.map(redact.mask),
    score: isDone ? score : null,
    grade: isDone ? grade : null,
    categories,
    identities: input.identities.map((identity) => ({ ...identity, why: redact.mask(identity.why) })),
    coverage: {
      operations: surface?.operations.length ?? 0,
      reached: input.reach.filter((reach) => Object.values(reach.access).includes('served')).length,
      verdicts,
      ...(input.sourceCoverage ? { source: input.sourceCoverage } : {}),
      reach: input.reach.map((reach) => (reach.source === 'openapi' ? reach : { ...reach, operation: redact.mask(reach.operation) })),
    },
    stats: input.stats,
    findings,
    skipped: input.skipped.map((each) => ({ ...each, what: redact.mask(each.what), why: redact.mask(each.why) })),
    notes: [...new Set([...(surface?.notes ?? []), ...input.notes])].map(redact.mask),
  };
}

/** A line of source may hold a secret that was lent to the scan. */
function withoutSecrets(finding: Finding, { mask }: Redactor): Finding {
  const { source } = finding;
  if (!source) return finding;
  const { sibling } = source;
  return {
    ...finding,
    proof: mask(finding.proof),
    source: {
      ...source,
      says: source.says.map(mask),
      trace: source.trace.map((step) => ({ ...step, text: mask(step.text) })),
      ...(sibling ? { sibling: { ...sibling, text: mask(sibling.text) } } : {}),
    },
  };
}

function redactorFor({ secrets, world, surface }: BuildReportInput): Redactor {
  const facts = world?.identities.flatMap((identity) => Object.values(identity.facts)) ?? [];
  const markers = world?.objects.flatMap((object) => object.markers.map((marker) => marker.value)) ?? [];
  const schemes = Object.values(surface?.securitySchemes ?? {});
  const places = schemes.flatMap((scheme) => (scheme.kind === 'apiKey' ? [scheme.name] : []));
  return redactor(secrets, { known: [...facts, ...markers], places });
}

/** Nothing judged and no reason given would be blind and green. */
function reasonsOf({ reasons }: BuildReportInput, judged: number): readonly string[] {
  return reasons.length === 0 && judged === 0 ? ['No check came to a verdict, so nothing can be said about this target.'] : reasons;
}

function countOutcomes(judged: readonly Judged[]): Report['coverage']['verdicts'] {
  const counts = { pass: 0, fail: 0, inconclusive: 0, skipped: 0, broken: 0 };
  for (const { verdict } of judged) counts[verdict.outcome] += 1;
  return counts;
}

function countJudged(judged: readonly Judged[]): Partial<Record<Category, number>> {
  const counts: Partial<Record<Category, number>> = {};
  for (const { check, verdict } of judged) {
    if (verdict.outcome === 'pass' || verdict.outcome === 'fail') counts[check.category] = (counts[check.category] ?? 0) + 1;
  }
  return counts;
}
