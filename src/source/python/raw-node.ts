import type { Language, Tree } from 'web-tree-sitter';

/** A node of the concrete tree, copied out of the parser's memory. */
export interface RawNode {
  readonly type: string;
  readonly field: string | null;
  readonly isNamed: boolean;
  readonly isMissing: boolean;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
  readonly children: readonly RawNode[];
}

interface Growing extends RawNode {
  readonly children: Growing[];
}

/**
 * Copies a tree with one walk of a cursor, and as few questions as will do: each step into the parser's memory costs, and the
 * tree can be freed at once.
 */
export function copyTree(tree: Tree, text: string): RawNode {
  const cursor = tree.walk();
  const { types, fields: fieldNames } = tree.language;
  const isNamedType = namedTypes(tree.language);
  const lineStarts = lineStartsOf(text);
  let line = 0;
  const path: Growing[] = [];
  const read = (): Growing => {
    const typeId = cursor.nodeTypeId;
    const type = typeId === errorType ? 'ERROR' : (types[typeId] ?? '');
    const isNamed = isNamedType[typeId] ?? true;
    const fieldId = cursor.currentFieldId;
    const start = cursor.startIndex;
    const isPunctuation = !isNamed && fieldId === 0;
    const end = isPunctuation ? start + type.length : cursor.endIndex;
    // A walk from left to right passes each line once.
    while ((lineStarts[line + 1] ?? Infinity) <= start) line += 1;
    while (line > 0 && (lineStarts[line] ?? 0) > start) line -= 1;
    const column = start - (lineStarts[line] ?? 0) + 1;
    const isMissing = start === end && type !== 'block' && type !== 'module' && !isPunctuation && type !== 'string_content';
    return {
      type,
      field: fieldId === 0 ? null : (fieldNames[fieldId] ?? null),
      isNamed,
      isMissing,
      line: line + 1,
      column,
      start,
      end,
      children: [],
    };
  };
  try {
    const root = read();
    path.push(root);
    for (;;) {
      if (!cursor.gotoFirstChild()) {
        while (!cursor.gotoNextSibling()) {
          if (!cursor.gotoParent()) return root;
          path.pop();
        }
        path.pop();
      }
      const node = read();
      path.at(-1)?.children.push(node);
      path.push(node);
    }
  } finally {
    cursor.delete();
  }
}

/** How the parser marks text that it could not read. */
const errorType = 65_535;

let namedTypesMemo: readonly boolean[] | undefined;

function namedTypes(language: Language): readonly boolean[] {
  namedTypesMemo ??= language.types.map((_, id) => language.nodeTypeIsNamed(id));
  return namedTypesMemo;
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The child in a field of the grammar. */
export function field(node: RawNode, name: string): RawNode | undefined {
  return node.children.find((child) => child.field === name);
}

export function fields(node: RawNode, name: string): readonly RawNode[] {
  return node.children.filter((child) => child.field === name && child.isNamed);
}

/** Named children that are code: comments and error markers left out. */
export function named(node: RawNode): readonly RawNode[] {
  return node.children.filter((child) => child.isNamed && child.type !== 'comment' && child.type !== 'line_continuation');
}
