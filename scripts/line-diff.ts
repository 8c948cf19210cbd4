/** Lines `oldFrom` to `oldTo` were replaced by `newFrom` to `newTo`; 0-based, ends exclusive; either may be empty. */
export interface Change {
  readonly oldFrom: number;
  readonly oldTo: number;
  readonly newFrom: number;
  readonly newTo: number;
}

/** The changes between two texts: longest common subsequence of lines, in which a blank line counts little. */
export function diffLines(before: readonly string[], after: readonly string[]): Change[] {
  const width = after.length + 1;
  // best[i * width + j]: the weight of what before[i…] and after[j…] have in common.
  const best = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] ?? 0;
  const weightOf = (line: string): number => (line.trim() === '' ? 1 : 4);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const line = before[i] ?? '';
    for (let j = after.length - 1; j >= 0; j -= 1) {
      best[i * width + j] = line === after[j] ? at(i + 1, j + 1) + weightOf(line) : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const [oldFrom, newFrom] = [i, j];
    while ((i < before.length || j < after.length) && !(i < before.length && j < after.length && before[i] === after[j])) {
      if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) i += 1;
      else j += 1;
    }
    changes.push({ oldFrom, oldTo: i, newFrom, newTo: j });
  }
  return changes;
}

/** A change as it is printed: what goes and what comes at a place of the old text. */
export interface Edit {
  /** 0-based index of the first line that goes, or before which something comes. */
  readonly at: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Lines of context wanted before and after; it never reaches over a blank line. */
  readonly context: readonly [before: number, after: number];
}

/** A unified diff of some edits to a text, which must not overlap; edits whose contexts meet share a hunk. */
export function unifiedDiff(
  text: readonly string[],
  edits: readonly Edit[],
  names: { readonly from: string; readonly to: string },
): string {
  const blocks: { from: number; to: number; edits: Edit[] }[] = [];
  for (const edit of edits.toSorted((a, b) => a.at - b.at)) {
    const end = edit.at + edit.removed.length;
    const from = edit.at - runOf((step) => text[edit.at - 1 - step], edit.context[0]);
    const to = end + runOf((step) => text[end + step], edit.context[1]);
    const last = blocks.at(-1);
    if (last && from <= last.to) {
      last.edits.push(edit);
      last.to = Math.max(last.to, to);
    } else blocks.push({ from, to, edits: [edit] });
  }
  let shift = 0;
  const hunks = blocks.flatMap((block) => {
    const lines = hunkOf(text, block);
    const [before, after] = [lines.filter((line) => !line.startsWith('+')).length, lines.filter((line) => !line.startsWith('-')).length];
    // An empty side is numbered by the line before it.
    const header = `@@ -${block.from + (before === 0 ? 0 : 1)},${before} +${block.from + shift + (after === 0 ? 0 : 1)},${after} @@`;
    shift += after - before;
    return [header, ...lines];
  });
  return `${[`--- ${names.from}`, `+++ ${names.to}`, ...hunks].join('\n')}\n`;
}

/** How many lines in a row are not blank, at most so many. */
function runOf(line: (step: number) => string | undefined, most: number): number {
  let step = 0;
  while (step < most && (line(step) ?? '').trim() !== '') step += 1;
  return step;
}

function hunkOf(text: readonly string[], { from, to, edits }: { from: number; to: number; edits: readonly Edit[] }): string[] {
  const lines: string[] = [];
  let read = from;
  for (const { at, removed, added } of edits) {
    lines.push(...text.slice(read, at).map((line) => ` ${line}`), ...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`));
    read = at + removed.length;
  }
  return [...lines, ...text.slice(read, to).map((line) => ` ${line}`)];
}
