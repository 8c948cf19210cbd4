import { createHash } from 'node:crypto';
import type { Finding } from '../model/report.ts';
import type { Run } from './flask/run-route.ts';
import type { ParsedFile } from './project/parse-files.ts';
import { compareGravity, compareSeverity } from './at-fault.ts';
import { evidenceOf, linesOf } from './evidence.ts';
import type { Match, Rule } from './rules/rule.ts';

type Files = ReadonlyMap<string, ParsedFile>;

export function findingOf(rule: Rule, match: Match, run: Run, files: Files): Finding {
  const { route } = run;
  const { site, part = '' } = match;
  const { place, file } = site;
  const method = route.methods[0] ?? 'GET';
  const line = linesOf(files)(file, place.line);
  const { docs } = rule;
  return {
    fingerprint: createHash('sha256')
      .update(JSON.stringify([rule.id, method, route.path, part, site.function]))
      .digest('hex')
      .slice(0, 16),
    check: rule.id,
    category: rule.category,
    title: docs.title,
    severity: match.severity ?? rule.severity,
    confidence: match.confidence,
    owasp: docs.owasp,
    cwe: docs.cwe.map((number) => `CWE-${number}`),
    operation: { method, path: route.path },
    location: { file, line: place.line, column: place.column, function: site.function },
    identities: {},
    source: evidenceOf(rule.id, match, run, files),
    proof: `${match.proof} ${file}:${place.line}: ${line}`,
    evidence: [],
    curl: '',
    remedy: docs.remedy,
  };
}

/** The gravest first, then by where they stand. */
export function compare(a: Finding, b: Finding): number {
  return (
    compareSeverity(a, b) ||
    (a.location?.file ?? '').localeCompare(b.location?.file ?? '') ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
    a.check.localeCompare(b.check) ||
    compareGravity(a, b)
  );
}

/** The reason that a comment gives for setting a finding aside: one at its line, or on a line of its own above. */
export function whyIgnored({ check, location }: Finding, files: Files): string | undefined {
  if (!location) return undefined;
  const { file, line } = location;
  const comments = files.get(file)?.module.comments;
  const isAlone = linesOf(files)(file, line - 1).startsWith('#');
  for (const comment of [comments?.get(line), isAlone ? comments?.get(line - 1) : undefined]) {
    const named = /middlebrick:\s*ignore(?:\[([\w\s,-]+)\])?(.*)/s.exec(comment ?? '');
    if (!named) continue;
    const [, rules, reason = ''] = named;
    if (rules === undefined || rules.split(',').some((each) => each.trim() === check)) return reason.replace(/^[\s:,-]+/, '').trim();
  }
  return undefined;
}
