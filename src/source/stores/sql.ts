import type { Condition } from '../flow/access.ts';
import type { Value } from '../flow/value.ts';

export interface Statement {
  readonly table: string;
  readonly verb: 'list' | 'create' | 'update' | 'delete';
  /** Columns that are compared with a placeholder, in the order of the placeholders; `undefined` for other placeholders. */
  readonly columns: readonly { readonly field: string | undefined; readonly name: string | undefined; readonly isAlternative: boolean }[];
}

const table = /\b(?:from|into|update|join)\s+["`[]?([\w.]+)/i;

/** Takes apart what matters of a statement: its table, and which placeholder is compared with which column. */
export function readSql(text: string): Statement | undefined {
  const verb = /^\s*(select|insert|update|delete|replace|with)\b/i.exec(text)?.[1]?.toLowerCase();
  const name = table.exec(text)?.[1];
  if (verb === undefined || name === undefined) return undefined;
  const start = text.search(/\bwhere\b/i);
  const columns = [
    ...text.matchAll(/(?:([\w."]+)\s*(=|!=|<>|>=|<=|<|>|\bin\b|\blike\b)\s*\(?\s*)?(\?|%s|%\((\w+)\)s|(?<![:\w]):(\w+))/gi),
  ].map((match) => {
    const [, column, operator, , named, colon] = match;
    const isCondition = start !== -1 && match.index > start && (operator === '=' || operator?.toLowerCase() === 'in');
    const field = isCondition ? column?.replaceAll('"', '').split('.').at(-1) : undefined;
    return { field, name: named ?? colon, isAlternative: /\bor\b/i.test(text.slice(start === -1 ? 0 : start)) };
  });
  const verbs = { insert: 'create', replace: 'create', update: 'update', delete: 'delete' } as const;
  const kind = verb === 'insert' || verb === 'replace' || verb === 'update' || verb === 'delete' ? verbs[verb] : 'list';
  return { table: name.split('.').at(-1) ?? name, verb: kind, columns };
}

/** The conditions of a statement with its parameters. */
export function conditionsOfStatement({ columns }: Statement, parameters: Value | undefined): readonly Condition[] {
  const { shape } = parameters ?? { shape: undefined };
  const conditions = columns.flatMap(({ field, name }, position): readonly Condition[] => {
    const value =
      name === undefined
        ? shape?.is === 'sequence'
          ? shape.items[position]
          : parameters
        : shape?.is === 'record'
          ? shape.entries.get(name)
          : undefined;
    return value && field !== undefined ? [{ is: 'field', entity: undefined, field, binds: true, value }] : [];
  });
  return columns.some((column) => column.isAlternative) ? [{ is: 'any', parts: conditions }] : conditions;
}
