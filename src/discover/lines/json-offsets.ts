import type { OffsetOf } from './line-of.ts';

interface Child {
  /** Where its key starts; where the value starts in an array. */
  readonly named: number;
  readonly value: number;
}

const significant = /["{}[\]]/g;

/** Offsets in JSON text that is known to be valid. Containers on the way to a pointer are scanned once and remembered. */
export function jsonOffsets(text: string): OffsetOf {
  const memo = new Map<number, ReadonlyMap<string, Child>>();
  return (tokens) => {
    let at: Child = { named: skipSpace(text, 0), value: skipSpace(text, 0) };
    for (const token of tokens) {
      let children = memo.get(at.value);
      if (children === undefined) memo.set(at.value, (children = childrenOf(text, at.value)));
      const child = children.get(token);
      if (child === undefined) return undefined;
      at = child;
    }
    return at.named;
  };
}

function childrenOf(text: string, start: number): ReadonlyMap<string, Child> {
  const children = new Map<string, Child>();
  const open = text[start];
  if (open !== '{' && open !== '[') return children;
  let at = skipSpace(text, start + 1);
  for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index++) {
    const named = at;
    let key = String(index);
    if (open === '{') {
      const end = stringEnd(text, at);
      key = String(JSON.parse(text.slice(at, end)));
      at = skipSpace(text, skipSpace(text, end) + 1);
    }
    children.set(key, { named, value: at });
    at = skipSpace(text, valueEnd(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return children;
}

function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first !== '{' && first !== '[') {
    let at = start + 1;
    while (at < text.length && !/[,\]}\s]/.test(text.charAt(at))) at++;
    return at;
  }
  let depth = 0;
  significant.lastIndex = start;
  for (let match = significant.exec(text); match !== null; match = significant.exec(text)) {
    if (match[0] === '"') significant.lastIndex = stringEnd(text, match.index);
    else if (match[0] === '{' || match[0] === '[') depth++;
    else if (--depth === 0) return match.index + 1;
  }
  return text.length;
}

function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
  return text.length;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  for (
    let code = text.charCodeAt(at);
    code === 32 || code === 10 || code === 13 || code === 9 || code === 0xfeff;
    code = text.charCodeAt(at)
  )
    at++;
  return at;
}
