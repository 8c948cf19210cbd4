import { createTwoFilesPatch } from 'diff';
import { MagicString } from 'magic-string';

/** A change of a file: what stands between two offsets becomes `text`. Nothing between them is an insertion. */
export interface Edit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The texts of files after edits. Edits that are alike are made once. Throws when two of them meet: ask `meets` first. */
export function applyEdits(texts: ReadonlyMap<string, string>, edits: readonly Edit[]): Map<string, string> {
  const changed = new Map<string, string>();
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const text = texts.get(file);
    if (text === undefined) continue;
    const code = new MagicString(text);
    const isDos = text.includes('\r\n');
    const own = distinct(edits.filter((edit) => edit.file === file)).map((edit) =>
      isDos ? { ...edit, text: edit.text.replaceAll(/\r?\n/g, '\r\n') } : edit,
    );
    for (const { start, end, text: written } of own) if (start < end) code.update(start, end, written);
    // Whole lines go before what is put in front of a statement.
    const insertions = own
      .filter(({ start, end }) => start === end)
      .toSorted((a, b) => Number(b.text.includes('\n')) - Number(a.text.includes('\n')));
    for (const { start, text: written } of insertions) code.appendLeft(start, written);
    changed.set(file, code.toString());
  }
  return changed;
}

export function distinct(edits: readonly Edit[]): readonly Edit[] {
  const seen = new Set<string>();
  return edits.filter((edit) => {
    const key = JSON.stringify(edit);
    return !seen.has(key) && seen.add(key);
  });
}

/** True when two edits that are not alike change the same text. */
export function meets(a: Edit, b: Edit): boolean {
  if (a.file !== b.file || isAlike(a, b)) return false;
  if (a.start === a.end || b.start === b.end) {
    const [point, span] = a.start === a.end ? [a.start, b] : [b.start, a];
    return point > span.start && point < span.end;
  }
  return a.start < b.end && b.start < a.end;
}

function isAlike(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

/** One unified diff of all changed files, which `git apply` takes. */
export function unifiedDiff(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string {
  return [...after]
    .filter(([file, text]) => before.get(file) !== text)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, text]) => diffOf(file, before.get(file) ?? '', text))
    .join('');
}

function diffOf(file: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, { context: 3 });
  return patch.replace(/^=+\n/, '').replace(/^(--- .*?)\t?\n(\+\+\+ .*?)\t?\n/, '$1\n$2\n');
}
