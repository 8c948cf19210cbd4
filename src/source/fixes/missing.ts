import type { Edit } from './edit.ts';
import { refusing, unitOf } from './compare.ts';
import { freshName } from './names.ts';
import type { Import } from './imports.ts';
import type { Opening } from './open-access.ts';
import { denyFor } from './refuse.ts';
import { nameOf } from './scope-documents.ts';
import { bodyAround, indentOf, linesAfter, written } from './source.ts';
import type { Expression, Statement } from '../python/syntax.ts';
import { expressionsOf, namesIn, statementsIn, within } from '../python/walk.ts';

interface Mended {
  readonly edits: readonly Edit[];
  readonly imports: readonly Import[];
}

const none: Mended = { edits: [], imports: [] };

/**
 * What a function needs beside a narrower query: that nothing was found has to be answered, where it was not before. `conditional`:
 * DynamoDB says so with an error.
 */
export function mendUse(opening: Opening, how: 'count' | 'conditional' = 'count'): Mended {
  return how === 'conditional' ? caught(opening) : (counted(opening) ?? tested(opening) ?? none);
}

const counts: Readonly<Record<string, string>> = {
  update_one: '.matched_count == 0',
  update_many: '.matched_count == 0',
  replace_one: '.matched_count == 0',
  delete_one: '.deleted_count == 0',
  delete_many: '.deleted_count == 0',
  delete: ' == 0',
  update: ' == 0',
  execute: '.rowcount == 0',
};

/** A change whose outcome nobody looks at: how many it reached tells whether there was one. */
function counted({ at, open, problem, target, project }: Opening): Mended | undefined {
  const { source, statement, node } = at;
  if (statement.kind !== 'Expr' || statement.value !== node || node.kind !== 'Call') return undefined;
  const count = counts[nameOf(node)];
  const isStatement = /^(?:update|delete|execute)$/.test(nameOf(node)) && open.access.library !== 'pymongo';
  if (count === undefined || (isStatement && !/sql/i.test(open.access.library))) return undefined;
  const deny = denyFor(open.access, problem.run, target, project);
  // What `execute` of a cursor returns differs between drivers; the cursor itself counts in all of them.
  const cursor = node.callee.kind === 'Attribute' ? written(source, node.callee.value) : '';
  if (nameOf(node) === 'execute' && /cur/i.test(cursor)) {
    const after = linesAfter(source, statement, refusing(source, `${cursor}.rowcount == 0`, deny));
    return after && { edits: [after], imports: deny.imports };
  }
  const name = freshName('outcome', at);
  const after = linesAfter(source, statement, refusing(source, `${name}${count}`, deny));
  if (!after || indentOf(source, statement) === undefined) return undefined;
  return { edits: [{ file: source.path, start: statement.start, end: statement.start, text: `${name} = ` }, after], imports: deny.imports };
}

/** An object that is used as if it were always there. */
function tested({ at, open, problem, target, project }: Opening): Mended | undefined {
  const { source, statement, node, spot } = at;
  const value = statement.kind === 'Assign' ? statement.value : undefined;
  const isFetched = value !== undefined && value !== node && isRowOf(value, node);
  const isOne =
    isFetched ||
    open.access.verb === 'read' ||
    (open.access.verb === 'update' && (node.kind === 'Call' ? nameOf(node) : '').startsWith('find_one_and'));
  if (!isOne || statement.kind !== 'Assign' || (!isFetched && (open.access.many || value !== node || refusesItself(node))))
    return undefined;
  const [name] = statement.targets.flatMap((each) => (each.kind === 'Name' ? [each.name] : []));
  if (name === undefined || isTested(name, bodyAround(source, spot.functions))) return undefined;
  const deny = denyFor(open.access, problem.run, target, project);
  const after = linesAfter(source, statement, refusing(source, `${name} is None`, deny));
  return after && { edits: [after], imports: deny.imports };
}

/** `.fetchone()`, `.scalars().first()` and `.scalar_one_or_none()` of what was asked are the row, or nothing. */
function isRowOf(value: Expression, asked: Expression): boolean {
  if (value.kind !== 'Call' || !/^(?:fetchone|first|scalar|scalar_one_or_none|one_or_none)$/.test(nameOf(value))) return false;
  for (let each: Expression = value; each.kind === 'Call' && each.callee.kind === 'Attribute';) {
    each = each.callee.value;
    if (each === asked) return true;
  }
  return false;
}

/** `get_or_404` refuses by itself, and `get` and `one` of a query raise. */
function refusesItself(node: Opening['at']['node']): boolean {
  return node.kind !== 'Call' || /_or_404$|^(?:one|get|get_by_id|get_one)$/.test(nameOf(node)) === (nameOf(node) !== 'get');
}

function isTested(name: string, body: readonly Statement[]): boolean {
  return statementsIn(body).some((statement) => {
    const isTest = statement.kind === 'If' || statement.kind === 'Assert' || statement.kind === 'While';
    const tests = [...(isTest ? [statement.test] : []), ...expressionsOf(statement).flatMap(testsIn)];
    return tests.some((test) => namesIn(test).includes(name));
  });
}

function testsIn(expression: Expression): readonly Expression[] {
  return within(expression).flatMap((each) => (each.kind === 'IfExp' ? [each.test] : each.kind === 'BoolOp' ? [each.left] : []));
}

/** The change in a `try`, whose failed condition is answered like an item that is not there. */
function caught({ at, open, problem, target, project }: Opening): Mended {
  const { source, statement } = at;
  const indent = indentOf(source, statement);
  if (indent === undefined || statement.kind !== 'Expr') return none;
  const unit = unitOf(source.text);
  const deny = denyFor(open.access, problem.run, target, project);
  const lines = [
    'except ClientError as error:',
    `${unit}if error.response['Error']['Code'] != 'ConditionalCheckFailedException':`,
    `${unit}${unit}raise`,
    `${unit}${deny.text}`,
  ];
  const after = linesAfter(source, statement, lines);
  const text = written(source, statement);
  const inner = [...text.matchAll(/\n/g)].map(({ index }) => ({
    file: source.path,
    start: statement.start + index + 1,
    end: statement.start + index + 1,
    text: unit,
  }));
  if (!after) return none;
  return {
    edits: [{ file: source.path, start: statement.start, end: statement.start, text: `try:\n${indent}${unit}` }, ...inner, after],
    imports: deny.imports,
  };
}
