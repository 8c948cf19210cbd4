import { field, named, type RawNode } from './raw-node.ts';
import type { Expression, Place } from './syntax.ts';

type Lower = (node: RawNode | undefined) => Expression;

/** The node types that `lowerLiteral` knows. */
export const literalTypes: ReadonlySet<string> = new Set(
  (
    'string concatenated_string integer float true false none ellipsis list list_pattern set tuple expression_list pattern_list ' +
    'tuple_pattern dictionary'
  ).split(' '),
);

/** Lowers constants, strings and displays; `undefined` for everything else. */
export function lowerLiteral(node: RawNode, text: string, lower: Lower): Expression | undefined {
  const place: Place = { line: node.line, column: node.column, start: node.start, end: node.end };
  switch (node.type) {
    case 'string':
      return lowerString(node, text, lower, place);
    case 'concatenated_string':
      return joinStrings(named(node).map(lower), place);
    case 'integer':
    case 'float': {
      const value = Number(text.slice(node.start, node.end).replaceAll('_', ''));
      return { ...place, kind: 'Constant', value: Number.isNaN(value) ? text.slice(node.start, node.end) : value };
    }
    case 'true':
    case 'false':
      return { ...place, kind: 'Constant', value: node.type === 'true' };
    case 'none':
      return { ...place, kind: 'Constant', value: null };
    case 'ellipsis':
      return { ...place, kind: 'Constant', value: '...' };
    case 'list':
    case 'list_pattern':
      return { ...place, kind: 'List', items: named(node).map(lower) };
    case 'set':
      return { ...place, kind: 'Set', items: named(node).map(lower) };
    case 'tuple':
    case 'expression_list':
    case 'pattern_list':
    case 'tuple_pattern':
      return { ...place, kind: 'Tuple', items: named(node).map(lower) };
    case 'dictionary':
      return {
        ...place,
        kind: 'Dict',
        items: named(node).map((child) =>
          child.type === 'pair'
            ? { key: lower(field(child, 'key')), value: lower(field(child, 'value')) }
            : { key: undefined, value: lower(named(child)[0]) },
        ),
      };
    default:
      return undefined;
  }
}

function lowerString(node: RawNode, text: string, lower: Lower, place: Place): Expression {
  const parts: (string | Expression)[] = [];
  for (const child of node.children) {
    if (child.type === 'string_content') parts.push(unescape(text.slice(child.start, child.end)));
    if (child.type === 'interpolation') parts.push(lower(field(child, 'expression') ?? named(child)[0]));
  }
  return joined(parts, place);
}

function joinStrings(strings: readonly Expression[], place: Place): Expression {
  const parts = strings.flatMap((each): (string | Expression)[] => {
    if (each.kind === 'Constant') return [String(each.value)];
    return each.kind === 'JoinedStr' ? [...each.parts] : [each];
  });
  return joined(parts, place);
}

function joined(parts: readonly (string | Expression)[], place: Place): Expression {
  if (parts.every((part) => typeof part === 'string')) return { ...place, kind: 'Constant', value: parts.join('') };
  return { ...place, kind: 'JoinedStr', parts };
}

/** The escapes that occur in names and rules; others stay as written. */
function unescape(raw: string): string {
  return raw.replaceAll(/\\(?:n|t|'|"|\\|\n)/g, (escape) => ({ '\\n': '\n', '\\t': '\t', '\\\n': '' })[escape] ?? escape.slice(1));
}
