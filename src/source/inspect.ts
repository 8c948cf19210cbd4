import { walkApp, type Walk } from './flask/app.ts';
import { distinctOf, withViews, type Found } from './at-fault.ts';
import { compare, findingOf, whyIgnored } from './findings.ts';
import type { Inspection } from './fixes/inspection.ts';
import { changeOf } from './project/change.ts';
import { publicTest, type Declared } from './project/declared.ts';
import { indexModules } from './project/modules.ts';
import type { ParsedFile } from './project/parse-files.ts';
import type { SourceFile } from './project/read-files.ts';
import { judge, type Judgement } from './rules/judge.ts';
import { learnResources } from './rules/resources.ts';
import type { KnownApp, Rule } from './rules/rule.ts';
import { sharedPlaces } from './rules/site.ts';
import type { SourceReport } from './analyze.ts';
import { viewOf } from './views.ts';

/** What an analysis is made with, beside the files themselves. */
export interface Setting {
  readonly documents: readonly SourceFile[];
  readonly declared: Declared;
  readonly rules: readonly Rule[];
  readonly notes: readonly string[];
}

type Files = ReadonlyMap<string, ParsedFile>;

/** Loads an app, goes through its routes, and asks the rules. */
export function inspect(files: Files, setting: Setting): Inspection {
  const started = performance.now();
  const walk = walkApp(indexModules([...files.values()]), setting.documents, setting.declared);
  return inspectionOf(files, setting, walk, started);
}

function inspectionOf(files: Files, setting: Setting, walk: Walk, started: number, before?: Judgement<Found>): Inspection {
  const app = knownApp(files, setting, walk);
  const foundBy: Parameters<typeof judge<Found>>[2] = (rule, match, run, view) => ({
    finding: findingOf(rule, match, run, files),
    match,
    run,
    view,
  });
  const judgement = judge(setting.rules, app, foundBy, before);
  const found = withViews(judgement.runs.flatMap((judged) => judged.found));
  const problems = distinctOf(found).toSorted((one, other) => compare(one.finding, other.finding));
  const seconds = (performance.now() - started) / 1000;
  let report: SourceReport | undefined;
  const quicklyAfter = (changed: readonly ParsedFile[]): Inspection | undefined => {
    const begun = performance.now();
    const changes = changed.flatMap((file) => {
      const old = files.get(file.path);
      return old ? (changeOf(old, file) ?? []) : [];
    });
    const next = changes.length === changed.length ? walk.after(changes) : undefined;
    return next && inspectionOf(withFiles(files, changed), setting, next, begun, judgement);
  };
  return {
    files,
    app,
    problems,
    found,
    get report() {
      return (report ??= reportOf(files, setting, walk, app, found, problems, seconds));
    },
    quicklyAfter,
    after: (changed) => quicklyAfter(changed) ?? inspect(withFiles(files, changed), setting),
  };
}

function withFiles(files: Files, changed: readonly ParsedFile[]): Files {
  return new Map([...files, ...changed.map((file) => [file.path, file] as const)]);
}

/** Everything that the rules ask about an app. */
function knownApp(files: Files, { declared }: Setting, { runs, others, notes }: Walk): KnownApp {
  return {
    isPublic: publicTest(declared),
    runs,
    others,
    notes,
    resources: learnResources(runs, others),
    shared: sharedPlaces(runs),
    hasCallers: runs.some((run) => run.isAuthenticated),
    encodesDocuments: [...files.values()].some(encodes),
  };
}

function encodes({ text }: ParsedFile): boolean {
  return /\bapp\.json\s*=|json_provider_class|json_encoder\s*=|JSONEncoder|JSONProvider|json_util/.test(text);
}

function reportOf(
  files: Files,
  { notes }: Setting,
  walk: Walk,
  app: KnownApp,
  found: readonly Found[],
  problems: readonly Found[],
  seconds: number,
): SourceReport {
  const all = problems.map(({ finding }) => ({ finding, reason: whyIgnored(finding, files) }));
  const byView = found
    .filter(({ finding }) => whyIgnored(finding, files) === undefined)
    .toSorted((one, other) => compare(one.finding, other.finding))
    .map(({ view, finding }) => ({ view, finding }));
  return {
    findings: all.flatMap(({ finding, reason }) => (reason === undefined ? [finding] : [])),
    ignored: all.flatMap(({ finding, reason }) => (reason === undefined ? [] : [{ finding, reason }])),
    byView,
    views: app.runs.map((run, index) => viewOf(run, app, suspectsOf(byView, index), walk.loadedText)),
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
    stats: { files: files.size, bytes: [...files.values()].reduce((sum, { text }) => sum + text.length, 0), seconds },
  };
}

function librariesOf({ runs }: KnownApp): readonly string[] {
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
