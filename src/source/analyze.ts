import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Severity } from '../model/check.ts';
import type { Finding } from '../model/report.ts';
import { UserError } from '../model/user-error.ts';
import { runApp } from './flask/app.ts';
import { indexModules, type Modules } from './project/modules.ts';
import { parseFiles, type ParsedFile } from './project/parse-files.ts';
import { readSourceFiles, type SourceFiles } from './project/read-files.ts';
import { rules } from './rules/index.ts';
import { learnResources } from './rules/resources.ts';
import type { App, Match, Rule } from './rules/rule.ts';
import { sharedPlaces } from './rules/site.ts';
import type { Run } from './flask/run-route.ts';

export interface AnalyzeOptions {
  /** Names of rules; all when absent. */
  readonly only?: readonly string[];
}

/** A view that was found, as a report lists it. */
export interface SourceRoute {
  readonly methods: readonly string[];
  readonly path: string;
  readonly file: string;
  /** 1-based line of the view. */
  readonly line: number;
  readonly function: string;
  /** The caller must be somebody. */
  readonly isAuthenticated: boolean;
}

/** What the source of an app says, without anything being run. */
export interface SourceReport {
  readonly findings: readonly Finding[];
  readonly routes: readonly SourceRoute[];
  /** Findings that a comment in the source sets aside: `# middlebrick: ignore[rule] reason`. */
  readonly ignored: readonly Finding[];
  readonly notes: readonly string[];
  readonly stats: { readonly files: number; readonly bytes: number; readonly seconds: number };
}

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/**
 * Analyses the Python files of a folder. Whatever cannot be read becomes a note.
 * Throws `UserError` `source-not-found` when there is no such folder.
 */
export async function analyze(folder: string, options: AnalyzeOptions = {}): Promise<SourceReport> {
  const kind = await stat(folder).catch(() => undefined);
  if (!kind?.isDirectory()) {
    throw new UserError('source-not-found', `${folder} is not a folder.`, { hint: 'Give the folder that holds the source of the app.' });
  }
  return analyzeFiles(await readSourceFiles(folder), options);
}

/** Analyses files that were read already. */
export async function analyzeFiles({ files, notes }: SourceFiles, { only }: AnalyzeOptions = {}): Promise<SourceReport> {
  const started = performance.now();
  const { parsed, notes: parseNotes } = await parseFiles(files);
  const modules = indexModules(parsed);
  const app = readApp(modules);
  const chosen = only === undefined ? rules : rules.filter(({ id }) => only.includes(id));
  const found = app.runs.flatMap((run) =>
    chosen.flatMap((rule) => rule.match(run, app).map((match) => findingOf(rule, match, run, modules))),
  );
  const distinct = distinctOf(found);
  const isIgnored = (finding: Finding): boolean => ignores(finding, modules);
  return {
    findings: distinct.filter((finding) => !isIgnored(finding)).toSorted(compare),
    ignored: distinct.filter(isIgnored).toSorted(compare),
    routes: app.runs.map(({ route, isAuthenticated }) => ({
      methods: route.methods,
      path: route.path,
      file: route.code.file,
      line: route.place.line,
      function: route.code.name,
      isAuthenticated,
    })),
    notes: [...notes, ...parseNotes, ...app.notes, ...(app.runs.length === 0 ? ['No route of Flask was found.'] : [])],
    stats: {
      files: parsed.length,
      bytes: parsed.reduce((sum, { text }) => sum + text.length, 0),
      seconds: (performance.now() - started) / 1000,
    },
  };
}

/** Everything that the rules ask about an app. */
function readApp(modules: Modules): App {
  const { runs, others, notes } = runApp(modules);
  return {
    runs,
    others,
    notes,
    resources: learnResources(runs, others),
    shared: sharedPlaces(runs),
    hasCallers: runs.some((run) => run.isAuthenticated),
    encodesDocuments: modules.all.some(({ file }) => encodes(file)),
  };
}

function encodes({ text }: ParsedFile): boolean {
  return /\bapp\.json\s*=|json_provider_class|json_encoder\s*=|JSONEncoder|JSONProvider|json_util/.test(text);
}

function findingOf(rule: Rule, match: Match, { route }: Run, modules: Modules): Finding {
  const { site, part = '' } = match;
  const { place, file } = site;
  const method = route.methods[0] ?? 'GET';
  const source = modules.byFile.get(file)?.file.text ?? '';
  const line = source.split('\n')[place.line - 1]?.trim() ?? '';
  const { docs } = rule;
  return {
    fingerprint: createHash('sha256')
      .update(JSON.stringify([rule.id, method, route.path, part, site.function]))
      .digest('hex')
      .slice(0, 16),
    check: rule.id,
    category: rule.category,
    title: docs.title,
    severity: match.severity ?? rule.severity,
    confidence: match.confidence,
    owasp: docs.owasp,
    cwe: docs.cwe.map((number) => `CWE-${number}`),
    operation: { method, path: route.path },
    location: { file, line: place.line, column: place.column, function: site.function },
    identities: {},
    proof: `${match.proof} ${file}:${place.line}: ${line.slice(0, 160)}`,
    evidence: [],
    curl: '',
    remedy: docs.remedy,
  };
}

/** One finding for one place and rule: several routes that share a helper are one mistake. */
function distinctOf(findings: readonly Finding[]): readonly Finding[] {
  const best = new Map<string, Finding>();
  for (const finding of findings) {
    const { location } = finding;
    const key = JSON.stringify([finding.check, location?.file, location?.line, location?.column]);
    const rival = best.get(key);
    if (!rival || severities.indexOf(finding.severity) < severities.indexOf(rival.severity)) best.set(key, finding);
  }
  return [...best.values()];
}

/** A comment at the line, or on the one above, sets a finding aside. */
function ignores({ check, location }: Finding, modules: Modules): boolean {
  const comments = location && modules.byFile.get(location.file)?.file.module.comments;
  return [location?.line ?? 0, (location?.line ?? 0) - 1].some((line) => {
    const named = /middlebrick:\s*ignore(?:\[([\w\s,-]+)\])?/.exec(comments?.get(line) ?? '');
    return named !== null && (named[1] === undefined || named[1].split(',').some((each) => each.trim() === check));
  });
}

function compare(a: Finding, b: Finding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (a.location?.file ?? '').localeCompare(b.location?.file ?? '') ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
    a.check.localeCompare(b.check)
  );
}
