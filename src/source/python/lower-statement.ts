import { deepest, lowerExpression, lowerParameters, placeOf, textOf, type Lowering } from './lower-expression.ts';
import { field, fields, named, type RawNode } from './raw-node.ts';
import type { ClassDef, Expression, FunctionDef, Handler, ImportedName, Statement } from './syntax.ts';

/** Lowers the statements of a block. Text that is not Python is passed over, and what stands inside it is kept. */
export function lowerBlock(node: RawNode | undefined, context: Lowering): Statement[] {
  if (!node || context.depth > deepest) return [];
  return named(node).flatMap((child) => lowerStatement(child, { text: context.text, depth: context.depth + 1 }));
}

function lowerStatement(node: RawNode, context: Lowering): Statement[] {
  const place = placeOf(node);
  const lower = (child: RawNode | undefined): Expression => lowerExpression(child, context);
  const optional = (child: RawNode | undefined): Expression | undefined => (child ? lower(child) : undefined);
  const body = (): Statement[] => lowerBlock(field(node, 'body') ?? field(node, 'consequence'), context);
  switch (node.type) {
    case 'expression_statement':
      return named(node).flatMap((child) => lowerSimple(child, context));
    case 'return_statement':
      return [{ ...place, kind: 'Return', value: optional(named(node)[0]) }];
    case 'function_definition':
    case 'class_definition':
      return [lowerDefinition(node, [], context)];
    case 'decorated_definition': {
      const decorators = named(node)
        .filter((child) => child.type === 'decorator')
        .map((child) => lower(named(child)[0]));
      const definition = field(node, 'definition');
      return definition ? [lowerDefinition(definition, decorators, context)] : [];
    }
    case 'if_statement':
      return [
        {
          ...place,
          kind: 'If',
          test: lower(field(node, 'condition')),
          body: body(),
          otherwise: lowerAlternatives(fields(node, 'alternative'), context),
        },
      ];
    case 'while_statement':
      return [
        {
          ...place,
          kind: 'While',
          test: lower(field(node, 'condition')),
          body: body(),
          otherwise: lowerAlternatives(fields(node, 'alternative'), context),
        },
      ];
    case 'for_statement':
      return [
        {
          ...place,
          kind: 'For',
          target: lower(field(node, 'left')),
          iterable: lower(field(node, 'right')),
          body: body(),
          otherwise: lowerAlternatives(fields(node, 'alternative'), context),
        },
      ];
    case 'try_statement':
      return [lowerTry(node, context)];
    case 'with_statement':
      return [lowerWith(node, context)];
    case 'raise_statement':
      return [{ ...place, kind: 'Raise', exception: optional(named(node)[0]) }];
    case 'assert_statement':
      return [{ ...place, kind: 'Assert', test: lower(named(node)[0]) }];
    case 'delete_statement':
      return [{ ...place, kind: 'Delete', targets: named(node).map(lower) }];
    case 'import_statement':
      return [{ ...place, kind: 'Import', names: importedNames(fields(node, 'name'), context) }];
    case 'import_from_statement':
    case 'future_import_statement':
      return [lowerImportFrom(node, context)];
    case 'match_statement': {
      const block = field(node, 'body');
      const cases = block ? named(block).filter((child) => child.type === 'case_clause') : [];
      const blocks = cases.map((child) => lowerBlock(field(child, 'consequence'), context));
      return [{ ...place, kind: 'Match', subject: lower(field(node, 'subject')), cases: blocks }];
    }
    case 'break_statement':
      return [{ ...place, kind: 'Break' }];
    case 'continue_statement':
      return [{ ...place, kind: 'Continue' }];
    case 'pass_statement':
    case 'global_statement':
    case 'nonlocal_statement':
      return [{ ...place, kind: 'Pass' }];
    case 'ERROR':
      return lowerBlock(node, context);
    case 'block':
      return lowerBlock(node, context);
    default:
      return [{ ...place, kind: 'Expr', value: lower(node) }];
  }
}

/** An assignment or a bare expression. */
function lowerSimple(node: RawNode, context: Lowering): Statement[] {
  const place = placeOf(node);
  const right = field(node, 'right');
  if (node.type === 'augmented_assignment') {
    const operator = field(node, 'operator');
    return [
      {
        ...place,
        kind: 'AugAssign',
        target: lowerExpression(field(node, 'left'), context),
        operator: operator ? textOf(operator, context).replace(/=$/, '') : '',
        value: lowerExpression(right, context),
      },
    ];
  }
  if (node.type !== 'assignment') return [{ ...place, kind: 'Expr', value: lowerExpression(node, context) }];
  const targets = [lowerExpression(field(node, 'left'), context)];
  let value = right;
  // `a = b = c` is an assignment whose right side is an assignment.
  while (value?.type === 'assignment') {
    targets.push(lowerExpression(field(value, 'left'), context));
    value = field(value, 'right');
  }
  const type = field(node, 'type');
  return [
    {
      ...place,
      kind: 'Assign',
      targets,
      value: value ? lowerExpression(value, context) : undefined,
      annotation: type ? lowerExpression(type, context) : undefined,
    },
  ];
}

function lowerDefinition(node: RawNode, decorators: readonly Expression[], context: Lowering): FunctionDef | ClassDef {
  const nameNode = field(node, 'name');
  const name = nameNode ? textOf(nameNode, context) : '';
  const place = placeOf(node);
  const body = lowerBlock(field(node, 'body'), context);
  if (node.type === 'class_definition') {
    const superclasses = field(node, 'superclasses');
    const bases = superclasses ? named(superclasses).filter((child) => child.type !== 'keyword_argument') : [];
    return { ...place, kind: 'ClassDef', name, bases: bases.map((base) => lowerExpression(base, context)), decorators, body };
  }
  return { ...place, kind: 'FunctionDef', name, parameters: lowerParameters(field(node, 'parameters'), context), decorators, body };
}

/** `elif` and `else` as nested `If`s. */
function lowerAlternatives(clauses: readonly RawNode[], context: Lowering): readonly Statement[] {
  let otherwise: readonly Statement[] = [];
  for (const clause of clauses.toReversed()) {
    if (clause.type === 'elif_clause') {
      const body = lowerBlock(field(clause, 'consequence'), context);
      otherwise = [{ ...placeOf(clause), kind: 'If', test: lowerExpression(field(clause, 'condition'), context), body, otherwise }];
    } else {
      otherwise = lowerBlock(field(clause, 'body'), context);
    }
  }
  return otherwise;
}

function lowerTry(node: RawNode, context: Lowering): Statement {
  const clause = (type: string): RawNode | undefined => node.children.find((child) => child.type === type);
  const blockOf = (child: RawNode | undefined): readonly Statement[] =>
    lowerBlock(child && (field(child, 'body') ?? child.children.find((each) => each.type === 'block')), context);
  const handlers = named(node)
    .filter((child) => child.type === 'except_clause' || child.type === 'except_group_clause')
    .map((child): Handler => {
      const [first] = named(child).filter((each) => each.type !== 'block');
      const [type, target] = first?.type === 'as_pattern' ? named(first) : [first, field(child, 'alias')];
      return {
        type: type ? lowerExpression(type, context) : undefined,
        name: target ? textOf(target, context) : undefined,
        body: blockOf(child),
      };
    });
  return {
    ...placeOf(node),
    kind: 'Try',
    body: lowerBlock(field(node, 'body'), context),
    handlers,
    otherwise: blockOf(clause('else_clause')),
    final: blockOf(clause('finally_clause')),
  };
}

function lowerWith(node: RawNode, context: Lowering): Statement {
  const clause = node.children.find((child) => child.type === 'with_clause');
  const items = (clause ? named(clause) : []).map((item) => {
    const value = field(item, 'value') ?? named(item)[0];
    const [inner, target] = value?.type === 'as_pattern' ? named(value) : [value];
    return { value: lowerExpression(inner, context), target: target ? lowerExpression(target, context) : undefined };
  });
  return { ...placeOf(node), kind: 'With', items, body: lowerBlock(field(node, 'body'), context) };
}

function lowerImportFrom(node: RawNode, context: Lowering): Statement {
  const source = field(node, 'module_name');
  const text = source ? textOf(source, context).replaceAll(/\s/g, '') : '__future__';
  const dots = /^\.*/.exec(text)?.[0].length ?? 0;
  const isWild = node.children.some((child) => child.type === 'wildcard_import');
  const names = isWild ? [{ name: '*', as: undefined }] : importedNames(fields(node, 'name'), context);
  return { ...placeOf(node), kind: 'ImportFrom', module: text.slice(dots), level: dots, names };
}

function importedNames(nodes: readonly RawNode[], context: Lowering): ImportedName[] {
  return nodes.map((node) => {
    const name = field(node, 'name');
    const alias = field(node, 'alias');
    return name
      ? { name: textOf(name, context), as: alias ? textOf(alias, context) : undefined }
      : { name: textOf(node, context), as: undefined };
  });
}
