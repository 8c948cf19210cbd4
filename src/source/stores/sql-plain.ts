import type { Statement } from './sql.ts';
import { keyed, type Slot, type Where } from './sql-where.ts';

const table = /\b(?:from|into|update|join)\s+["`[]?([\w.]+)/i;
const placeholder = /(?:([\w."]+)\s*(=|!=|<>|>=|<=|<|>|\bin\b|\blike\b)\s*\(?\s*)?(\?|%s|%\((\w+)\)s|(?<![:\w]):(\w+))/gi;
const verbs = { insert: 'create', replace: 'create', update: 'update', delete: 'delete' } as const;

/** What matters of a statement that no grammar of ours reads: its table, and which parameter is compared with which column. */
export function readPlainly(text: string): Statement | undefined {
  const verb = /^\s*(select|insert|update|delete|replace|with)\b/i.exec(text)?.[1]?.toLowerCase();
  const name = table.exec(text)?.[1];
  if (verb === undefined || name === undefined) return undefined;
  const start = text.search(/\bwhere\b/i);
  let positions = 0;
  const compared = [...text.matchAll(placeholder)].flatMap((match): readonly Where[] => {
    const [, column, operator, , percent, colon] = match;
    const named = percent ?? colon;
    const slot = named === undefined ? { position: positions++ } : { name: named };
    const isEqual = operator === '=' || operator?.toLowerCase() === 'in';
    const field = start !== -1 && match.index > start && isEqual ? column?.replaceAll('"', '').split('.').at(-1) : undefined;
    return field === undefined ? [] : [{ is: 'compare', field, isEqual, slot }];
  });
  const replaced = replacedBy(text);
  if (replaced) return { table: name.split('.').at(-1) ?? name, joined: [], verb: 'update', columns: [], asks: false, ...replaced };
  const hasChoice = start !== -1 && /\bor\b/i.test(text.slice(start));
  const kind = verb === 'insert' || verb === 'replace' || verb === 'update' || verb === 'delete' ? verbs[verb] : 'list';
  const where: readonly Where[] = hasChoice ? [{ is: 'any', parts: compared }] : compared;
  return { table: name.split('.').at(-1) ?? name, joined: [], verb: kind, where, columns: [], asks: false, written: new Map() };
}

const replacing = /^\s*(?:replace|insert\s+or\s+replace)\b|\bon\s+duplicate\s+key\s+update\b/i;
const rowOf = /\binto\s+\S+?\s*\(([^()]*)\)\s*values\s*\(([^()]*)\)/i;

/** `REPLACE INTO notes (id, text) VALUES (?, ?)`: the row that has the key already gives way, whosever it is. */
function replacedBy(text: string): Pick<Statement, 'where' | 'written'> | undefined {
  const [, columns, values] = (replacing.test(text) ? rowOf.exec(text.replaceAll(/%\((\w+)\)s/g, ':$1')) : undefined) ?? [];
  if (columns === undefined || values === undefined) return undefined;
  let positions = 0;
  const slots = values.split(',').map((value): Slot | undefined => {
    const named = /^\s*:(\w+)\s*$/.exec(value)?.[1];
    if (named !== undefined) return { name: named };
    return /^\s*(?:\?|%s)\s*$/.test(value) ? { position: positions++ } : undefined;
  });
  const names = columns.split(',').map((column) => column.trim().replaceAll(/["`]/g, ''));
  const written = new Map(names.map((column, index) => [column, slots[index]]));
  return { where: keyed(['id'], written), written };
}
