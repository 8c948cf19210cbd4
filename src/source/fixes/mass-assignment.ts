import type { Access } from '../flow/access.ts';
import type { Expression, Statement } from '../python/syntax.ts';
import { candidate, type Candidate, type Fixer, type Project } from './candidate.ts';
import { refusing, unitOf } from './compare.ts';
import type { Edit } from './edit.ts';
import type { Problem } from './inspection.ts';
import { functionAt } from './like-siblings.ts';
import { fieldOf, textOf, writtenAt, type Written } from './pairs.ts';
import { settable } from './settable.ts';
import { abortImports } from './imports.ts';
import { bodyAround, definitionOf, indentOf, linesAfter, quoted, replaced, written } from './source.ts';
import { blocksOf, expressionsIn, namesIn, statementsIn, within } from '../python/walk.ts';

const title = 'Copy the fields that a caller may set, each by name';

/** An allow-list where a body is stored as it came: that of the schema, else what other code takes from requests by name. */
export const listFields: Fixer = (problem, project) => {
  const { match, run } = problem;
  const at = writtenAt(project.files, match.site.file, match.site.place);
  const resource =
    match.part === 'setattr'
      ? assignedResource(problem)
      : run.trace.accesses.find((each) => each.resource === match.part && each.site.place.start === match.site.place.start);
  const strict = strictSchema(problem, project);
  if (!at) return strict;
  const access = resource ?? run.trace.accesses.find((each) => each.resource === match.part);
  // In a statement that is put together, the names of columns are text: no mapping is there to be filtered.
  if (!access || access.library.endsWith('(SQL)')) return strict;
  const body = bodyAround(at.source, at.spot.functions);
  const fields = settable(access, project.app, constantsIn(body));
  const list = (names: readonly string[]): string =>
    `(${names.map((name) => quoted(at.source, name)).join(', ')}${names.length === 1 ? ',' : ''})`;
  // A helper sets the fields of whatever it is given: no list is right for all.
  const isView = at.spot.functions.at(-1)?.name === run.route.code.name;
  if (match.part === 'setattr') return [...strict, ...(fields.length === 0 || !isView ? [] : inLoop(at, list(fields)))];
  return [
    ...strict,
    ...(fields.length === 0
      ? []
      : [...spreads(at, access, fields, list, isView), ...direct(at, list(fields)), ...defined(at, fields, list(fields), project)]),
  ];
};

function assignedResource({ run, match }: Problem): Access | undefined {
  const moment = run.trace.moments.find((each) => each.is === 'assigned' && each.site.place.start === match.site.place.start);
  return moment?.is === 'assigned' ? run.trace.accesses[moment.access] : undefined;
}

function constantsIn(body: readonly Statement[]): readonly string[] {
  return expressionsIn(body).flatMap((each) => textOf(each) ?? []);
}

/** A schema of marshmallow that lets unknown fields through. */
function strictSchema({ run }: Problem, { files }: Project): readonly Candidate[] {
  const { code } = run.route;
  const source = files.get(code.file);
  const def = source && functionAt(source.module.body, code.place.start);
  const names =
    def?.decorators.flatMap((each) =>
      each.kind === 'Call' ? [...each.args, ...each.keywords.map(({ value }) => value)].flatMap(namesIn) : [],
    ) ?? [];
  return names.flatMap((name) =>
    [...files.values()].flatMap((file) => {
      const schema = file.module.body.find((each) => each.kind === 'ClassDef' && each.name === name);
      const meta = schema?.kind === 'ClassDef' ? schema.body.find((each) => each.kind === 'ClassDef' && each.name === 'Meta') : undefined;
      const [value] =
        meta?.kind === 'ClassDef'
          ? meta.body.flatMap((each) => (each.kind === 'Assign' && isNamed(each, 'unknown') ? (each.value ?? []) : []))
          : [];
      if (!value || !/(?:^|\.)INCLUDE$/.test(written(file, value))) return [];
      const text = written(file, value).replace('INCLUDE', 'EXCLUDE');
      const imports = value.kind === 'Name' ? [{ file: file.path, module: 'marshmallow', name: 'EXCLUDE' }] : [];
      return candidate('Let the schema drop what it does not name', `the fields of ${name}`, [replaced(file, value, text)], imports);
    }),
  );
}

function isNamed({ targets }: Extract<Statement, { readonly kind: 'Assign' }>, name: string): boolean {
  return targets.some((each) => each.kind === 'Name' && each.name === name);
}

/** `{**body, 'owner': me}` and `Model(**body)` */
function spreads(
  at: Written,
  access: Access,
  fields: readonly string[],
  list: (names: readonly string[]) => string,
  isView: boolean,
): readonly Candidate[] {
  const { source, node, behind } = at;
  const entries = access.data?.shape.is === 'record' ? access.data.shape.entries : new Map<string, unknown>();
  return [node, ...behind].flatMap(within).flatMap((each) => {
    const spread =
      each.kind === 'Dict'
        ? each.items.filter(({ key }) => !key)
        : each.kind === 'Call'
          ? each.keywords.filter(({ name }) => name === undefined)
          : [];
    return spread.flatMap(({ value }) => {
      // What the function itself puts into the variable stays in it.
      const own = value.kind === 'Name' ? setOn(value.name, at) : [];
      const others = [...new Set([...fields.filter((name) => !entries.has(name)), ...own])];
      if (others.length === 0) return candidate(title, 'all that is stored is set beside it', [takenOut(at, each, value)]);
      const picked =
        value.kind === 'Name'
          ? `{name: ${value.name}[name] for name in ${list(others)} if name in ${value.name}}`
          : filtered(written(source, value), list(others));
      const found = candidate(title, 'the fields that other code takes from requests', [replaced(source, value, picked)]);
      return isBodyItself(value, at, isView) ? found : found.map((one) => ({ ...one, isProposal: true }));
    });
  });
}

/** False for a variable that something else made of the body: what that put into it does not show here. */
function isBodyItself(value: Expression, { source, spot, node }: Written, isView: boolean): boolean {
  if (value.kind !== 'Name') return true;
  const isGiven = spot.functions.at(-1)?.parameters.some(({ name }) => name === value.name) === true;
  const meant = definitionOf(value.name, bodyAround(source, spot.functions), node)?.value;
  return isGiven ? isView : meant !== undefined && /request|json|form|load|body|payload/i.test(written(source, meant));
}

/** Fields of a variable that are set on every way to the place: `body['owner'] = me`. */
function setOn(name: string, { source, spot, statement }: Written): readonly string[] {
  const around = new Set(spot.statements);
  const blocks = [bodyAround(source, spot.functions), ...spot.statements.flatMap(blocksOf)];
  const before = blocks.filter((block) => block.some((each) => around.has(each))).flat();
  return before
    .filter((each) => each.end <= statement.start)
    .flatMap((each) => (each.kind === 'Assign' ? each.targets : []))
    .flatMap((target) =>
      target.kind === 'Subscript' && target.value.kind === 'Name' && target.value.name === name ? (textOf(target.index) ?? []) : [],
    );
}

/** An item of a display, with the comma that goes with it. */
function takenOut({ source }: Written, holder: Expression, value: Expression): Edit | undefined {
  const before = source.text.slice(holder.start, value.start);
  const comma = /,\s*\*\*$/.exec(before);
  if (comma) return replaced(source, { ...value, start: value.start - comma[0].length }, '');
  const after = /^\s*,\s*/.exec(source.text.slice(value.end));
  return after && before.endsWith('**')
    ? replaced(source, { ...value, start: value.start - 2, end: value.end + after[0].length }, '')
    : undefined;
}

function filtered(body: string, list: string): string {
  return `{name: value for name, value in ${body}.items() if name in ${list}}`;
}

/** `insert_one(request.get_json())`, `{'$set': request.json}`: the body where it is stored. */
function direct({ source, node }: Written, list: string): readonly Candidate[] {
  return within(node)
    .filter((each) => each !== node && isBody(written(source, each)))
    .slice(0, 1)
    .flatMap((each) =>
      candidate(title, 'the fields that other code takes from requests', [replaced(source, each, filtered(written(source, each), list))]),
    );
}

function isBody(text: string): boolean {
  return /^(?:flask\.)?request\.(?:get_json\([^()]*\)|json|form(?:\.to_dict\(\))?|values)$/.test(text);
}

/** The variable that holds the body gets nothing else. Not where other fields of it are used. */
function defined(at: Written, fields: readonly string[], list: string, { files }: Project): readonly Candidate[] {
  const { source, spot, node } = at;
  const body = bodyAround(source, spot.functions);
  const names = [...new Set([node, ...at.behind].flatMap(namesIn))];
  return names.flatMap((name) => {
    const definition = definitionOf(name, body, node);
    const value = definition?.value;
    if (!definition || !value || (value.kind !== 'Call' && !isBody(written(source, value))) || usesOthers(name, body, fields)) return [];
    if (value.kind === 'Call' && value.args.some((each) => textOf(each) !== undefined)) return [];
    const empty = isTested(name, body)
      ? []
      : [linesAfter(source, definition, refusing(source, `not ${name}`, { text: 'abort(400)', imports: [] }))];
    const imports = empty.length === 0 ? [] : abortImports(source, files);
    return candidate(
      title,
      'the fields that other code takes from requests',
      [replaced(source, value, filtered(written(source, value), list)), ...empty],
      imports,
    );
  });
}

function usesOthers(name: string, body: readonly Statement[], fields: readonly string[]): boolean {
  return expressionsIn(body).some((each) => {
    const field = fieldOf(each);
    const holder =
      each.kind === 'Subscript' || each.kind === 'Attribute'
        ? each.value
        : each.kind === 'Call' && each.callee.kind === 'Attribute'
          ? each.callee.value
          : undefined;
    return field !== undefined && each.kind !== 'Attribute' && holder?.kind === 'Name' && holder.name === name && !fields.includes(field);
  });
}

function isTested(name: string, body: readonly Statement[]): boolean {
  return statementsIn(body).some((each) => each.kind === 'If' && namesIn(each.test).includes(name));
}

/** `for name, value in body.items(): setattr(row, name, value)` */
function inLoop({ source, spot, node }: Written, list: string): readonly Candidate[] {
  const loop = spot.statements.findLast((each) => each.kind === 'For');
  if (loop?.kind !== 'For' || loop.body.length !== 1 || node.kind !== 'Call') return [];
  const [statement] = loop.body;
  const [, name] = node.args;
  const indent = statement && indentOf(source, statement);
  if (!statement || name?.kind !== 'Name' || indent === undefined || written(source, statement).includes('\n')) return [];
  const text = `if ${name.name} in ${list}:\n${indent}${unitOf(source.text)}${written(source, statement)}`;
  return candidate(title, 'the fields that other code takes from requests', [replaced(source, statement, text)]);
}
