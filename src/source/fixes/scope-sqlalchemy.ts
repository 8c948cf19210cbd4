import type { PythonClass } from '../flow/value.ts';
import type { Expression } from '../python/syntax.ts';
import type { Project } from './candidate.ts';
import type { Written } from './pairs.ts';
import type { Scoped, Scoper, Scoping } from './scope.ts';
import { behind, nameOf } from './scope-documents.ts';
import { appended, replaced, written, type Call } from './source.ts';

/** The owner in a query of SQLAlchemy: in its conditions, or in place of a look-up by the key alone. */
export const scopeSqlAlchemy: Scoper = (scoping) => {
  const { call } = scoping;
  const name = nameOf(call);
  const [first, key] = call.args;
  const receiver = call.callee.kind === 'Attribute' ? call.callee.value : undefined;
  if (name === 'get' || name === 'get_or_404' || name === 'get_one') {
    if (!first || !receiver) return undefined;
    return key ? byEntity(scoping, first, key, receiver) : byKey(scoping, first, receiver);
  }
  return inChain(scoping, call);
};

/** `session.get(Model, id)`, `db.get_or_404(Model, id)` */
function byEntity(
  { at, call, owner, access, project }: Scoping,
  model: Expression,
  key: Expression,
  session: Expression,
): Scoped | undefined {
  const { source } = at;
  const [entity, id, holder] = [model, key, session].map((each) => written(source, each));
  if (key.kind === 'Tuple' || key.kind === 'Dict' || call.keywords.some(({ name }) => name !== 'description')) return undefined;
  const rest = call.keywords.map(({ value }) => `, description=${written(source, value)}`).join('');
  const column = `${entity}.${keyOf(access.entity)}`;
  if (nameOf(call) === 'get' && !usesSelect(project)) {
    const query = /(?:^|\.)db\.session$/.test(holder ?? '') && usesQuery(project) ? `${entity}.query` : `${holder}.query(${entity})`;
    return {
      edits: [replaced(source, call, `${query}.filter(${column} == ${id}, ${conditionOn(entity, owner)}).first()`)],
    };
  }
  const statement = `select(${entity}).where(${column} == ${id}, ${conditionOn(entity, owner)})`;
  const method =
    { get: 'scalar', get_or_404: saysFirst(project) ? 'first_or_404' : 'one_or_404', get_one: 'scalars' }[nameOf(call)] ?? 'scalar';
  const end = nameOf(call) === 'get_one' ? '.one()' : '';
  return {
    edits: [replaced(source, call, `${holder}.${method}(${statement}${rest})${end}`)],
    imports: [{ file: source.path, module: 'sqlalchemy', name: 'select' }],
  };
}

/** `Model.query.get(id)`, `session.query(Model).get_or_404(id)` */
function byKey({ at, call, owner, access }: Scoping, id: Expression, receiver: Expression): Scoped | undefined {
  const { source } = at;
  const entity = entityOf(receiver, at);
  if (entity === undefined || id.kind === 'Tuple') return undefined;
  const rest = call.keywords.map(({ name, value }) => `${name ?? ''}=${written(source, value)}`).join(', ');
  const end = nameOf(call) === 'get_or_404' ? `first_or_404(${rest})` : nameOf(call) === 'get_one' ? 'one()' : 'first()';
  const conditions = `${entity}.${keyOf(access.entity)} == ${written(source, id)}, ${conditionOn(entity, owner)}`;
  return { edits: [replaced(source, call, `${written(source, receiver)}.filter(${conditions}).${end}`)] };
}

/** The conditions of a query that is put together link by link. */
function inChain({ at, owner }: Scoping, call: Call): Scoped | undefined {
  const { source } = at;
  const links = linksOf(call, at);
  const entity = links.map((link) => entityOf(link, at)).find((each) => each !== undefined);
  const narrowing = links.filter((link): link is Call => link.kind === 'Call' && /^(?:where|filter|filter_by)$/.test(nameOf(link)));
  const [link] = narrowing;
  if (link) {
    if (nameOf(link) === 'filter_by' && owner.condition !== undefined) {
      return { edits: [{ file: source.path, start: link.end, end: link.end, text: `.filter(${owner.condition})` }] };
    }
    const condition = nameOf(link) === 'filter_by' ? `${owner.field}=${owner.identity}` : conditionOn(entity, owner);
    const isPossible = nameOf(link) === 'filter_by' || entity !== undefined;
    return isPossible ? { edits: [appended(source, link, condition)] } : undefined;
  }
  const start = links.find((each) => entityOf(each, at) !== undefined);
  if (!start || entity === undefined) return undefined;
  const verb = start.kind === 'Call' && nameOf(start) !== 'query' ? 'where' : 'filter';
  const text = `.${verb}(${conditionOn(entity, owner)})`;
  return { edits: [{ file: source.path, start: start.end, end: start.end, text }] };
}

/** What the rows of a model must meet. */
function conditionOn(entity: string | undefined, { field, identity, condition }: Scoping['owner']): string {
  return condition ?? `${entity ?? ''}.${field} == ${identity}`;
}

/** The links of a query, the last first: through the statement that is handed to a session, and what variables stand for. */
export function linksOf(call: Call, at: Written): readonly Expression[] {
  const links: Expression[] = [];
  const waiting: Expression[] = [call];
  for (let each = waiting.shift(); each && links.length < 40; each = waiting.shift()) {
    const meant = behind(each, at);
    links.push(meant);
    if (meant.kind === 'Attribute') waiting.push(meant.value);
    if (meant.kind !== 'Call') continue;
    const [first] = meant.args;
    const isRun = /^(?:scalar|scalars|scalar_one|execute|first_or_404|one_or_404|paginate|stream|stream_scalars)$/.test(nameOf(meant));
    if (isRun && first) waiting.push(first);
    else if (meant.callee.kind === 'Attribute') waiting.push(meant.callee.value);
  }
  return links;
}

/** `Model` of `select(Model)`, `session.query(Model)` and `Model.query`. */
function entityOf(link: Expression, { source }: Written): string | undefined {
  if (link.kind === 'Attribute' && link.name === 'query' && link.value.kind !== 'Call') {
    const text = written(source, link.value);
    return /(?:^|\.)[A-Z]\w*$/.test(text) || /^\w+\.model$/.test(text) ? text : undefined;
  }
  if (link.kind !== 'Call' || !/^(?:select|query|update|delete)$/.test(nameOf(link))) return undefined;
  const [first] = link.args;
  if (!first || (first.kind !== 'Name' && first.kind !== 'Attribute')) return undefined;
  const text = written(source, first);
  return /(?:^|\.)[A-Z]\w*$/.test(text) ? text : undefined;
}

/** The column of the primary key, by how it is declared. */
export function keyOf(entity: PythonClass | undefined): string {
  const declared = entity?.def.body.find(
    (statement) =>
      statement.kind === 'Assign' &&
      statement.value?.kind === 'Call' &&
      statement.value.keywords.some(({ name, value }) => name === 'primary_key' && value.kind === 'Constant' && value.value === true),
  );
  const [target] = declared?.kind === 'Assign' ? declared.targets : [];
  return target?.kind === 'Name' ? target.name : 'id';
}

function says(project: Project, pattern: RegExp): boolean {
  return [...project.files.values()].some(({ text }) => pattern.test(text));
}

function usesSelect(project: Project): boolean {
  return says(project, /from sqlalchemy(?:\.\w+)* import [^#]*\bselect\b/) || !says(project, /\.query\b/);
}

function usesQuery(project: Project): boolean {
  return says(project, /\b[A-Z]\w*\.query\./);
}

function saysFirst(project: Project): boolean {
  return says(project, /\.first_or_404\(/);
}
