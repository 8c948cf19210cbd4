import type { Access, Use } from '../flow/access.ts';
import { optionsOf, type Value } from '../flow/value.ts';
import type { Expression } from '../python/syntax.ts';
import { candidate, type Candidate, type Fixer, type Project } from './candidate.ts';
import { isStraight } from './compare.ts';
import { leftOut, namedRows } from './exposed-rows.ts';
import { nameFor } from './names.ts';
import type { Problem } from './inspection.ts';
import { textOf, writtenAt, type Written } from './pairs.ts';
import { behind, nameOf } from './scope-documents.ts';
import { answeredElsewhere, presentable, presentablePaths, storedFields } from './stored-fields.ts';
import { appended, linesBefore, quoted, replaced, written } from './source.ts';
import { locate, within } from '../python/walk.ts';

/** Names what may leave: in the query where the store can, else where the answer is made. */
export const limitExposure: Fixer = (problem, project) => {
  const { match, run } = problem;
  const uses = run.trace.uses.filter((use) => {
    const access = run.trace.accesses[use.access];
    return use.kind === 'response' && access !== undefined && access.resource === match.part;
  });
  return uses.flatMap((use) => {
    const access = run.trace.accesses[use.access];
    if (!access) return [];
    const at = writtenAt(project.files, match.site.file, match.site.place);
    const rows = at ? [...leftOut(use, access, run, at, project), ...namedRows(access, at, project)] : [];
    return [...projected(access, problem, project), ...named(use, access, problem, project), ...rows];
  });
};

function basisFor(access: Access, { app }: Project): string {
  return answeredElsewhere(access.resource, app).length > 0
    ? 'the fields that other views answer, and those that are stored'
    : 'the fields that the app stores';
}

/** A projection of the query. */
function projected(access: Access, { run }: Problem, project: Project): readonly Candidate[] {
  const at = writtenAt(project.files, access.site.file, access.site.place);
  if (access.library !== 'pymongo' || !at || at.node.kind !== 'Call' || access.site.function !== run.route.code.name) return [];
  const paths = pathsOf(access, at, project);
  if (paths.length === 0) return [];
  const { source, node } = at;
  const items = paths.map((path) => `${quoted(source, path)}: 1`);
  const own = project.app.encodesDocuments ? items : [...items, `${quoted(source, '_id')}: 0`];
  const projection = `{${own.join(', ')}}`;
  const title = 'Name what may leave in a projection';
  if (nameOf(node) === 'aggregate') {
    const [first] = node.args;
    const stages = first && behind(first, at);
    if (stages?.kind !== 'List') return [];
    return candidate(title, basisFor(access, project), [appended(source, stages, `{${quoted(source, '$project')}: ${projection}}`)]);
  }
  if (!/^find(?:_one(?:_or_404)?)?$/.test(nameOf(node)) || node.keywords.length > 0) return [];
  const [filter, given] = node.args;
  if (given) return given.kind === 'Dict' ? candidate(title, basisFor(access, project), [replaced(source, given, projection)]) : [];
  return candidate(title, basisFor(access, project), [appended(source, node, filter ? projection : `{}, ${projection}`)]);
}

/** The paths that may leave, those of joined collections under the name that the pipeline gives them. */
function pathsOf(access: Access, at: Written, { app }: Project): readonly string[] {
  const own = presentablePaths(storedFields(access.resource, app), false);
  const call = at.node.kind === 'Call' ? at.node : undefined;
  const stages = call && nameOf(call) === 'aggregate' && call.args[0] ? within(behind(call.args[0], at)) : [];
  const added = stages.flatMap((stage): readonly string[] => {
    const lookup = valueOf(stage, '$lookup');
    if (lookup) {
      const [from, as] = [textIn(lookup, 'from'), textIn(lookup, 'as')];
      if (from === undefined || as === undefined) return [];
      return presentablePaths(storedFields(from, app), app.resources.get(from)?.isAccount ?? false).map((path) => `${as}.${path}`);
    }
    const fields = valueOf(stage, '$addFields');
    return fields?.kind === 'Dict' ? fields.items.flatMap(({ key }) => (key ? (textOf(key) ?? []) : [])) : [];
  });
  return [...own, ...added];
}

function valueOf(dict: Expression, name: string): Expression | undefined {
  return dict.kind === 'Dict' ? dict.items.find(({ key }) => key && textOf(key) === name)?.value : undefined;
}

function textIn(dict: Expression, name: string): string | undefined {
  const value = valueOf(dict, name);
  return value && textOf(value);
}

/** A dictionary of named fields in the place of the object. */
function named(use: Use, access: Access, { match }: Problem, project: Project): readonly Candidate[] {
  // Rows of a model, and of a cursor, are no dictionaries: `name in row` asks them something else.
  if (access.entity !== undefined || !['pymongo', 'dynamodb', 'dictionary'].includes(access.library)) return [];
  const source = project.files.get(match.site.file);
  const spot = source && locate(source.module, match.site.place);
  const statement = spot?.statements.at(-1);
  if (!source || !spot || statement?.kind !== 'Return' || !statement.value) return [];
  const names = presentable(access.resource, project.app);
  const fields = project.app.encodesDocuments && access.library === 'pymongo' ? ['_id', ...names] : names;
  if (names.length === 0) return [];
  const list = `(${fields.map((name) => quoted(source, name)).join(', ')}${fields.length === 1 ? ',' : ''})`;
  const edits = bodiesOf(statement.value, use.value).flatMap(({ expression, how }) => {
    const at: Written = {
      source,
      spot: { ...spot, expressions: [statement.value ?? expression, expression] },
      statement,
      node: expression,
      behind: [],
    };
    return how === 'many'
      ? [replaced(source, expression, `[${fieldsOf('row', list)} for row in ${written(source, expression)}]`)]
      : single(at, list, access);
  });
  return edits.length === 0 ? [] : candidate('Name what may leave', basisFor(access, project), edits);
}

function single(at: Written, list: string, access: Access) {
  const { source, node, statement } = at;
  if (node.kind === 'Name') return [replaced(source, node, fieldsOf(node.name, list))];
  if (!isStraight(at)) return [];
  const name = nameFor(access.resource, at);
  return [linesBefore(source, statement, [`${name} = ${written(source, node)}`]), replaced(source, node, fieldsOf(name, list))];
}

function fieldsOf(row: string, list: string): string {
  return `{name: ${row}[name] for name in ${list} if name in ${row}}`;
}

/** The expressions of an answer that stand for a whole object, or for many. */
function bodiesOf(answer: Expression, value: Value): readonly { readonly expression: Expression; readonly how: 'one' | 'many' }[] {
  const calls = within(answer).filter((each) => each.kind === 'Call' && nameOf(each) === 'jsonify');
  const call = calls.find((each) => each.kind === 'Call' && (each.args.length > 0 || each.keywords.length > 0));
  const of = (expression: Expression, inner: Value | undefined) => {
    const how = inner && howMany(inner);
    return how === undefined ? [] : [{ expression, how }];
  };
  if (call?.kind !== 'Call') return of(answer, value);
  const [only] = call.args;
  if (only && call.args.length === 1) return of(only, value);
  const entries = value.shape.is === 'record' ? value.shape.entries : new Map<string, Value>();
  return call.keywords.flatMap(({ name, value: expression }) => (name === undefined ? [] : of(expression, entries.get(name))));
}

function howMany(value: Value): 'one' | 'many' | undefined {
  for (const { shape } of optionsOf(value)) {
    if (shape.is === 'stored' && shape.part !== 'field') return shape.part === 'many' ? 'many' : 'one';
    if (shape.is === 'sequence' && shape.each && howMany(shape.each) !== undefined) return 'many';
  }
  return undefined;
}
