import type { Expression } from '../python/syntax.ts';
import type { Scoped, Scoper, Scoping } from './scope.ts';
import { nameOf } from './scope-documents.ts';
import { linksOf } from './scope-sqlalchemy.ts';
import { appended, replaced, written, type Call } from './source.ts';

/** The owner in a query of peewee or MongoEngine. */
export const scopeModels: Scoper = (scoping) => (scoping.access.library === 'peewee' ? inPeewee(scoping) : inMongoEngine(scoping));

function inPeewee({ at, call, owner, access }: Scoping): Scoped | undefined {
  const { source } = at;
  const model = access.entity?.name ?? access.resource;
  const condition = `${model}.${owner.field} == ${owner.identity}`;
  const [first] = call.args;
  if (nameOf(call) === 'get_by_id' && first && call.callee.kind === 'Attribute') {
    const text = `${written(source, call.callee.value)}.get((${model}.id == ${written(source, first)}) & (${condition}))`;
    return { edits: [replaced(source, call, text)] };
  }
  const narrowing = linksOf(call, at).find(
    (link): link is Call => link.kind === 'Call' && /^(?:where|filter|get|get_or_none)$/.test(nameOf(link)) && link.args.length > 0,
  );
  if (narrowing) return { edits: [appended(source, narrowing, condition)] };
  const start = linksOf(call, at).find((link): link is Call => link.kind === 'Call' && /^(?:select|update|delete)$/.test(nameOf(link)));
  return start && { edits: [{ file: source.path, start: start.end, end: start.end, text: `.where(${condition})` }] };
}

function inMongoEngine({ at, call, owner }: Scoping): Scoped | undefined {
  const { source } = at;
  const item = `${owner.field}=${owner.identity}`;
  const [first] = call.args;
  if (nameOf(call) === 'with_id' && first && call.callee.kind === 'Attribute') {
    return { edits: [replaced(source, call, `${written(source, call.callee.value)}(id=${written(source, first)}, ${item}).first()`)] };
  }
  const narrowing = linksOf(call, at).find((link): link is Call => link.kind === 'Call' && (isObjects(link) || isNarrowing(link)));
  return narrowing && { edits: [appended(source, narrowing, item)] };
}

/** `Model.objects(id=id)` */
function isObjects({ callee }: Call): boolean {
  return callee.kind === 'Attribute' && callee.name === 'objects';
}

function isNarrowing(link: Extract<Expression, { readonly kind: 'Call' }>): boolean {
  return /^(?:filter|get|get_or_404)$/.test(nameOf(link)) && link.keywords.length > 0;
}
