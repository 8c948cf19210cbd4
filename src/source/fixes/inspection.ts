import type { Finding } from '../../model/report.ts';
import type { Run } from '../flask/run-route.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import type { App, Match } from '../rules/rule.ts';
import type { SourceReport } from '../analyze.ts';

/** A finding with what is known of it beyond the report. */
export interface Problem {
  readonly finding: Finding;
  readonly match: Match;
  readonly run: Run;
}

/** An analysis with what repairs are made from. */
export interface Inspection {
  readonly report: SourceReport;
  readonly problems: readonly Problem[];
  readonly app: App;
  readonly files: ReadonlyMap<string, ParsedFile>;
}

/** Analyses files again, after a change. */
export type Inspect = (files: readonly ParsedFile[]) => Inspection;
