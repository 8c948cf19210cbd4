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
  const namedOnes = namedTypes(tree.language);
  const isNamed = (typeId: number): boolean => namedOnes[typeId] ?? true;
  const lineStarts = lineStartsOf(text);
  let line = 0;
  const path: Growing[] = [];
  const read = (typeId: number, fieldId: number): Growing => {
    const type = typeId === errorType ? 'ERROR' : (types[typeId] ?? '');
    const start = cursor.startIndex;
    const end = cursor.endIndex;
    // A walk from left to right passes each line once.
    while ((lineStarts[line + 1] ?? Infinity) <= start) line += 1;
    while (line > 0 && (lineStarts[line] ?? 0) > start) line -= 1;
    return {
      type,
      field: fieldId === 0 ? null : (fieldNames[fieldId] ?? null),
      isNamed: isNamed(typeId),
      isMissing: start === end && type !== 'block' && type !== 'module' && type !== 'string_content',
      line: line + 1,
      column: start - (lineStarts[line] ?? 0) + 1,
      start,
      end,
      children: [],
    };
  };
  try {
    const root = read(cursor.nodeTypeId, 0);
    let node: Growing | undefined = root;
    for (;;) {
      if (node && cursor.gotoFirstChild()) {
        path.push(node);
      } else {
        while (!cursor.gotoNextSibling()) if (!cursor.gotoParent() || !path.pop()) return root;
      }
      const typeId = cursor.nodeTypeId;
      const fieldId = cursor.currentFieldId;
      // Brackets, commas and keywords that no field names say nothing that is not said by what they stand in.
      node = fieldId !== 0 || isNamed(typeId) ? read(typeId, fieldId) : undefined;
      if (node) path.at(-1)?.children.push(node);
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
