import { parseFirst, type From, type SelectedColumn, type SelectStatement, type Statement as Parsed } from 'pgsql-ast-parser';
import { readPlainly } from './sql-plain.ts';
import { keyed, slotOf, whereOf, type Reading, type Slot, type Where } from './sql-where.ts';

export interface Statement {
  readonly table: string;
  readonly joined: readonly string[];
  readonly verb: 'list' | 'create' | 'update' | 'delete';
  readonly where: readonly Where[];
  /** Columns that are answered; empty for all of them. */
  readonly columns: readonly string[];
  /** Only how many rows there are, or whether any. */
  readonly asks: boolean;
  /** Columns that are written, and with which parameter. */
  readonly written: ReadonlyMap<string, Slot | undefined>;
}

const known = new Map<string, Statement | undefined>();
const mostKnown = 20_000;

/** Takes a statement apart, as any database would read it; what is not PostgreSQL is read word by word. */
export function readSql(text: string): Statement | undefined {
  if (!/^\s*(?:select|insert|update|delete|replace|with)\b/i.test(text)) return undefined;
  if (known.size > mostKnown) known.clear();
  if (!known.has(text)) known.set(text, parsed(text) ?? readPlainly(text));
  return known.get(text);
}

function parsed(text: string): Statement | undefined {
  const { sql, slots } = numbered(text);
  try {
    return statementOf(parseFirst(sql), slots);
  } catch {
    return undefined;
  }
}

const token = /'(?:[^']|'')*'|"(?:[^"])*"|`([^`]*)`|::|%\((\w+)\)s|%s|\?|:(\w+)/g;

/** The text with numbered parameters, and what they were: `%s`, `?`, `%(name)s` and `:name` mean the same. */
function numbered(text: string): { readonly sql: string; readonly slots: readonly Slot[] } {
  const slots: Slot[] = [];
  let positions = 0;
  const marked = text.replaceAll(token, (match: string, quoted?: string, percent?: string, colon?: string) => {
    if (quoted !== undefined) return `"${quoted}"`;
    if (match === '::' || match.startsWith("'") || match.startsWith('"')) return match;
    const name = percent ?? colon;
    slots.push(name === undefined ? { position: positions++ } : { name });
    return `$${slots.length}`;
  });
  const counted = slots.map((slot) => ('position' in slot ? { ...slot, fromEnd: positions - 1 - slot.position } : slot));
  return { sql: marked.replaceAll(/\b(in)\s+(\$\d+)/gi, '$1 ($2)').replace(/;\s*$/, ''), slots: counted };
}

const none = { joined: [], columns: [], asks: false, where: [], written: new Map<string, Slot | undefined>() };

function statementOf(statement: Parsed, slots: readonly Slot[]): Statement | undefined {
  const plain = readingOf([], slots, new Map());
  switch (statement.type) {
    case 'select':
      return selected(statement, slots, new Map());
    case 'with': {
      const parts = new Map<string, SelectStatement>();
      for (const { alias, statement: bound } of statement.bind) if (bound.type === 'select') parts.set(alias.name, bound);
      return statement.in.type === 'select' ? selected(statement.in, slots, parts) : statementOf(statement.in, slots);
    }
    case 'update': {
      const written = new Map(statement.sets.map(({ column, value }) => [column.name, slotOf(value, slots)]));
      const from = statement.from ? [statement.from] : [];
      const where = statement.where ? whereOf(statement.where, readingOf(from, slots, new Map())) : [];
      return { ...none, table: statement.table.name, verb: 'update', where, written };
    }
    case 'delete':
      return { ...none, table: statement.from.name, verb: 'delete', where: statement.where ? whereOf(statement.where, plain) : [] };
    case 'insert': {
      const row = statement.insert.type === 'values' ? (statement.insert.values[0] ?? []) : [];
      const written = new Map(
        (statement.columns ?? []).map(({ name }, index) => {
          const value = row[index];
          return [name, value && slotOf(value, slots)];
        }),
      );
      const { onConflict } = statement;
      if (!onConflict || onConflict.do === 'do nothing') return { ...none, table: statement.into.name, verb: 'create', written };
      // The row that has the key already is changed, whosever it is.
      const on = onConflict.on?.type === 'on expr' ? onConflict.on.exprs : [];
      const keys = on.length > 0 ? on.flatMap((each) => (each.type === 'ref' ? [each.name] : [])) : ['id'];
      const where = [...keyed(keys, written), ...(onConflict.where ? whereOf(onConflict.where, plain) : [])];
      return { ...none, table: statement.into.name, verb: 'update', where, written };
    }
    default:
      return undefined;
  }
}

/** What a SELECT asks; `parts` are those that `WITH` gave a name to. */
function selected(statement: SelectStatement, slots: readonly Slot[], parts: ReadonlyMap<string, SelectStatement>): Statement | undefined {
  if (statement.type !== 'select') return undefined;
  const from = statement.from ?? [];
  const inner = from.flatMap((each) => {
    const part = each.type === 'statement' ? each.statement : each.type === 'table' ? parts.get(each.name.name) : undefined;
    return part?.type === 'select' && part !== statement ? (selected(part, slots, withoutPart(parts, part)) ?? []) : [];
  });
  const tables = from.flatMap((each) => (each.type === 'table' && !parts.has(each.name.name) ? [each.name.name] : []));
  const asked = askedBy(statement);
  const about = asked && selected(asked, slots, parts);
  const [first, ...others] = [...tables, ...inner.map(({ table }) => table), ...(about ? [about.table] : [])];
  if (first === undefined) return undefined;
  const reading = readingOf(from, slots, parts);
  const joins = from.flatMap(({ join }) => (join?.type === 'INNER JOIN' && join.on ? whereOf(join.on, reading) : []));
  const own = statement.where ? whereOf(statement.where, reading) : [];
  const where = [...own, ...joins, ...inner.flatMap((each) => each.where), ...(about?.where ?? [])];
  return {
    ...none,
    table: first,
    joined: others,
    verb: 'list',
    where,
    columns: columnsOf(statement.columns ?? []),
    asks: asksOf(statement),
  };
}

function withoutPart(parts: ReadonlyMap<string, SelectStatement>, part: SelectStatement): ReadonlyMap<string, SelectStatement> {
  return new Map([...parts].filter(([, each]) => each !== part));
}

function readingOf(from: readonly From[], slots: readonly Slot[], parts: ReadonlyMap<string, SelectStatement>): Reading {
  const [, ...others] = from.flatMap((each) => (each.type === 'table' ? [each.name] : []));
  const tables = new Map(others.map(({ name, alias }) => [alias ?? name, name]));
  return { slots, tables, nested: (select) => (selected(select, slots, parts)?.where ?? []).map(elsewhere) };
}

/** What a nested SELECT asks is asked of another table. */
function elsewhere(where: Where): Where {
  return where.is === 'compare' ? { ...where, table: where.table ?? '?' } : { ...where, parts: where.parts.map(elsewhere) };
}

/** `SELECT EXISTS(SELECT ..)`. */
function askedBy({ columns }: Extract<SelectStatement, { type: 'select' }>): SelectStatement | undefined {
  const [only] = columns ?? [];
  const [inner] = only?.expr.type === 'call' && only.expr.function.name === 'exists' ? only.expr.args : [];
  return inner?.type === 'select' ? inner : undefined;
}

function asksOf({ columns = [], groupBy }: Extract<SelectStatement, { type: 'select' }>): boolean {
  const isAsked = ({ expr }: SelectedColumn): boolean =>
    expr.type === 'integer' || expr.type === 'boolean' || (expr.type === 'call' && /^(?:count|exists)$/.test(expr.function.name));
  return !groupBy && columns !== null && columns.length > 0 && columns.every(isAsked);
}

/** The columns by their names; none when one of them is `*`, or made. */
function columnsOf(columns: readonly SelectedColumn[]): readonly string[] {
  const names = columns.map(({ expr }) => (expr.type === 'ref' ? expr.name : '*'));
  return names.includes('*') ? [] : names;
}
