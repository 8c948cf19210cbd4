import type pc from 'picocolors';
import { printable } from './terminal-text.ts';

/** The lines of a unified diff without the names of its files, which stand elsewhere. */
export function diffBody(diff: string): string[] {
  return diff.split('\n').filter((line) => line !== '' && !/^(?:---|\+\+\+) /.test(line));
}

/** A unified diff for the terminal. Never wrapped or cut: it is there to be read and copied. */
export function diffLines(diff: string, colours: ReturnType<typeof pc.createColors>): string[] {
  return diffBody(diff).map((line) => {
    const text = printable(line);
    if (line.startsWith('+')) return colours.green(text);
    if (line.startsWith('-')) return colours.red(text);
    return line.startsWith('@@') ? colours.cyan(text) : colours.dim(text);
  });
}
