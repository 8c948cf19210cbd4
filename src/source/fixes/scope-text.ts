import type { Expression } from '../python/syntax.ts';
import type { Edit } from './edit.ts';
import { textOf } from './pairs.ts';
import type { Scoper } from './scope.ts';
import { behind, hasKey, nameOf } from './scope-documents.ts';
import { appended, written } from './source.ts';
import type { ParsedFile } from '../project/parse-files.ts';

/** The owner in SQL that is written out: a condition with a placeholder of the kind that is there, and its parameter. */
export const scopeText: Scoper = ({ at, call, owner }) => {
  const { source } = at;
  const [statement, parameters] = call.args;
  const literal = statement && sqlIn(behind(statement, at));
  const given = parameters && behind(parameters, at);
  if (!literal || !given || textOf(literal) === undefined) return undefined;
  const raw = written(source, literal);
  // A helper may run it: `run_query('SELECT ..', (id,))`.
  if (nameOf(call) !== 'execute' && !/^\w?["']+\s*(?:select|update|delete)\s/i.test(raw)) return undefined;
  const span = conditionOf(raw);
  if (!span) return undefined;
  const marks = [...raw.matchAll(/\?|%s|%\((\w+)\)s|(?<![:\w]):(\w+)/g)];
  const [mark] = marks;
  if (!mark) return undefined;
  const named = mark[1] ?? mark[2];
  const placeholder = named === undefined ? mark[0] : mark[0].replace(named, owner.field);
  const condition = ` AND ${owner.field} = ${placeholder}`;
  const isOpen = /\bor\b/i.test(raw.slice(span.start, span.end));
  const at0 = literal.start + span.start;
  const at1 = literal.start + span.end;
  const edits: (Edit | undefined)[] = [
    ...(isOpen ? [{ file: source.path, start: at0, end: at0, text: '(' }] : []),
    { file: source.path, start: at1, end: at1, text: isOpen ? `)${condition}` : condition },
  ];
  if (named !== undefined) {
    if (given.kind !== 'Dict' || hasKey(given, owner.field)) return undefined;
    return { edits: [...edits, appended(source, given, `${quoteOf(source, given)}: ${owner.identity}`.replace('FIELD', owner.field))] };
  }
  const before = marks.filter(({ index }) => index < span.end).length;
  return { edits: [...edits, inserted(source, given, before, owner.identity)] };
};

/** The text of `execute('…')` and `execute(text('…'))`. */
function sqlIn(expression: Expression): Expression | undefined {
  if (expression.kind === 'Constant') return expression;
  const [first] = expression.kind === 'Call' && nameOf(expression) === 'text' ? expression.args : [];
  return first?.kind === 'Constant' ? first : undefined;
}

/** Where the condition of a plain statement begins and ends in a literal; nothing for what is not plain. */
function conditionOf(raw: string): { readonly start: number; readonly end: number } | undefined {
  if (
    !/^\w{0,2}["']/.test(raw) ||
    /["']\s+["']/.test(raw) ||
    (raw.match(/\bselect\b/gi) ?? []).length > 1 ||
    /\b(?:union|with)\b/i.test(raw)
  )
    return undefined;
  const where = /\bwhere\s+/i.exec(raw);
  if (!where) return undefined;
  const start = where.index + where[0].length;
  const rest = raw.slice(start);
  const end = rest.search(/\s*(?:\b(?:group\s+by|order\s+by|limit|offset|returning|for\s+update)\b|;|"""|'''|["']$)/i);
  return end <= 0 ? undefined : { start, end: start + end };
}

/** A parameter at its place in a tuple or list. */
function inserted(source: ParsedFile, list: Expression, index: number, text: string): Edit | undefined {
  if (list.kind !== 'Tuple' && list.kind !== 'List') return undefined;
  const next = list.items[index];
  if (next) return { file: source.path, start: next.start, end: next.start, text: `${text}, ` };
  return list.items.length === index ? appended(source, list, text) : undefined;
}

function quoteOf(source: ParsedFile, dict: Extract<Expression, { readonly kind: 'Dict' }>): string {
  const [item] = dict.items;
  const quote = item?.key ? (source.text[item.key.start] ?? "'") : "'";
  return `${quote}FIELD${quote}`;
}
