import { accessOf } from '../flow/value.ts';
import type { Run } from '../flask/run-route.ts';
import type { Condition } from '../flow/access.ts';
import type { Expression, FunctionDef, Statement } from '../python/syntax.ts';
import { candidate, type Candidate, type Project } from './candidate.ts';
import { guardedLike } from './identity.ts';
import type { Opening } from './open-access.ts';
import { isUnderstood } from './practice.ts';
import { firstReading } from './place.ts';
import { pairsOf } from './pairs.ts';
import { indentOf, linesBefore, written } from './source.ts';
import { expressionsOf, namesIn, onceForEach, statementsIn } from '../python/walk.ts';

/** The guard that another view has before it reads: `require_member(org_id)`, `if user_id != g.user.id: abort(404)`. */
export function likeSiblings(opening: Opening): readonly Candidate[] {
  const { open, problem, project } = opening;
  const kin = guardedLike(open.access, open.resource);
  const others = project.app.runs.filter((run) => !kin.includes(run));
  const found = [...kin, ...others].filter((run) => run !== problem.run).flatMap((run) => guardsOf(run, opening));
  const seen = new Set<string>();
  return found.filter(({ edits }) => {
    const key = edits.map(({ text }) => text).join('\n');
    return !seen.has(key) && seen.add(key);
  });
}

function guardsOf(run: Run, opening: Opening): readonly Candidate[] {
  const { project, at, target } = opening;
  const { code } = run.route;
  const source = project.files.get(code.file);
  const def = source === at.source ? functionAt(at.source.module.body, code.place.start) : undefined;
  if (!source || !def) return [];
  return def.body.slice(0, 6).flatMap((statement) => {
    if (!isGuard(statement, project)) return [];
    const names = [...new Set(statementsIn([statement]).flatMap((each) => expressionsOf(each).flatMap(namesIn)))];
    const local = names.filter((name) => def.parameters.some((parameter) => parameter.name === name));
    const [variable, ...more] = local;
    if (variable === undefined || more.length > 0) return [];
    const ours = valueFor(variable, run, opening);
    const rest = names.filter((name) => name !== variable);
    if (ours === undefined || !isUnderstood(rest, { source, functions: [def] }, target)) return [];
    const text = renamed(written(source, statement), variable, ours);
    const lines = dedented(text, indentOf(source, statement) ?? '');
    const basis = `like ${code.name} (${code.file}:${statement.line})`;
    return candidate(titleOf(statement), basis, [
      linesBefore(at.source, firstReading(at, opening.open, opening.problem.run, [ours]), lines),
    ]);
  });
}

function titleOf(statement: Statement): string {
  const call = statement.kind === 'Expr' && statement.value?.kind === 'Call' ? statement.value.callee : undefined;
  return call?.kind === 'Name'
    ? `Call \`${call.name}\` before anything is read`
    : 'Compare whose it is with the caller before anything is read';
}

/** A call for its effect, or a test whose branch only refuses. */
export function isGuard(statement: Statement, { practice }: Project): boolean {
  if (statement.kind === 'Expr') return statement.value?.kind === 'Call' && statement.value.callee.kind === 'Name';
  if (statement.kind !== 'If' || statement.otherwise.length > 0) return false;
  const [only, ...others] = statement.body;
  if (!only || others.length > 0) return false;
  if (only.kind === 'Raise' || only.kind === 'Expr' || practice.refusals.some((each) => each.statement === only)) return true;
  return only.kind === 'Return' && isNegative(statement.test);
}

/** `not …`, `… != …`, `… is None`: what is asked for does not hold. */
function isNegative(test: Expression): boolean {
  if (test.kind === 'BoolOp') return isNegative(test.left) && isNegative(test.right);
  if (test.kind === 'UnaryOp') return test.operator === 'not';
  if (test.kind !== 'Compare') return false;
  const isNone = test.operands[1]?.kind === 'Constant' && test.operands[1].value === null;
  return /^(?:!=|not in)$/.test(test.operators[0] ?? '') || (isNone && test.operators[0] === 'is');
}

/** What stands here for the variable of another view: the same name, or what the same field is asked for. */
function valueFor(variable: string, run: Run, { open, at, target }: Opening): string | undefined {
  const pairs = pairsOf(at);
  const fields = new Set(run.trace.accesses.flatMap(({ conditions }) => fieldsWith(conditions, `C:${variable}`)));
  const pair = pairs.find(({ field, value }) => fields.has(field) && field !== 'id' && field !== '_id' && value.kind === 'Name');
  if (pair) return written(at.source, pair.value);
  const isParameter = target.functions.at(-1)?.parameters.some(({ name }) => name === variable) === true;
  return isParameter && open.ids.includes(`C:${variable}`) ? variable : undefined;
}

function fieldsWith(conditions: readonly Condition[], label: string): readonly string[] {
  return conditions.flatMap((each) => {
    if (each.is !== 'field') return fieldsWith(each.parts, label);
    return each.value.labels.has(label) && ![...each.value.labels].some((other) => accessOf(other) !== undefined) ? [each.field] : [];
  });
}

function renamed(text: string, from: string, to: string): string {
  return from === to ? text : text.replaceAll(new RegExp(`(?<![\\w.])${from}(?!\\w|\\s*=[^=])`, 'g'), to);
}

function dedented(text: string, indent: string): readonly string[] {
  return text.split('\n').map((line, index) => (index > 0 && line.startsWith(indent) ? line.slice(indent.length) : line));
}

export function functionAt(body: readonly Statement[], start: number): FunctionDef | undefined {
  return functionsByStart(body).get(start);
}

const functionsByStart = onceForEach(
  (body: readonly Statement[]) =>
    new Map(statementsIn(body).flatMap((each): [number, FunctionDef][] => (each.kind === 'FunctionDef' ? [[each.start, each]] : []))),
);
