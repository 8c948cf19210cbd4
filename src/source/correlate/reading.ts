import type { Finding, SourceCoverage } from '../../model/report.ts';
import type { View } from '../../model/source.ts';
import type { SourceReport } from '../analyze.ts';

/** What a scan keeps of an analysis: plain JSON, so that a recording can hold it. */
export interface SourceReading {
  /** The folder, as the user named it. */
  readonly folder: string;
  readonly files: number;
  readonly views: readonly View[];
  /** What is suspected, at each view that it is about. */
  readonly suspected: readonly { readonly view: number; readonly finding: Finding }[];
  readonly ignored: SourceCoverage['ignored'];
  /** Sentences about what could not be read. */
  readonly notes: readonly string[];
}

/** What a scan needs of an analysis. */
export function readingOf(folder: string, { stats, views, byView, ignored, notes }: SourceReport): SourceReading {
  return {
    folder,
    files: stats.files,
    views,
    suspected: byView,
    ignored: ignoredOf(ignored),
    notes: notes.map((note) => `Source: ${note}`),
  };
}

/** What comments set aside, as a report lists it. */
export function ignoredOf(ignored: SourceReport['ignored']): SourceCoverage['ignored'] {
  return ignored.flatMap(({ finding: { check, location }, reason }) => (location ? [{ ...location, rule: check, reason }] : []));
}

/** What one line does wrong by one rule: the same for all the views that come by it. */
export function faultOf({ check, location, fingerprint }: Finding): string {
  return location ? JSON.stringify([check, location.file, location.line, location.column]) : fingerprint;
}
