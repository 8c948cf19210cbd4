import type { Report } from '../model/report.ts';
import { ignoredOf } from './correlate/reading.ts';
import type { SourceReport } from './analyze.ts';

/**
 * An analysis as a report, so that every output of a scan can show it. It has no score: source alone proves nothing, and what
 * was not found was not judged.
 */
export function reportOfSource(
  source: SourceReport,
  about: { readonly folder: string; readonly version: string; readonly startedAt: Date },
): Report {
  const { findings, routes, ignored, notes, stats } = source;
  return {
    schemaVersion: '1.0',
    kind: 'source',
    tool: { name: 'middlebrick', version: about.version },
    target: { url: about.folder, title: 'Source analysis' },
    seed: '',
    allow: 'read',
    startedAt: about.startedAt.toISOString(),
    outcome: routes.length === 0 ? 'inconclusive' : 'done',
    reasons: routes.length === 0 ? ['No route of Flask was found, so nothing was analysed.'] : [],
    score: null,
    grade: null,
    categories: {},
    identities: [],
    coverage: {
      operations: routes.length,
      reached: routes.length,
      verdicts: { pass: 0, fail: findings.length, inconclusive: 0, skipped: 0, broken: 0 },
      reach: [],
      source: { folder: about.folder, files: stats.files, views: routes.length, unreached: [], ignored: ignoredOf(ignored) },
    },
    stats: { requests: 0, seconds: stats.seconds, bytes: stats.bytes },
    findings,
    skipped: [],
    notes,
  };
}
