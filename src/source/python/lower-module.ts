import { lowerBlock } from './lower-statement.ts';
import type { RawNode } from './raw-node.ts';
import type { Module } from './syntax.ts';

/** Turns the concrete tree of a file into a typed one. */
export function lowerModule(root: RawNode, text: string): Module {
  const comments = new Map<number, string>();
  const problems = new Set<number>();
  const waiting: RawNode[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.type === 'comment') comments.set(node.line, text.slice(node.start, node.end).replace(/^#+\s?/, ''));
    if (node.type === 'ERROR' || node.isMissing) problems.add(node.line);
    for (const child of node.children) waiting.push(child);
  }
  return { body: lowerBlock(root, { text, depth: 0 }), comments, problems: [...problems].toSorted((a, b) => a - b) };
}
