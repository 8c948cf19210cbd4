import { jsonOffsets } from './json-offsets.ts';
import { yamlOffsets } from './yaml-offsets.ts';

/** The offset in the text at which the value of a JSON Pointer is named; `undefined` when there is none. */
export type OffsetOf = (tokens: readonly string[]) => number | undefined;

/** 1-based lines of JSON Pointers. The text is read when a line is first asked for, and each container at most once. */
export function lineFinder(text: string, format: 'json' | 'yaml'): (pointer: string) => number | undefined {
  let offsetOf: OffsetOf | undefined;
  let starts: readonly number[] | undefined;
  return (pointer) => {
    offsetOf ??= format === 'json' ? jsonOffsets(text) : yamlOffsets(text);
    const tokens = pointer
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    const offset = offsetOf(tokens);
    return offset === undefined ? undefined : lineAt((starts ??= lineStarts(text)), offset);
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
