import type { Finding } from '../../src/model/report.ts';
import { analyzeFiles, type AnalyzeOptions, type SourceReport } from '../../src/source/analyze.ts';
import { answerKey, type Expected } from './answer-key.ts';
import type { Design } from './design.ts';
import type { View } from './frameworks/framework.ts';
import { writeApp, type Written } from './write-app.ts';

/** What the analysis made of an invented app, compared with what is known of it. */
export interface Compared {
  readonly design: Design;
  readonly written: Written;
  readonly expected: readonly (Expected & { readonly found: boolean })[];
  /** Sure, above low, and not what was planted: each at each view. */
  readonly wrong: readonly { readonly operation: number | undefined; readonly finding: Finding }[];
  readonly report: SourceReport;
}

export async function analyzeInvented(design: Design, options: AnalyzeOptions = {}): Promise<Compared> {
  const written = writeApp(design);
  const isPython = ({ path }: { readonly path: string }): boolean => path.endsWith('.py');
  const report = await analyzeFiles(
    { files: written.files.filter(isPython), documents: written.files.filter((file) => !isPython(file)), notes: [] },
    options,
  );
  const expected = answerKey(design, written);
  const views = report.routes.map((route) => operationAt(route, written));
  const found = report.byView.map(({ view, finding }) => ({ operation: views[view], finding }));
  const isAll = design.plants.some(({ kind }) => kind === 'presence');
  return {
    design,
    written,
    expected: expected.map((item) => ({ ...item, found: found.some(({ operation, finding }) => names(item, operation, finding)) })),
    wrong: found.filter(
      ({ operation, finding }) =>
        isAsserted(finding) &&
        !isAll &&
        !expected.some(
          (item) => (item.operation === undefined || item.operation.number === operation) && item.rules.includes(finding.check),
        ),
    ),
    report,
  };
}

/** What was missed of what can be seen: where nothing in an app shows how it is done right, nobody can be sure. */
export function missedOf({ expected }: Compared): readonly Expected[] {
  return expected.filter(({ found, isAlone }) => !found && !isAlone);
}

function names({ rules, operation, places, isAlone, plant }: Expected, at: number | undefined, finding: Finding): boolean {
  const { location, check, confidence, severity } = finding;
  if (!rules.includes(check) || (operation && operation.number !== at)) return false;
  const isNear = places.includes(`${location?.file ?? ''}:${location?.line ?? 0}`);
  const isSure = confidence !== 'tentative' || isAlone || (plant.kind === 'anonymous' && check === 'missing-auth-outlier');
  return isSure && (isNear || check === 'missing-auth-outlier') && (severity !== 'low' || isAlone);
}

function isAsserted({ confidence, severity }: Finding): boolean {
  return confidence !== 'tentative' && severity !== 'info' && severity !== 'low';
}

function operationAt(route: { readonly methods: readonly string[]; readonly path: string }, { operations }: Written): number | undefined {
  const path = nameless(route.path);
  // What prefixes stand before it is not known here: the longest that fits is it.
  const fitting = operations.filter(({ view }) => route.methods.includes(view.method) && path.endsWith(pathOf(view)));
  return fitting.toSorted((one, other) => pathOf(other.view).length - pathOf(one.view).length)[0]?.number;
}

function pathOf({ path }: View): string {
  return path.map((part) => (typeof part === 'string' ? part : '{}')).join('');
}

function nameless(path: string): string {
  return path.replace(/[<{][^>}]*[>}]/g, '{}');
}
