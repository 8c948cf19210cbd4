const sequences =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\)?|[PX^_][^\u001b]{0,4096}(?:\u001b\\)?|[ -/]{0,8}[0-~])?/g;
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Hostile text made fit for a terminal: no control sequences, no text that runs backwards; tabs become spaces, lines stay. */
export function printable(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(sequences, '').replaceAll('\t', '  ').replaceAll(controls, '');
}

/** Like `printable`, on one line. */
export function oneLine(text: string): string {
  return printable(text)
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}

/** Cuts a line at a width, with an ellipsis. */
export function fit(text: string, width: number): string {
  const chars = Array.from(text);
  return chars.length <= width ? text : `${chars.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Pads to a width; longer text is cut. */
export function column(text: string, width: number): string {
  const fitted = fit(text, width);
  return fitted + ' '.repeat(Math.max(0, width - Array.from(fitted).length));
}

/** Breaks text between words into lines of a width; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
  return printable(text)
    .split('\n')
    .flatMap((paragraph) => wrapParagraph(paragraph, Math.max(20, width)));
}

function wrapParagraph(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The line of a text in which a highlight stands, cut around it to a width; `undefined` when it stands nowhere. */
export function lineAround(text: string, highlight: string, width: number): string | undefined {
  const at = text.indexOf(highlight);
  if (at === -1) return undefined;
  const from = text.lastIndexOf('\n', at) + 1;
  const end = text.indexOf('\n', at + highlight.length);
  const to = end === -1 ? text.length : end;
  if (to - from <= width) return text.slice(from, to).trim();
  const room = Math.max(10, width - highlight.length);
  const start = Math.max(from, at - Math.floor(room / 2));
  const stop = Math.min(to, start + width - 2);
  return `${start > from ? '…' : ''}${text.slice(start, stop)}${stop < to ? '…' : ''}`;
}
