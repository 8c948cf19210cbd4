/** A repair that is marked in an application: from `# remedy: …` to `# end remedy`. */
export interface Region {
  readonly weaknesses: readonly string[];
  readonly title: string;
  readonly why: string;
  /** 1-based lines of the markers in the file. */
  readonly lines: readonly [first: number, last: number];
  /** 0-based range of its code in `MarkedFile.code`; the end is exclusive. */
  readonly from: number;
  readonly to: number;
}

/** An application without its markers, and what they said. */
export interface MarkedFile {
  readonly code: readonly string[];
  readonly regions: readonly Region[];
}

const opening = /^\s*# remedy: ([a-z-]+(?:, [a-z-]+)*): (\S.*)$/;

/**
 * Reads the regions of an application. Throws an `Error` with file and line for whatever breaks the grammar, which
 * lab/README.md describes.
 */
export function readRegions(text: string, file: string, isKnown: (weakness: string) => boolean): MarkedFile {
  const wrong = (line: number, what: string): Error => new Error(`${file}:${line}: ${what}`);
  const lines = text.split('\n');
  const code: string[] = [];
  const regions: Region[] = [];
  let open: { head: Pick<Region, 'weaknesses' | 'title'>; line: number; why: string[]; from: number; isSaid: boolean } | undefined;
  for (const [index, line] of lines.entries()) {
    const number = index + 1;
    const mark = line.trim();
    if (/^# ?remedy\b/.test(mark)) {
      if (open) throw wrong(number, `a region opens inside the one of line ${open.line}; end that one with "# end remedy" first.`);
      open = { head: headOf(line, number, wrong, isKnown), line: number, why: [], from: code.length, isSaid: false };
    } else if (mark === '# end remedy') {
      if (!open) throw wrong(number, 'a region ends that was never opened.');
      if (open.from === code.length) throw wrong(open.line, 'the region holds no code.');
      regions.push({ ...open.head, why: whyOf(open.why, open.line, wrong), lines: [open.line, number], from: open.from, to: code.length });
      open = undefined;
    } else if (open && !open.isSaid && mark.startsWith('# ')) {
      open.why.push(mark.slice(2));
    } else {
      if (open) open.isSaid = true;
      code.push(line);
    }
  }
  if (open) throw wrong(open.line, 'the region is never ended; write "# end remedy" after its last line.');
  return { code, regions };
}

type Wrong = (line: number, what: string) => Error;

function headOf(line: string, number: number, wrong: Wrong, isKnown: (weakness: string) => boolean): Pick<Region, 'weaknesses' | 'title'> {
  const [, names, title] = opening.exec(line) ?? [];
  if (names === undefined || title === undefined) throw wrong(number, 'a region opens with "# remedy: <weakness>[, <weakness>]: <title>".');
  if (/[.:]$/.test(title)) throw wrong(number, 'a title ends without a full stop.');
  const weaknesses = names.split(', ');
  const unknown = weaknesses.find((name) => !isKnown(name));
  if (unknown !== undefined) throw wrong(number, `"${unknown}" is neither a check nor a weakness of src/remedies/weaknesses.ts.`);
  return { weaknesses, title };
}

function whyOf(lines: readonly string[], number: number, wrong: Wrong): string {
  const why = lines.join(' ').trim();
  const sentences = why.split(/(?<=[.!?]) +/).filter((sentence) => sentence !== '');
  if (sentences.length !== 2 || !/[.!?]$/.test(why)) {
    throw wrong(number, `the comment under the marker says why in two sentences; it has ${sentences.length}.`);
  }
  return why;
}
