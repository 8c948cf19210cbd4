import { parseFirst, type Expr, type From, type SelectedColumn, type Statement as Parsed } from 'pgsql-ast-parser';
import { readPlainly } from './sql-plain.ts';

/** Which of the parameters of a statement stands somewhere: by its position, or by its name. */
export type Slot = { readonly position: number } | { readonly name: string };

/** What a statement asks of its rows. */
export type Where =
  | { readonly is: 'all' | 'any'; readonly parts: readonly Where[] }
  /** `slot` is absent when it is compared with something that is not a parameter. */
  | { readonly is: 'compare'; readonly field: string; readonly isEqual: boolean; readonly slot: Slot | undefined };

export interface Statement {
  readonly table: string;
  readonly joined: readonly string[];
  readonly verb: 'list' | 'create' | 'update' | 'delete';
  readonly where: readonly Where[];
  /** Columns that are answered; empty for all of them. */
  readonly columns: readonly string[];
  /** Columns that are written, and with which parameter. */
  readonly written: ReadonlyMap<string, Slot | undefined>;
}

const known = new Map<string, Statement | undefined>();

/** Takes a statement apart, as any database would read it; what is not PostgreSQL is read word by word. */
export function readSql(text: string): Statement | undefined {
  if (!/^\s*(?:select|insert|update|delete|replace|with)\b/i.test(text)) return undefined;
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
  return { sql: marked.replaceAll(/\b(in)\s+(\$\d+)/gi, '$1 ($2)').replace(/;\s*$/, ''), slots };
}

function statementOf(statement: Parsed, slots: readonly Slot[]): Statement | undefined {
  const where = (expression: Expr | null | undefined): readonly Where[] => (expression ? whereOf(expression, slots) : []);
  const none = { joined: [], columns: [], written: new Map<string, Slot | undefined>() };
  switch (statement.type) {
    case 'select': {
      const [first, ...others] = (statement.from ?? []).flatMap((from) => tableOf(from) ?? []);
      const joins = (statement.from ?? []).flatMap(({ join }) => (join?.type === 'INNER JOIN' ? where(join.on) : []));
      const columns = columnsOf(statement.columns ?? []);
      return first === undefined
        ? undefined
        : { ...none, table: first, joined: others, verb: 'list', where: [...where(statement.where), ...joins], columns };
    }
    case 'update': {
      const written = new Map(statement.sets.map(({ column, value }) => [column.name, slotOf(value, slots)]));
      return { ...none, table: statement.table.name, verb: 'update', where: where(statement.where), written };
    }
    case 'delete':
      return { ...none, table: statement.from.name, verb: 'delete', where: where(statement.where) };
    case 'insert': {
      const row = statement.insert.type === 'values' ? (statement.insert.values[0] ?? []) : [];
      const written = new Map(
        (statement.columns ?? []).map(({ name }, index) => {
          const value = row[index];
          return [name, value && slotOf(value, slots)];
        }),
      );
      return { ...none, table: statement.into.name, verb: 'create', where: [], written };
    }
    default:
      return undefined;
  }
}

function tableOf(from: From): string | undefined {
  return from.type === 'table' ? from.name.name : undefined;
}

/** The columns by their names; none when one of them is `*`, or made. */
function columnsOf(columns: readonly SelectedColumn[]): readonly string[] {
  const names = columns.map(({ expr }) => (expr.type === 'ref' ? expr.name : '*'));
  return names.includes('*') ? [] : names;
}

function whereOf(expression: Expr, slots: readonly Slot[]): readonly Where[] {
  if (expression.type !== 'binary') return [];
  const { op, left, right } = expression;
  if (op === 'AND') return [...whereOf(left, slots), ...whereOf(right, slots)];
  if (op === 'OR') {
    const sides = [left, right].map((side): Where => ({ is: 'all', parts: whereOf(side, slots) }));
    return [{ is: 'any', parts: sides }];
  }
  const column = left.type === 'ref' ? left : right.type === 'ref' ? right : undefined;
  if (!column) return [];
  const other = column === left ? right : left;
  return [{ is: 'compare', field: column.name, isEqual: op === '=' || op === 'IN', slot: slotOf(other, slots) }];
}

function slotOf(expression: Expr, slots: readonly Slot[]): Slot | undefined {
  if (expression.type === 'parameter') return slots[Number(expression.name.slice(1)) - 1];
  if (expression.type === 'cast') return slotOf(expression.operand, slots);
  const [only, ...others] = expression.type === 'list' ? expression.expressions : [];
  return only && others.length === 0 ? slotOf(only, slots) : undefined;
}
