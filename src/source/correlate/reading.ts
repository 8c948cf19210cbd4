import { z } from 'zod';
import { isObject } from '../../model/json.ts';
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
  /** Data stores that the app uses, by the names of libraries, the most used one first. */
  readonly libraries: readonly string[];
  /** Sentences about what could not be read. */
  readonly notes: readonly string[];
}

/** A reading as a recording of this tool holds it. */
export const readingSchema = z.custom<SourceReading>(
  (value) =>
    isObject(value) &&
    typeof value['folder'] === 'string' &&
    ['views', 'suspected', 'ignored', 'libraries', 'notes'].every((name) => Array.isArray(value[name])),
);

/** What a scan needs of an analysis. */
export function readingOf(folder: string, { stats, views, byView, ignored, libraries, notes }: SourceReport): SourceReading {
  return {
    folder,
    files: stats.files,
    views,
    suspected: byView,
    ignored: ignoredOf(ignored),
    libraries,
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
