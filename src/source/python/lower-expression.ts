import { literalTypes, lowerLiteral } from './lower-literal.ts';
import { field, fields, named, type RawNode } from './raw-node.ts';
import type { Expression, Generator, Keyword, Parameter, Place } from './syntax.ts';

/** Deeper nesting than this is left unread: nobody writes it by hand, and recursion has an end. */
export const deepest = 200;

export interface Lowering {
  readonly text: string;
  readonly depth: number;
}

export function placeOf({ line, column, start, end }: RawNode): Place {
  return { line, column, start, end };
}

export function textOf(node: RawNode, { text }: Lowering): string {
  return text.slice(node.start, node.end);
}

/** Lowers an expression; a missing one is `Unknown`. */
export function lowerExpression(node: RawNode | undefined, outer: Lowering): Expression {
  if (!node) return { kind: 'Unknown', children: [], line: 1, column: 1, start: 0, end: 0 };
  const place = placeOf(node);
  if (outer.depth > deepest) return { ...place, kind: 'Unknown', children: [] };
  const context = { text: outer.text, depth: outer.depth + 1 };
  const lower = (child: RawNode | undefined): Expression => lowerExpression(child, context);
  const all = (nodes: readonly RawNode[]): Expression[] => nodes.map(lower);
  const literal = literalTypes.has(node.type) ? lowerLiteral(node, context.text, lower) : undefined;
  if (literal) return literal;
  switch (node.type) {
    case 'identifier':
    case 'keyword_identifier':
    case 'dotted_name':
      return { ...place, kind: 'Name', name: textOf(node, context) };
    case 'parenthesized_expression':
    case 'expression_statement':
    case 'type':
    case 'as_pattern_target':
    case 'format_expression':
      return named(node).length === 1 ? lower(named(node)[0]) : { ...place, kind: 'Tuple', items: all(named(node)) };
    case 'attribute':
      return { ...place, kind: 'Attribute', value: lower(field(node, 'object')), name: nameIn(node, 'attribute', context) };
    case 'subscript': {
      const indexes = all(fields(node, 'subscript'));
      const [only] = indexes;
      const index: Expression = only && indexes.length === 1 ? only : { ...place, kind: 'Tuple', items: indexes };
      return { ...place, kind: 'Subscript', value: lower(field(node, 'value')), index };
    }
    case 'generic_type': {
      const [base, ...parameters] = named(node);
      const items = all(parameters.flatMap((child) => (child.type === 'type_parameter' ? named(child) : [child])));
      return {
        ...place,
        kind: 'Subscript',
        value: lower(base),
        index: items[0] && items.length === 1 ? items[0] : { ...place, kind: 'Tuple', items },
      };
    }
    case 'slice':
      return { ...place, kind: 'Slice' };
    case 'call':
      return { ...place, kind: 'Call', callee: lower(field(node, 'function')), ...lowerArguments(field(node, 'arguments'), context) };
    case 'binary_operator':
      return {
        ...place,
        kind: 'BinOp',
        operator: nameIn(node, 'operator', context),
        left: lower(field(node, 'left')),
        right: lower(field(node, 'right')),
      };
    case 'boolean_operator': {
      const operator = nameIn(node, 'operator', context) === 'or' ? 'or' : 'and';
      return { ...place, kind: 'BoolOp', operator, left: lower(field(node, 'left')), right: lower(field(node, 'right')) };
    }
    case 'not_operator':
      return { ...place, kind: 'UnaryOp', operator: 'not', operand: lower(field(node, 'argument')) };
    case 'unary_operator':
      return { ...place, kind: 'UnaryOp', operator: nameIn(node, 'operator', context), operand: lower(field(node, 'argument')) };
    case 'comparison_operator': {
      const operators = node.children.filter((child) => child.field === 'operators').map((child) => textOf(child, context));
      const operands = all(named(node).filter((child) => child.field !== 'operators'));
      return { ...place, kind: 'Compare', operators: operators.map((each) => each.replace(/\s+/g, ' ')), operands };
    }
    case 'conditional_expression': {
      const [body, test, otherwise] = named(node);
      return { ...place, kind: 'IfExp', test: lower(test), body: lower(body), otherwise: lower(otherwise) };
    }
    case 'lambda':
      return {
        ...place,
        kind: 'Lambda',
        parameters: lowerParameters(field(node, 'parameters'), context),
        body: lower(field(node, 'body')),
      };
    case 'list_comprehension':
      return { ...place, kind: 'ListComp', element: lower(field(node, 'body')), generators: lowerGenerators(node, context) };
    case 'set_comprehension':
      return { ...place, kind: 'SetComp', element: lower(field(node, 'body')), generators: lowerGenerators(node, context) };
    case 'generator_expression':
      return { ...place, kind: 'GeneratorExp', element: lower(field(node, 'body')), generators: lowerGenerators(node, context) };
    case 'dictionary_comprehension': {
      const pair = field(node, 'body');
      const key = lower(pair && field(pair, 'key'));
      return { ...place, kind: 'DictComp', key, value: lower(pair && field(pair, 'value')), generators: lowerGenerators(node, context) };
    }
    case 'named_expression':
      return { ...place, kind: 'NamedExpr', target: lower(field(node, 'name')), value: lower(field(node, 'value')) };
    case 'await':
      return { ...place, kind: 'Await', value: lower(named(node)[0]) };
    case 'yield':
      return { ...place, kind: 'Yield', value: named(node)[0] ? lower(named(node)[0]) : undefined };
    case 'list_splat':
    case 'list_splat_pattern':
      return { ...place, kind: 'Starred', value: lower(named(node)[0]) };
    default:
      return { ...place, kind: 'Unknown', children: all(named(node)) };
  }
}

function nameIn(node: RawNode, name: string, context: Lowering): string {
  const child = field(node, name);
  return child ? textOf(child, context) : '';
}

function lowerArguments(node: RawNode | undefined, context: Lowering): { args: Expression[]; keywords: Keyword[] } {
  if (!node) return { args: [], keywords: [] };
  if (node.type === 'generator_expression') return { args: [lowerExpression(node, context)], keywords: [] };
  const args: Expression[] = [];
  const keywords: Keyword[] = [];
  for (const child of named(node)) {
    if (child.type === 'keyword_argument') {
      keywords.push({ name: nameIn(child, 'name', context), value: lowerExpression(field(child, 'value'), context) });
    } else if (child.type === 'dictionary_splat') {
      keywords.push({ name: undefined, value: lowerExpression(named(child)[0], context) });
    } else {
      args.push(lowerExpression(child, context));
    }
  }
  return { args, keywords };
}

function lowerGenerators(node: RawNode, context: Lowering): Generator[] {
  const generators: { target: Expression; iterable: Expression; tests: Expression[] }[] = [];
  for (const child of named(node)) {
    if (child.type === 'for_in_clause') {
      const left = lowerExpression(field(child, 'left'), context);
      generators.push({ target: left, iterable: lowerExpression(field(child, 'right'), context), tests: [] });
    } else if (child.type === 'if_clause') {
      generators.at(-1)?.tests.push(lowerExpression(named(child)[0], context));
    }
  }
  return generators;
}

/** Lowers a parameter list; `/` and bare `*` are dropped. */
export function lowerParameters(node: RawNode | undefined, context: Lowering): Parameter[] {
  if (!node) return [];
  return named(node).flatMap((child): Parameter[] => {
    const typed = child.type === 'typed_parameter' ? named(child)[0] : child;
    const type = field(child, 'type');
    const annotation = type ? lowerExpression(type, context) : undefined;
    const value = field(child, 'value');
    const fallback = value ? lowerExpression(value, context) : undefined;
    const bare = field(child, 'name') ?? typed;
    if (!bare || bare.type.endsWith('_separator')) return [];
    const name = textOf(bare, context).replace(/^\*+/, '').trim();
    if (bare.type === 'dictionary_splat_pattern') return [{ name, form: 'keywords', annotation, fallback }];
    return [{ name, form: bare.type === 'list_splat_pattern' ? 'rest' : 'plain', annotation, fallback }];
  });
}
