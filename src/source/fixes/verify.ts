import type { Finding } from '../../model/report.ts';
import type { Severity } from '../../model/check.ts';
import { pythonParser } from '../python/grammar.ts';
import { parsePython } from '../python/parse.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import { applyEdits, meets, type Edit } from './edit.ts';
import { importEdits, type Import } from './imports.ts';
import type { Inspect, Inspection } from './inspection.ts';

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

/** The files after a change; nothing when edits meet, or when what comes of them is not wholly Python that was so before. */
export async function changed(
  change: Change,
  files: ReadonlyMap<string, ParsedFile>,
): Promise<ReadonlyMap<string, ParsedFile> | undefined> {
  const edits = editsOf(change, files);
  if (edits.some((edit, index) => edits.slice(index + 1).some((other) => meets(edit, other)))) return undefined;
  const texts = applyEdits(new Map([...files].map(([path, { text }]) => [path, text])), edits);
  const parser = await pythonParser();
  const after = new Map(files);
  for (const [path, text] of texts) {
    const module = parsePython(parser, text);
    const before = files.get(path);
    if (!module || !before || module.problems.length > before.module.problems.length) return undefined;
    after.set(path, { path, text, module });
  }
  return after;
}

/** True when a change leaves the finding out and brings no other one. */
export function clears(finding: Finding, before: Inspection, after: Inspection): boolean {
  const [had, has] = [weigh(before), weigh(after)];
  const key = keyOf(finding);
  return (has.get(key) ?? 0) < (had.get(key) ?? 0) && isNoWorse(had, has) && after.app.runs.length >= before.app.runs.length;
}

/** True when nothing stands in `after` that was not in `before`. */
export function addsNothing(before: Inspection, after: Inspection): boolean {
  return isNoWorse(weigh(before), weigh(after)) && after.app.runs.length >= before.app.runs.length;
}

function isNoWorse(had: ReadonlyMap<string, number>, has: ReadonlyMap<string, number>): boolean {
  return [...has].every(([key, weight]) => weight <= (had.get(key) ?? 0) || secondary.has(JSON.parse(key)[0]));
}

/** How much is wrong, by rule and function: lines move, and a helper that is still open turns up for another route. */
function weigh({ problems }: Inspection): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const { finding } of problems) {
    const key = keyOf(finding);
    weights.set(key, (weights.get(key) ?? 0) + 1 + ranks[finding.severity] / 100);
  }
  return weights;
}

function keyOf({ check, location }: Finding): string {
  return JSON.stringify([check, location?.file, location?.function]);
}

/** Analyses the files after a change. */
export async function tried(
  change: Change,
  inspection: Inspection,
  inspect: Inspect,
): Promise<{ readonly files: ReadonlyMap<string, ParsedFile>; readonly inspection: Inspection } | undefined> {
  const files = await changed(change, inspection.files);
  return files && { files, inspection: inspect([...files.values()]) };
}
