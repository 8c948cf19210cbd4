import type { Access, Use } from '../flow/access.ts';
import type { Run } from '../flask/run-route.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import type { ClassDef, Expression } from '../python/syntax.ts';
import { onceForEach, within } from '../python/walk.ts';
import { exposureOf } from '../rules/exposure.ts';
import { sensitiveField } from '../rules/resources.ts';
import { candidate, type Candidate, type Project } from './candidate.ts';
import type { Written } from './pairs.ts';
import { nameOf } from './scope-documents.ts';
import { unitOf } from './compare.ts';
import { appended, indentOf, quoted, replaced, type Call } from './source.ts';
import { presentable } from './stored-fields.ts';

/** What of a row may leave, where a schema makes the answer: all that it lets out but what is nobody's to see. */
export function leftOut(use: Use, access: Access, run: Run, at: Written, project: Project): readonly Candidate[] {
  const fields = exposureOf(use, access, run, project.app).flatMap((each) => each.fields);
  const leaked = [...new Set(fields)].filter((name) => sensitiveField(name) !== undefined);
  if (leaked.length === 0) return [];
  const title = `Leave ${leaked.map((name) => `\`${name}\``).join(', ')} out of the answer`;
  return callsOf(at).flatMap((call) => {
    const schema = call.callee.kind === 'Attribute' && /^(?:dumps?|jsonify)$/.test(call.callee.name) ? call.callee.value : undefined;
    if (schema?.kind === 'Call') return candidate(title, 'template for marshmallow', [without(at.source, schema, 'exclude', leaked)]);
    if (schema?.kind !== 'Name') return [];
    // A schema that is made once may read bodies, too: there the fields stay.
    return madeAs(schema.name, at.source, project).flatMap(({ source, made }) =>
      candidate(title, 'template for marshmallow', [without(source, made, 'load_only', leaked)]),
    );
  });
}

function callsOf({ node, behind, spot }: Written): readonly Call[] {
  const [whole = node] = spot.expressions;
  const all = [whole, ...behind].flatMap(within);
  return [...new Set(all)].filter((each): each is Call => each.kind === 'Call');
}

function without(source: ParsedFile, made: Call, keyword: string, names: readonly string[]) {
  if (made.keywords.some(({ name }) => name === 'only' || name === 'exclude' || name === keyword)) return undefined;
  return appended(source, made, `${keyword}=${tuple(source, names)}`);
}

function tuple(source: ParsedFile, names: readonly string[]): string {
  return `(${names.map((name) => quoted(source, name)).join(', ')}${names.length === 1 ? ',' : ''})`;
}

/** The call that a name at the top of a file stands for: of this file, else of the only other one that has it. */
function madeAs(name: string, here: ParsedFile, { files }: Project): readonly { readonly source: ParsedFile; readonly made: Call }[] {
  const own = madeIn(here).get(name);
  if (own) return [{ source: here, made: own }];
  const all = [...files.values()].flatMap((source) => {
    const made = madeIn(source).get(name);
    return made ? [{ source, made }] : [];
  });
  return all.length === 1 ? all : [];
}

const madeIn = onceForEach(
  ({ module }: ParsedFile) =>
    new Map(
      module.body.flatMap((each): [string, Call][] => {
        const [target] = each.kind === 'Assign' ? each.targets : [];
        return each.kind === 'Assign' && each.value?.kind === 'Call' && target?.kind === 'Name' ? [[target.name, each.value]] : [];
      }),
    ),
);

/** A row of a model that is answered by all that it has: its fields by name in the place of `asdict(row)`, `vars(row)`, `row.to_dict()`. */
export function namedRows(access: Access, at: Written, project: Project): readonly Candidate[] {
  const { entity } = access;
  if (!entity) return [];
  const others = new Set(relationsOf(entity.def));
  const names = presentable(access.resource, project.app).filter((name) => entity.fields.includes(name) && !others.has(name));
  const [whole = at.node] = at.spot.expressions;
  const edits = within(whole).flatMap((each) => {
    const row = rowOf(each);
    if (row?.kind !== 'Name') return [];
    const items = names.map((name) => `${quoted(at.source, name)}: ${row.name}.${name}`);
    return [replaced(at.source, each, display(items, at))];
  });
  return names.length === 0 || edits.length !== 1
    ? []
    : candidate('Name what may leave', 'the columns of the model that are anybody’s to see', edits);
}

const longest = 80;

/** A dictionary, over several lines where it is long. */
function display(items: readonly string[], { source, statement }: Written): string {
  const line = `{${items.join(', ')}}`;
  const indent = indentOf(source, statement);
  if (line.length <= longest || indent === undefined) return line;
  return ['{', ...items.map((item) => `${indent}${unitOf(source.text)}${item},`), `${indent}}`].join('\n');
}

/** Names of a model that stand for other rows, and not for a column. */
export function relationsOf({ body }: ClassDef): readonly string[] {
  return body.flatMap((each) => {
    const [target] = each.kind === 'Assign' ? each.targets : [];
    if (each.kind !== 'Assign' || target?.kind !== 'Name' || each.value?.kind !== 'Call') return [];
    return /relationship|backref|association_proxy|Manager/.test(nameOf(each.value)) ? [target.name] : [];
  });
}

/** The row in what makes a dictionary of all of it. */
function rowOf(each: Expression): Expression | undefined {
  if (each.kind === 'Attribute' && each.name === '__dict__') return each.value;
  if (each.kind !== 'Call') return undefined;
  const [first, ...others] = each.args;
  if (first && others.length === 0 && /^(?:asdict|vars|model_to_dict)$/.test(nameOf(each))) return first;
  const isMethod = each.callee.kind === 'Attribute' && /^(?:to_dict|as_dict|to_json|serialize)$/.test(each.callee.name);
  return isMethod && each.args.length + each.keywords.length === 0 && each.callee.kind === 'Attribute' ? each.callee.value : undefined;
}
