import type { Expression, FunctionDef, Module, Place, Statement } from './syntax.ts';

/** The expressions right below an expression. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'JoinedStr':
      return expression.parts.filter((part) => typeof part !== 'string');
    case 'Attribute':
      return [expression.value];
    case 'Subscript':
      return [expression.value, expression.index];
    case 'Call':
      return [expression.callee, ...expression.args, ...expression.keywords.map(({ value }) => value)];
    case 'BinOp':
    case 'BoolOp':
      return [expression.left, expression.right];
    case 'UnaryOp':
      return [expression.operand];
    case 'Compare':
      return expression.operands;
    case 'IfExp':
      return [expression.test, expression.body, expression.otherwise];
    case 'Lambda':
      return [expression.body];
    case 'Dict':
      return expression.items.flatMap(({ key, value }) => (key ? [key, value] : [value]));
    case 'List':
    case 'Tuple':
    case 'Set':
      return expression.items;
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
      return [expression.element, ...expression.generators.flatMap(({ target, iterable, tests }) => [target, iterable, ...tests])];
    case 'DictComp':
      return [
        expression.key,
        expression.value,
        ...expression.generators.flatMap(({ target, iterable, tests }) => [target, iterable, ...tests]),
      ];
    case 'NamedExpr':
      return [expression.target, expression.value];
    case 'Starred':
      return [expression.value];
    case 'Await':
    case 'Yield':
      return expression.value ? [expression.value] : [];
    case 'Unknown':
      return expression.children;
    default:
      return [];
  }
}

/** The expressions of a statement itself, without those of the statements in it. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'FunctionDef':
    case 'ClassDef':
      return statement.decorators;
    case 'Return':
    case 'Expr':
      return statement.value ? [statement.value] : [];
    case 'Assign':
      return [...statement.targets, ...(statement.value ? [statement.value] : [])];
    case 'AugAssign':
      return [statement.target, statement.value];
    case 'For':
      return [statement.target, statement.iterable];
    case 'While':
    case 'If':
    case 'Assert':
      return [statement.test];
    case 'With':
      return statement.items.flatMap(({ value, target }) => (target ? [value, target] : [value]));
    case 'Try':
      return statement.handlers.flatMap(({ type }) => type ?? []);
    case 'Raise':
      return statement.exception ? [statement.exception] : [];
    case 'Delete':
      return statement.targets;
    case 'Match':
      return [statement.subject];
    default:
      return [];
  }
}

/** The blocks of a statement. */
export function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'FunctionDef':
    case 'ClassDef':
    case 'With':
      return [statement.body];
    case 'If':
    case 'While':
    case 'For':
      return [statement.body, statement.otherwise];
    case 'Try':
      return [statement.body, ...statement.handlers.map(({ body }) => body), statement.otherwise, statement.final];
    case 'Match':
      return statement.cases;
    default:
      return [];
  }
}

/** An expression and all that is in it. */
export function within(expression: Expression): readonly Expression[] {
  const found: Expression[] = [];
  gather(expression, found);
  return found;
}

function gather(expression: Expression, found: Expression[]): void {
  found.push(expression);
  for (const child of childrenOf(expression)) gather(child, found);
}

/** Statements and all that are in them. */
export const statementsIn = onceForEach((body: readonly Statement[]): readonly Statement[] => {
  const found: Statement[] = [];
  const visit = (block: readonly Statement[]): void => {
    for (const statement of block) {
      found.push(statement);
      for (const inner of blocksOf(statement)) visit(inner);
    }
  };
  visit(body);
  return found;
});

/** All expressions of a body. */
export const expressionsIn = onceForEach((body: readonly Statement[]): readonly Expression[] => {
  const found: Expression[] = [];
  for (const statement of statementsIn(body)) for (const each of expressionsOf(statement)) gather(each, found);
  return found;
});

/** A function of syntax, which never changes: what it says of a node is worked out once, for as long as the node is there. */
export function onceForEach<Node extends object, Result>(ask: (node: Node) => Result): (node: Node) => Result {
  const known = new WeakMap<Node, Result>();
  return (node) => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const result = ask(node);
    known.set(node, result);
    return result;
  };
}

/** Where something stands: what is around it, the innermost last. */
export interface Spot {
  readonly functions: readonly FunctionDef[];
  readonly statements: readonly Statement[];
  /** From the statement's own expression down to what stands at the place. Empty when that is a statement. */
  readonly expressions: readonly Expression[];
}

/** Finds what stands at a place. */
export function locate(module: Module, place: Place): Spot | undefined {
  const statements: Statement[] = [];
  let block: readonly Statement[] | undefined = module.body;
  while (block) {
    const next: Statement | undefined = block.find((statement) => holds(statement, place));
    if (!next) break;
    statements.push(next);
    block = blocksOf(next).find((inner) => inner.some((statement) => holds(statement, place)));
  }
  const statement = statements.at(-1);
  if (!statement) return undefined;
  const expressions: Expression[] = [];
  let level = expressionsOf(statement);
  for (let found = level.find((each) => holds(each, place)); found; found = level.find((each) => holds(each, place))) {
    expressions.push(found);
    level = childrenOf(found);
  }
  const at = expressions.findIndex((each) => each.start === place.start && each.end === place.end);
  const functions = statements.flatMap((each) => (each.kind === 'FunctionDef' ? [each] : []));
  return { functions, statements, expressions: at === -1 ? [] : expressions.slice(0, at + 1) };
}

/** A decorator stands outside its function; a lowered `elif` inside its `if`. */
function holds(outer: Place & { readonly kind?: string }, { start, end }: Place): boolean {
  return outer.start <= start && end <= outer.end;
}

/** The names that an expression reads, without those that it binds itself. */
export function freeNames(expression: Expression): ReadonlySet<string> {
  const bound = new Set(
    within(expression).flatMap((each) => {
      if (each.kind === 'Lambda') return each.parameters.map(({ name }) => name);
      if (each.kind === 'NamedExpr') return each.target.kind === 'Name' ? [each.target.name] : [];
      return 'generators' in each ? each.generators.flatMap(({ target }) => namesIn(target)) : [];
    }),
  );
  return new Set(namesIn(expression).filter((name) => !bound.has(name)));
}

export function namesIn(expression: Expression): readonly string[] {
  return within(expression).flatMap((each) => (each.kind === 'Name' ? [each.name] : []));
}
