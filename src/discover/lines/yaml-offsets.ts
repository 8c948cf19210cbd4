import { isAlias, isMap, isNode, isScalar, isSeq, parseAllDocuments, type Document } from 'yaml';
import type { OffsetOf } from './line-of.ts';

/** Offsets in YAML text. Slow for large documents (seconds for 10 MB), hence only when a line is asked for. */
export function yamlOffsets(text: string): OffsetOf {
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' });
  const document = Array.isArray(documents) ? documents[0] : undefined;
  return (tokens) => {
    let node: unknown = document?.contents;
    let offset = startOf(node);
    for (const token of tokens) {
      const child = childOf(node, token, document);
      if (child === undefined) return undefined;
      offset = child.offset ?? offset;
      node = child.node;
    }
    return offset;
  };
}

function childOf(
  parent: unknown,
  token: string,
  document: Document | undefined,
): { node: unknown; offset: number | undefined } | undefined {
  const node = isAlias(parent) && document !== undefined ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const item = node.items[Number(token)];
    return item === undefined ? undefined : { node: item, offset: startOf(item) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.findLast((entry) => isScalar(entry.key) && String(entry.key.value) === token);
  if (pair !== undefined) return { node: pair.value, offset: startOf(pair.key) };
  const merged = node.items.find((entry) => isScalar(entry.key) && entry.key.value === '<<');
  return merged === undefined ? undefined : childOf(merged.value, token, document);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
