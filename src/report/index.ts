import type { Report } from '../model/report.ts';
import { htmlReport } from './html/html-report.ts';
import { json } from './json.ts';
import { pretty, type FormatOptions } from './pretty.ts';
import { sarif } from './sarif.ts';
import { summary } from './summary.ts';

export type { FormatOptions } from './pretty.ts';
export { parseReport, reportJsonSchema, reportSchema } from './schema.ts';

export type FormatName = 'pretty' | 'summary' | 'json' | 'sarif' | 'html';

/** Every output: a function of the report and of nothing else. Each ends with a newline. */
export const formats: Readonly<Record<FormatName, (report: Report, options: FormatOptions) => string>> = {
  pretty,
  summary,
  json,
  sarif,
  html: htmlReport,
};
