import type { Severity } from '../../model/check.ts';
import { pythonParser } from '../python/grammar.ts';
import { parsePython } from '../python/parse.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import { applyEdits, meets, type Edit } from './edit.ts';
import { importEdits, type Import } from './imports.ts';
import type { Inspection, Problem } from './inspection.ts';

/** Edits and the names that they use. */
export interface Change {
  readonly edits: readonly Edit[];
  readonly imports: readonly Import[];
}

const ranks: Readonly<Record<Severity, number>> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 };
/**
 * Consequences and stages of other findings, and what compares views with each other: they come and go with those, and with how many
 * of the others are right.
 */
const secondary = new Set(['check-after-fetch', 'predictable-id', 'missing-auth-outlier', 'guard-weak-vs-siblings']);

/** All edits of a change, with those of its imports. */
export function editsOf({ edits, imports }: Change, files: ReadonlyMap<string, ParsedFile>): readonly Edit[] {
  const added = [...new Set(imports.map(({ file }) => file))].flatMap((file) => {
    const source = files.get(file);
    return source
      ? importEdits(
          source,
          imports.filter((each) => each.file === file),
        )
      : [];
  });
  return [...added, ...edits];
}

/** The files that a change changes; nothing when edits meet, or when what comes of them is not wholly Python that was so before. */
export async function changed(change: Change, files: ReadonlyMap<string, ParsedFile>): Promise<readonly ParsedFile[] | undefined> {
  const edits = editsOf(change, files);
  if (edits.some((edit, index) => edits.slice(index + 1).some((other) => meets(edit, other)))) return undefined;
  const texts = applyEdits(new Map([...files].map(([path, { text }]) => [path, text])), edits);
  const parser = await pythonParser();
  const after: ParsedFile[] = [];
  for (const [path, text] of texts) {
    const module = parsePython(parser, text);
    const before = files.get(path);
    if (!module || !before || module.problems.length > before.module.problems.length) return undefined;
    after.push({ path, text, module });
  }
  return after;
}

/** How much is wrong, by rule and view: where in the code it stands may change with what is mended elsewhere. */
export interface Weights {
  readonly byKey: ReadonlyMap<string, number>;
  readonly routes: number;
}

export function weigh({ found, app }: Inspection): Weights {
  const byKey = new Map<string, number>();
  for (const problem of found) {
    const key = keyOf(problem);
    byKey.set(key, (byKey.get(key) ?? 0) + 1 + ranks[problem.finding.severity] / 100);
  }
  return { byKey, routes: app.runs.length };
}

/** True when a change leaves the finding out and brings no other one. */
export function clears(problem: Problem, before: Weights, after: Weights): boolean {
  const key = keyOf(problem);
  return (after.byKey.get(key) ?? 0) < (before.byKey.get(key) ?? 0) && addsNothing(before, after);
}

/** True when nothing is wrong after a change that was not before. */
export function addsNothing(before: Weights, after: Weights): boolean {
  const isNoWorse = [...after.byKey].every(([key, weight]) => weight <= (before.byKey.get(key) ?? 0) || secondary.has(JSON.parse(key)[0]));
  return isNoWorse && after.routes >= before.routes;
}

function keyOf({ finding: { check }, run: { route } }: Problem): string {
  return JSON.stringify([check, route.methods, route.path, route.code.file, route.code.name]);
}
