export { scan, type ScanResult } from './scan.ts';
export type { HarIdentity, ScanOptions } from './scan-options.ts';
export type { Trace } from './discover/index.ts';
export { mapPermissions, type MapResult } from './map-permissions.ts';
export {
  parsePermissions,
  permissionsOf,
  permissionsTable,
  permissionsYaml,
  type MapCell,
  type MapRow,
  type PermissionMap,
} from './permissions/index.ts';
export type { Decision, Permissions } from './model/permissions.ts';
export { judgeRecording, type JudgeOptions } from './judge-recording.ts';
export { cleanUpJournal, type CleanUpOptions } from './clean-up-journal.ts';
export { checks } from './checks/index.ts';
export { parseAuthFlag, parseIdentitiesFile, type DeclaredIdentity } from './identity/index.ts';
export { gate, parseThreshold } from './engine/baseline.ts';
export { knownNames, remedies, remediesFor, sourceOf, type Fit, type FittedRemedy, type Remedy } from './remedies/index.ts';
export { parseStack, stackPhrase, type Stack } from './model/stack.ts';
export { UserError } from './model/user-error.ts';
export type { PlanLine } from './engine/plan-lines.ts';
export type { Listener, ScanEvent } from './model/events.ts';
export type { AnyCheck, Category, Confidence, Severity } from './model/check.ts';
export type { Allow, Context, Finding, Fix, Grade, Patch, Report } from './model/report.ts';
export { version } from './version.ts';
export {
  analyze,
  readDeclaredFile,
  reportOfSource,
  rules,
  type AnalyzeOptions,
  type PatchedFiles,
  type PatchOptions,
  type Declared,
  type Rule,
  type SourceReport,
  type SourceRoute,
} from './source/index.ts';
