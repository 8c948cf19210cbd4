export { analyze, analyzeFiles, type AnalyzeOptions, type SourceReport, type SourceRoute } from './analyze.ts';
export { rules } from './rules/index.ts';
export type { Rule } from './rules/rule.ts';
export { reportOfSource } from './report-of-source.ts';
