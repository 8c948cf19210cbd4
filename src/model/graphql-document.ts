interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Under which an answer carries the field; absent for braces and spreads. */
  readonly key?: string;
}

const pieces = /\.\.\.\s*on\s+\w+|[{}]|(?:(\w+)\s*:\s*)?(\w+)\s*(?:\([^()]*\))?/g;

/** The selections of a document as scans write it, from the first brace on. */
function piecesOf(document: string): Piece[] {
  const from = Math.max(0, document.indexOf('{'));
  return [...document.slice(from).matchAll(pieces)].map((match): Piece => {
    const start = from + match.index;
    const key = match[1] ?? match[2];
    return { text: match[0], start, end: start + match[0].length, ...(key === undefined ? {} : { key }) };
  });
}

/**
 * A document without the field at a path of response names, such as `orders`, `customer`, `card`, and without what that selects.
 * The document itself when there is no such field, or when it is the one asked for.
 */
export function withoutField(document: string, path: readonly string[]): string {
  if (path.length < 2) return document;
  const all = piecesOf(document);
  // One entry for each open brace: the field that it belongs to; none for the outermost and for spreads.
  const open: (string | undefined)[] = [];
  for (const [index, piece] of all.entries()) {
    if (piece.text === '{') open.push(all[index - 1]?.key);
    else if (piece.text === '}') open.pop();
    else if (piece.key !== undefined && isAt([...open, piece.key], path)) {
      return `${document.slice(0, piece.start).trimEnd()} ${document.slice(endOf(all, index)).trimStart()}`;
    }
  }
  return document;
}

function isAt(steps: readonly (string | undefined)[], path: readonly string[]): boolean {
  const names = steps.filter((step) => step !== undefined);
  return names.length === path.length && names.every((name, index) => name === path[index]);
}

/** Where a field ends: after the selection that follows it, if any. */
function endOf(all: readonly Piece[], index: number): number {
  let end = all[index]?.end ?? 0;
  let depth = 0;
  for (const piece of all.slice(index + 1)) {
    if (piece.text === '{') depth += 1;
    else if (depth === 0) return end;
    else if (piece.text === '}') depth -= 1;
    end = piece.end;
    if (depth === 0) return end;
  }
  return end;
}

/** The paths in a document that end in a name, below another where one is given: `customer`, `card` of `orders { customer { card } }`. */
export function pathsTo(document: string, name: string, parent?: string): string[][] {
  const found: string[][] = [];
  const open: (string | undefined)[] = [];
  const all = piecesOf(document);
  for (const [index, piece] of all.entries()) {
    if (piece.text === '{') open.push(all[index - 1]?.key);
    else if (piece.text === '}') open.pop();
    else if (piece.key === name) {
      const steps = open.filter((step) => step !== undefined);
      if (parent === undefined || steps.at(-1) === parent) found.push([...steps, name]);
    }
  }
  return found;
}
