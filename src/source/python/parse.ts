import type { Parser } from 'web-tree-sitter';
import { lowerModule } from './lower-module.ts';
import { copyTree } from './raw-node.ts';
import type { Module } from './syntax.ts';

/** Longest time for one file: pathological text is given up, not waited for. */
const parseMs = 5000;

/**
 * Parses Python of any version, as well as it can: what is not Python leaves a line in `problems`. `undefined` when the text
 * takes too long.
 */
export function parsePython(parser: Parser, text: string): Module | undefined {
  const deadline = performance.now() + parseMs;
  const tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
  if (!tree) {
    parser.reset();
    return undefined;
  }
  try {
    return lowerModule(copyTree(tree, text), text);
  } finally {
    // The parser's memory is not the garbage collector's.
    tree.delete();
  }
}
