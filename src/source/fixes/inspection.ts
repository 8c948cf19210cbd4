import type { Finding } from '../../model/report.ts';
import type { Run } from '../flask/run-route.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import type { KnownApp, Match } from '../rules/rule.ts';
import type { SourceReport } from '../analyze.ts';

/** A finding with what is known of it beyond the report. */
export interface Problem {
  readonly finding: Finding;
  readonly match: Match;
  readonly run: Run;
}

/** An analysis, with what repairs are made from. */
export interface Inspection {
  /** Made when it is asked for. */
  readonly report: SourceReport;
  /** One for each place. */
  readonly problems: readonly Problem[];
  /** The same at each view that they are about. */
  readonly found: readonly Problem[];
  readonly app: KnownApp;
  readonly files: ReadonlyMap<string, ParsedFile>;
  /**
   * The same analysis after some of the files have changed: what the changes cannot concern is not gone through again, and what
   * comes of it is what an analysis from the beginning says.
   */
  readonly after: (changed: readonly ParsedFile[]) => Inspection;
  /** The same; nothing where the changes concern more than what functions do, so that it would take an analysis from the beginning. */
  readonly quicklyAfter: (changed: readonly ParsedFile[]) => Inspection | undefined;
}
