import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Finding } from '../model/report.ts';
import { UserError } from '../model/user-error.ts';
import { runApp } from './flask/app.ts';
import { indexModules, type Modules } from './project/modules.ts';
import type { Place } from './python/syntax.ts';
import { parseFiles, type ParsedFile } from './project/parse-files.ts';
import { readSourceFiles, type SourceFiles } from './project/read-files.ts';
import { compareGravity, compareSeverity, distinctOf, withViews } from './at-fault.ts';
import { evidenceOf, linesOf } from './evidence.ts';
import type { PatchedFiles } from './fixes/combine.ts';
import type { Inspection } from './fixes/inspection.ts';
import { withPatches, type PatchOptions } from './fixes/synthesize.ts';
import { rules } from './rules/index.ts';
import { learnResources } from './rules/resources.ts';
import type { App, Match, Rule } from './rules/rule.ts';
import { sharedPlaces } from './rules/site.ts';
import type { Run } from './flask/run-route.ts';
import { nothingDeclared, publicTest, readDeclared, type Declared } from './project/declared.ts';
import type { View } from '../model/source.ts';
import { viewOf } from './views.ts';

export interface AnalyzeOptions {
  /** Names of rules; all when absent. */
  readonly only?: readonly string[];
  /** What the app's people say of it; looked for in the folder when absent. */
  readonly declared?: Declared;
  /** Repairs for the findings; none when absent. Each costs one analysis or several. */
  readonly patches?: PatchOptions;
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
  /** The views behind the routes, in the same order. */
  readonly views: readonly View[];
  /** Each finding at each view that it is about: one line may be at fault for several. Those set aside are not among them. */
  readonly byView: readonly { readonly view: number; readonly finding: Finding }[];
  /** Data stores that the app uses, by the names of libraries, the most used one first. */
  readonly libraries: readonly string[];
  /** Findings that a comment in the source sets aside: `# middlebrick: ignore[rule] reason`. */
  readonly ignored: readonly { readonly finding: Finding; readonly reason: string }[];
  /** The files as all patches together leave them; none without patches. */
  readonly patched?: PatchedFiles;
  readonly notes: readonly string[];
  readonly stats: { readonly files: number; readonly bytes: number; readonly seconds: number };
}

/**
 * Analyses the Python files of a folder. Whatever cannot be read becomes a note.
 * Throws `UserError` `source-not-found` when there is no such folder.
 */
export async function analyze(folder: string, options: AnalyzeOptions = {}): Promise<SourceReport> {
  const kind = await stat(folder).catch(() => undefined);
  if (!kind?.isDirectory()) {
    throw new UserError('source-not-found', `${folder} is not a folder.`, { hint: 'Give the folder that holds the source of the app.' });
  }
  const { declared = await readDeclared(folder) } = options;
  return analyzeFiles(await readSourceFiles(folder, declared.ignore), { ...options, declared });
}

/** Analyses files that were read already. */
export async function analyzeFiles({ files, documents = [], notes }: SourceFiles, options: AnalyzeOptions = {}): Promise<SourceReport> {
  const { parsed, notes: parseNotes } = await parseFiles(files);
  const inspect = (each: readonly ParsedFile[]): Inspection => inspectFiles(each, documents, [...notes, ...parseNotes], options);
  const inspection = inspect(parsed);
  return options.patches ? withPatches(inspection, inspect, options.patches) : inspection.report;
}

/** Goes through parsed files, and keeps what repairs are made from. */
function inspectFiles(
  parsed: readonly ParsedFile[],
  documents: SourceFiles['files'],
  notes: readonly string[],
  { only, declared = nothingDeclared }: AnalyzeOptions,
): Inspection {
  const started = performance.now();
  const modules = indexModules(parsed);
  const app = readApp(modules, documents, declared);
  const chosen = only === undefined ? rules : rules.filter(({ id }) => only.includes(id));
  const found = withViews(
    app.runs.flatMap((run, view) =>
      chosen.flatMap((rule) => rule.match(run, app).map((match) => ({ view, finding: findingOf(rule, match, run, modules), match, run }))),
    ),
  );
  const problems = distinctOf(found).toSorted((one, other) => compare(one.finding, other.finding));
  const distinct = problems.map(({ finding }) => finding);
  const textOf = ({ start, end }: Place, file: string): string => modules.byFile.get(file)?.file.text.slice(start, end) ?? '';
  const isIgnored = (finding: Finding): boolean => whyIgnored(finding, modules) !== undefined;
  const byView = found
    .filter(({ finding }) => !isIgnored(finding))
    .toSorted((one, other) => compare(one.finding, other.finding))
    .map(({ view, finding }) => ({ view, finding }));
  const report: SourceReport = {
    findings: distinct.filter((finding) => !isIgnored(finding)),
    ignored: distinct.flatMap((finding) => {
      const reason = whyIgnored(finding, modules);
      return reason === undefined ? [] : [{ finding, reason }];
    }),
    byView,
    views: app.runs.map((run, index) => viewOf(run, app, suspectsOf(byView, index), textOf)),
    routes: app.runs.map(({ route, isAuthenticated }) => ({
      methods: route.methods,
      path: route.path,
      file: route.code.file,
      line: route.place.line,
      function: route.code.name,
      isAuthenticated,
    })),
    libraries: librariesOf(app),
    notes: [...notes, ...app.notes, ...(app.runs.length === 0 ? ['No route of Flask was found.'] : [])],
    stats: {
      files: parsed.length,
      bytes: parsed.reduce((sum, { text }) => sum + text.length, 0),
      seconds: (performance.now() - started) / 1000,
    },
  };
  return { report, problems, app, files: new Map(parsed.map((file) => [file.path, file])) };
}

/** Everything that the rules ask about an app. */
function readApp(modules: Modules, documents: SourceFiles['files'], declared: Declared): App {
  const { runs, others, notes } = runApp(modules, documents, declared);
  return {
    isPublic: publicTest(declared),
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

function findingOf(rule: Rule, match: Match, run: Run, modules: Modules): Finding {
  const { route } = run;
  const { site, part = '' } = match;
  const { place, file } = site;
  const method = route.methods[0] ?? 'GET';
  const line = linesOf(modules)(file, place.line);
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
    source: evidenceOf(rule.id, match, run, modules),
    proof: `${match.proof} ${file}:${place.line}: ${line}`,
    evidence: [],
    curl: '',
    remedy: docs.remedy,
  };
}

function librariesOf({ runs }: App): readonly string[] {
  const counts = new Map<string, number>();
  for (const { library, isGuess } of runs.flatMap(({ trace }) => trace.accesses))
    if (!isGuess) counts.set(library, (counts.get(library) ?? 0) + 1);
  return [...counts].toSorted((one, other) => other[1] - one[1]).map(([library]) => library);
}

/** The rules that have something grave against a view, each once. */
function suspectsOf(byView: SourceReport['byView'], index: number): readonly string[] {
  const grave = byView.filter(({ view, finding: { severity } }) => view === index && severity !== 'info' && severity !== 'low');
  return [...new Set(grave.map(({ finding }) => finding.check))];
}

/** The reason that a comment gives for setting a finding aside: one at its line, or on a line of its own above. */
function whyIgnored({ check, location }: Finding, modules: Modules): string | undefined {
  if (!location) return undefined;
  const { file, line } = location;
  const comments = modules.byFile.get(file)?.file.module.comments;
  const isAlone = linesOf(modules)(file, line - 1).startsWith('#');
  for (const comment of [comments?.get(line), isAlone ? comments?.get(line - 1) : undefined]) {
    const named = /middlebrick:\s*ignore(?:\[([\w\s,-]+)\])?(.*)/s.exec(comment ?? '');
    if (!named) continue;
    const [, rules, reason = ''] = named;
    if (rules === undefined || rules.split(',').some((each) => each.trim() === check)) return reason.replace(/^[\s:,-]+/, '').trim();
  }
  return undefined;
}

function compare(a: Finding, b: Finding): number {
  return (
    compareSeverity(a, b) ||
    (a.location?.file ?? '').localeCompare(b.location?.file ?? '') ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
    a.check.localeCompare(b.check) ||
    compareGravity(a, b)
  );
}
