import type { Category, Confidence, Severity } from '../model/check.ts';
import type { Finding, Report, Skipped } from '../model/report.ts';
import type { SourceView } from '../model/source.ts';
import { stackPhrase } from '../model/stack.ts';

/** The categories as people call them. */
export const categoryNames: Readonly<Record<Category, string>> = {
  authentication: 'Authentication',
  bolaAuthorization: 'Object authorization',
  bflaAuthorization: 'Function authorization',
  propertyAuthorization: 'Property authorization',
  inputValidation: 'Input validation',
  rateLimiting: 'Rate limiting',
  dataExposure: 'Data exposure',
  encryption: 'Encryption',
  ssrf: 'Server-side request forgery',
  inventoryManagement: 'Inventory',
  unsafeConsumption: 'Unsafe consumption',
  llmSecurity: 'LLM security',
};

/** From the worst to the mildest. */
export const severityOrder: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** What a confidence rests on. */
export const confidenceMeanings: Readonly<Record<Confidence, string>> = {
  certain: 'proven by content or effect',
  firm: 'shown by more than one sign',
  tentative: 'a hint, to be looked at',
};

/** The marks of the reach table. */
export const reachMarks = { served: '●', refused: '○', failed: '!', 'not-tried': '·' } as const;
export const reachLegend = '● served   ○ refused   ! failed   · not tried';

/** What is known of a target beyond its address: title, kind and place of its description, what it is built with. */
export function aboutTarget({ title, dialect, description, stack }: Report['target']): string[] {
  // How callers show who they are is no news where nothing else is known.
  const builtWith = stack?.framework === undefined && stack?.store === undefined ? undefined : stackPhrase(stack);
  return [title, dialect, description, builtWith].flatMap((part) => part ?? []);
}

/** `1 finding`, `3 findings`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `2 critical, 1 low`; empty without findings. */
export function severityCounts(findings: readonly Finding[]): string {
  return severityOrder
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
    .join(', ');
}

/** Who got at whose: `bob → alice`; empty when nobody was played against anybody. */
export function whoseOf({ identities: { owner, stranger } }: Finding): string {
  if (owner === undefined) return '';
  return `${stranger ?? 'one caller'} → ${owner}'s object`;
}

/** The findings of a report, and apart from them what the source says and no probe of the scan showed. */
export function sorted({ findings, kind }: Report): { readonly found: readonly Finding[]; readonly unproven: readonly Finding[] } {
  // An analysis sends nothing, so that all of its findings are its findings.
  const isOpen = ({ source }: Finding): boolean => kind === 'scan' && source?.standing === 'unproven';
  return { found: findings.filter((finding) => !isOpen(finding)), unproven: findings.filter(isOpen) };
}

/** `3 findings: 2 high, 1 low`, and how many more the source has. */
export function foundSentence(report: Report): string {
  const { found, unproven } = sorted(report);
  const more = unproven.length === 0 ? '' : `; ${unproven.length} more in the source, not proven (${severityCounts(unproven)})`;
  return `${found.length === 0 ? 'Nothing found' : `${counted(found.length, 'finding')}: ${severityCounts(found)}`}${more}`;
}

/** `app.py:149  in read_card`; for the view alone it is said that the line is not known. */
export function placeOf({ location, source }: Finding): string | undefined {
  if (!location) return undefined;
  return `${location.file}:${location.line}  in ${location.function}${source?.at === 'view' ? ', the view: the line at fault is not known' : ''}`;
}

/** The views that come by the line at fault beside that of the finding. */
export function otherViews({ fingerprint, operation, source }: Finding): readonly SourceView[] {
  return (source?.views ?? []).filter(
    (view) => view.fingerprint !== fingerprint && (view.method !== operation.method || view.path !== operation.path),
  );
}

/** `GET /cards/{card_id} and 2 more views`. */
export function operationsOf(finding: Finding): string {
  const { method, path } = finding.operation;
  const { length } = otherViews(finding);
  return `${method} ${path}${length === 0 ? '' : ` and ${length} more view${length === 1 ? '' : 's'}`}`;
}

/** How much was judged, as a sentence. */
export function judgedSentence({ kind, coverage }: Report): string {
  if (kind === 'source') return `${counted(coverage.operations, 'route')} in ${counted(coverage.source?.files ?? 0, 'file')} were read.`;
  const { pass, fail, inconclusive } = coverage.verdicts;
  const open = inconclusive > 0 ? ` ${counted(inconclusive, 'verdict')} stayed open.` : '';
  return `${counted(pass + fail, 'verdict')} on ${counted(coverage.operations, 'operation')}, ${coverage.reached} of them reached.${open}`;
}

/** What was left out, by reason; the reason with most subjects first. */
export function skippedByReason(skipped: readonly Skipped[]): { why: string; what: string[]; count: number }[] {
  const groups = new Map<string, { what: string[]; count: number }>();
  for (const each of skipped) {
    const group = groups.get(each.why) ?? { what: [], count: 0 };
    groups.set(each.why, { what: [...new Set([...group.what, each.what])], count: group.count + each.count });
  }
  return [...groups].map(([why, group]) => ({ why, ...group })).toSorted((a, b) => b.count - a.count);
}

/** What the run was allowed to do, and what it cost. */
export function runPhrase({ kind, allow, seed, stats, context }: Report): string {
  const spent = `${stats.seconds.toFixed(1)} s`;
  if (kind === 'source') return `the source was read in ${spent}, and nothing was sent`;
  const weights = context === undefined ? '' : ` · weights: ${context}`;
  return `allow ${allow} · seed ${seed} · ${counted(stats.requests, 'request')} in ${spent}${weights}`;
}

/** What to do about an inconclusive run. */
export function inconclusiveAdvice({ kind }: Report): string {
  return kind === 'source'
    ? 'This is no clean bill of health: give the folder that holds the routes of the app.'
    : 'This is no clean bill of health: mend what is named above (reach, log-ins, identities, permission to write) and scan again.';
}

/** The exchange that a finding's curl sends again. */
export function decisiveExchange({ evidence, decisive = 0 }: Finding): Finding['evidence'][number] | undefined {
  return evidence[decisive] ?? evidence[0];
}

/** The columns of the reach table: `anonymous` last. */
export function reachColumns(report: Report): string[] {
  const names = new Set(report.coverage.reach.flatMap((reach) => Object.keys(reach.access)));
  return [...[...names].filter((name) => name !== 'anonymous'), ...(names.has('anonymous') ? ['anonymous'] : [])];
}
