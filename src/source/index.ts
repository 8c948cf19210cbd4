export { analyze, analyzeFiles, type AnalyzeOptions, type SourceReport, type SourceRoute } from './analyze.ts';
export { createViews, type Views } from './correlate/views.ts';
export { readingOf, readingSchema, type SourceReading } from './correlate/reading.ts';
export { readDeclaredFile, type Declared } from './project/declared.ts';
export type { PatchedFiles } from './fixes/combine.ts';
export type { PatchOptions } from './fixes/synthesize.ts';
export { rules } from './rules/index.ts';
export type { Rule } from './rules/rule.ts';
export { reportOfSource } from './report-of-source.ts';
