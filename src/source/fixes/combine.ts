import type { ParsedFile } from '../project/parse-files.ts';
import { meets, unifiedDiff } from './edit.ts';
import type { Inspection } from './inspection.ts';
import { solve, type Limits, type Solution } from './solve.ts';
import { addsNothing, changed, editsOf, weigh, type Change } from './verify.ts';

/** What all patches make of the source together. */
export interface PatchedFiles {
  /** Only those that change, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** The same files as they were analysed. */
  readonly originals: ReadonlyMap<string, string>;
  readonly diff: string;
  /** How many findings remain, and how many there were. */
  readonly remaining: number;
  readonly before: number;
}

const mostRounds = 5;

/**
 * Makes one change of all patches. Those that meet in the same text, or mend one view, wait for the next round, which starts from
 * what the round before left: where a role is asked for by then, nobody has to be the owner as well.
 */
export async function combine(first: Inspection, solutions: readonly Solution[], limits: Limits): Promise<PatchedFiles> {
  let inspection = first;
  let waiting = solutions;
  for (let round = 0; round < mostRounds; round += 1) {
    const patches = waiting.filter(({ patch }) => patch.kind === 'patch');
    const next = await united(inspection, patches);
    if (!next) break;
    inspection = next;
    ({ solutions: waiting } = await solve(inspection, limits));
  }
  const [before, after] = [textsOf(first.files), textsOf(inspection.files)];
  const texts = new Map([...after].filter(([path, text]) => before.get(path) !== text));
  const originals = new Map([...before].filter(([path]) => texts.has(path)));
  return {
    texts,
    originals,
    diff: unifiedDiff(before, after),
    remaining: inspection.report.findings.length,
    before: first.report.findings.length,
  };
}

/** What comes of as many patches as go together; nothing when none of them does. */
async function united(inspection: Inspection, solutions: readonly Solution[]): Promise<Inspection | undefined> {
  const chosen: Change[] = [];
  const views = new Set<string>();
  for (const { candidate, problem } of solutions) {
    const { file, place } = problem.run.route.code;
    const view = `${file}:${place.start}`;
    if (views.has(view) || chosen.some((other) => meet(candidate, other, inspection))) continue;
    views.add(view);
    chosen.push(candidate);
  }
  const all = await ifBetter(chosen, inspection);
  if (all ?? chosen.length <= 1) return all;
  // Some of them do not bear each other: one after the other then.
  let kept: readonly Change[] = [];
  let best: Inspection | undefined;
  for (const change of chosen) {
    const next = await ifBetter([...kept, change], inspection);
    if (!next) continue;
    kept = [...kept, change];
    best = next;
  }
  return best;
}

function meet(a: Change, b: Change, { files }: Inspection): boolean {
  const [left, right] = [
    { ...a, imports: [] },
    { ...b, imports: [] },
  ].map((change) => editsOf(change, files));
  return (left ?? []).some((edit) => (right ?? []).some((other) => meets(edit, other)));
}

async function ifBetter(changes: readonly Change[], inspection: Inspection): Promise<Inspection | undefined> {
  if (changes.length === 0) return undefined;
  const change = { edits: changes.flatMap(({ edits }) => edits), imports: changes.flatMap(({ imports }) => imports) };
  const files = await changed(change, inspection.files);
  const after = files && inspection.after(files);
  return after && addsNothing(weigh(inspection), weigh(after)) ? after : undefined;
}

function textsOf(files: ReadonlyMap<string, ParsedFile>): ReadonlyMap<string, string> {
  return new Map([...files].map(([path, { text }]) => [path, text]));
}
