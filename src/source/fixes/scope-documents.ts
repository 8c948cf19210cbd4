import type { Expression } from '../python/syntax.ts';
import type { Edit } from './edit.ts';
import { textOf, type Written } from './pairs.ts';
import type { Scoper } from './scope.ts';
import { appended, bodyAround, definitionOf, quoted, replaced, written, type Call } from './source.ts';

/** The owner in the filter of a document database, beside what is there. */
export const scopeDocuments: Scoper = ({ at, call, owner }) => {
  const [first] = call.args;
  const filter = call.keywords.find(({ name }) => name === 'filter' || name === 'pipeline')?.value ?? first;
  const { source } = at;
  const item = `${quoted(source, owner.field)}: ${owner.identity}`;
  if (!filter) return { edits: [appended(source, call, `{${item}}`)] };
  const literal = behind(filter, at);
  if (literal.kind === 'Dict') return hasKey(literal, owner.field) ? undefined : { edits: [appended(source, literal, item)] };
  if (literal.kind === 'List') return { edits: [inPipeline(literal, at, item, owner.field)] };
  if (filter !== first || filter.kind === 'Starred' || /aggregate/.test(nameOf(call))) return undefined;
  // `find_one(oid)` is short for a filter by _id.
  return filter.kind === 'Call'
    ? { edits: [replaced(source, filter, `{${quoted(source, '_id')}: ${written(source, filter)}, ${item}}`)] }
    : undefined;
};

/** What a variable stands for. */
export function behind(expression: Expression, { source, spot, node }: Written): Expression {
  if (expression.kind !== 'Name') return expression;
  return definitionOf(expression.name, bodyAround(source, spot.functions), node)?.value ?? expression;
}

export function nameOf({ callee }: Call): string {
  return callee.kind === 'Attribute' || callee.kind === 'Name' ? callee.name : '';
}

export function hasKey(dict: Extract<Expression, { readonly kind: 'Dict' }>, name: string): boolean {
  return dict.items.some(({ key }) => key && textOf(key) === name);
}

/** In the first `$match`; where there is none, a stage of its own before all others. */
function inPipeline(
  list: Extract<Expression, { readonly kind: 'List' | 'Tuple' | 'Set' }>,
  { source }: Written,
  item: string,
  field: string,
): Edit | undefined {
  const [first] = list.items;
  const stage = first?.kind === 'Dict' ? first.items.find(({ key }) => key && textOf(key) === '$match')?.value : undefined;
  if (stage?.kind === 'Dict') return hasKey(stage, field) ? undefined : appended(source, stage, item);
  if (!first) return undefined;
  return { file: source.path, start: first.start, end: first.start, text: `{${quoted(source, '$match')}: {${item}}}, ` };
}
