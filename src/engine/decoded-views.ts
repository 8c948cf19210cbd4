/** A text with escapes of one or two kinds undone, and the way back to where each character stood. */
export interface View {
  readonly text: string;
  /** The position in the original text of a position in this one. */
  readonly origin: (index: number) => number;
}

interface Encoding {
  /** A text without this character has nothing to undo. */
  readonly sign: string;
  readonly escape: RegExp;
  /** The characters that an escape stands for, each with the length of its escape; `undefined` leaves it alone. */
  readonly decode: (escape: string) => readonly (readonly [text: string, length: number])[] | undefined;
}

const shortEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

const percent: Encoding = {
  sign: '%',
  escape: /(?:%[0-9a-f]{2})+/gi,
  decode: (run) => {
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
    const text = bytes.toString('utf8');
    // Not UTF-8: the form encoding of an older page, one byte a character.
    if (text.includes('\ufffd') && !bytes.includes('\ufffd')) return Array.from(bytes, (byte) => [String.fromCharCode(byte), 3] as const);
    return Array.from(text, (char) => [char, 3 * Buffer.byteLength(char)] as const);
  },
};

const backslash: Encoding = {
  sign: '\\',
  escape: /\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|["'\\/bfnrt])/gi,
  decode: (escape) => {
    const letter = escape.charAt(1);
    const text = escape.length > 2 ? String.fromCharCode(Number.parseInt(escape.slice(2), 16)) : (shortEscapes[letter] ?? letter);
    return [[text, escape.length]];
  },
};

const entity: Encoding = {
  sign: '&',
  escape: /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos|nbsp);/gi,
  decode: (escape) => {
    const name = escape.slice(1, -1).toLowerCase();
    if (!name.startsWith('#')) return [[entities[name] ?? escape, escape.length]];
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0x10ffff ? undefined : [[String.fromCodePoint(code), escape.length]];
  },
};

const encodings = [percent, backslash, entity];

/** The text itself, then each way to read it with percent, backslash and HTML escapes undone, to two layers. Linear in the text. */
export function* decodedViews(text: string): Generator<View> {
  const plain: View = { text, origin: (index) => index };
  yield plain;
  for (const outer of encodings) {
    const once = undo(plain, outer);
    if (!once) continue;
    yield once;
    for (const inner of encodings) {
      const twice = undo(once, inner);
      if (twice) yield twice;
    }
  }
}

function undo(view: View, encoding: Encoding): View | undefined {
  if (!view.text.includes(encoding.sign)) return undefined;
  const pieces: string[] = [];
  // Positions here and there from which both advance together: only where an escape was undone do they part.
  const here: number[] = [0];
  const there: number[] = [0];
  let read = 0;
  let length = 0;
  const push = (piece: string, from: number): void => {
    pieces.push(piece);
    length += piece.length;
    here.push(length);
    there.push(from);
  };
  for (const match of view.text.matchAll(encoding.escape)) {
    const decoded = encoding.decode(match[0]);
    if (!decoded) continue;
    push(view.text.slice(read, match.index), match.index);
    read = match.index;
    for (const [piece, size] of decoded) push(piece, (read += size));
  }
  if (read === 0) return undefined;
  pieces.push(view.text.slice(read));
  return { text: pieces.join(''), origin: (index) => view.origin(originOf(index, here, there)) };
}

function originOf(index: number, here: readonly number[], there: readonly number[]): number {
  let low = 0;
  let high = here.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((here[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return (there[low] ?? 0) + index - (here[low] ?? 0);
}
