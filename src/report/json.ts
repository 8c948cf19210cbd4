import type { Report } from '../model/report.ts';

/** The report itself, indented; described by report.schema.json. */
export function json(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
