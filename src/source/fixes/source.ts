import type { ParsedFile } from '../project/parse-files.ts';
import type { Expression, FunctionDef, Place, Statement } from '../python/syntax.ts';
import type { Edit } from './edit.ts';
import { expressionsIn, onceForEach, statementsIn } from '../python/walk.ts';

export type Call = Extract<Expression, { readonly kind: 'Call' }>;
export type Dict = Extract<Expression, { readonly kind: 'Dict' }>;

/** The text of a node. */
export function written({ text }: ParsedFile, { start, end }: Place): string {
  return text.slice(start, end);
}

/** The space before a statement; `undefined` where something else stands before it on its line. */
export function indentOf({ text }: ParsedFile, { start }: Place): string | undefined {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return /^[ \t]*$/.test(before) ? before : undefined;
}

/** Lines before a statement, with its indentation. `undefined` where none can stand, as before an `elif`. */
export function linesBefore(source: ParsedFile, statement: Statement, lines: readonly string[]): Edit | undefined {
  const indent = indentOf(source, statement);
  if (indent === undefined || source.text.startsWith('elif', statement.start)) return undefined;
  const text = lines.map((line, index) => `${index === 0 ? '' : indent}${line}\n`).join('');
  return { file: source.path, start: statement.start, end: statement.start, text: `${text}${indent}` };
}

/** Lines after a statement. */
export function linesAfter(source: ParsedFile, statement: Statement, lines: readonly string[]): Edit | undefined {
  const indent = indentOf(source, statement);
  const rest = /^[^\r\n]*/.exec(source.text.slice(statement.end))?.[0] ?? '';
  if (indent === undefined || !/^\s*(?:#.*)?$/.test(rest)) return undefined;
  const at = statement.end + rest.length;
  return { file: source.path, start: at, end: at, text: lines.map((line) => `\n${indent}${line}`).join('') };
}

/** A statement taken out, with its line. */
export function without(source: ParsedFile, statement: Statement): Edit | undefined {
  const indent = indentOf(source, statement);
  if (indent === undefined || source.text.startsWith('elif', statement.start)) return undefined;
  const start = statement.start - indent.length;
  const end = source.text.indexOf('\n', statement.end);
  return { file: source.path, start, end: end === -1 ? source.text.length : end + 1, text: '' };
}

export function replaced(source: ParsedFile, { start, end }: Place, text: string): Edit {
  return { file: source.path, start, end, text };
}

/** A further item before the closing bracket of a call or a display. */
export function appended(source: ParsedFile, node: Place, text: string): Edit | undefined {
  const close = node.end - 1;
  if (!/[)\]}]/.test(source.text[close] ?? '')) return undefined;
  const before = source.text.slice(node.start, close).trimEnd();
  const [last] = before.slice(-1);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (last === undefined || /^\s*#|\s#\s/.test(line)) return undefined;
  const isOpening = /[([{]/.test(last);
  const below = source.text.slice(node.start + before.length, close);
  if (last === ',' && below.includes('\n')) {
    const at = node.start + before.length;
    return { file: source.path, start: at, end: at, text: `\n${/^\s*/.exec(line)?.[0] ?? ''}${text},` };
  }
  const end = node.start + before.length;
  // The comma of `(id,)` is needed no longer.
  return { file: source.path, start: last === ',' ? end - 1 : end, end, text: isOpening ? text : `, ${text}` };
}

/** A string in the quotes that the file prefers. */
export function quoted(source: ParsedFile, content: string): string {
  return `${quoteOf(source)}${content}${quoteOf(source)}`;
}

const quoteOf = onceForEach(({ text }: ParsedFile): string => {
  const single = (text.match(/'/g) ?? []).length;
  const double = (text.match(/"/g) ?? []).length;
  return single >= double ? "'" : '"';
});

/** The body of the function that something stands in; of the file when it is in none. */
export function bodyAround(source: ParsedFile, functions: readonly FunctionDef[]): readonly Statement[] {
  return functions.at(-1)?.body ?? source.module.body;
}

/** What a local variable is given, where that happens once and before the place. */
export function definitionOf(
  name: string,
  body: readonly Statement[],
  before: Place,
): (Statement & { readonly kind: 'Assign' }) | undefined {
  const only = definitionsIn(body).get(name);
  return only && only.end <= before.start ? only : undefined;
}

/** The assignments of a body by name; nothing for a name that is given something in more than one place. */
const definitionsIn = onceForEach((body: readonly Statement[]) => {
  const found = new Map<string, (Statement & { readonly kind: 'Assign' }) | undefined>();
  for (const statement of statementsIn(body)) {
    if (statement.kind !== 'Assign') continue;
    for (const name of new Set(statement.targets.flatMap((target) => (target.kind === 'Name' ? [target.name] : []))))
      found.set(name, found.has(name) ? undefined : statement);
  }
  for (const each of expressionsIn(body))
    if (each.kind === 'NamedExpr' && each.target.kind === 'Name') found.set(each.target.name, undefined);
  return found;
});

/** Names that a body binds by assignment or loop, and the parameters of its function. */
export function localsOf(functions: readonly FunctionDef[]): ReadonlySet<string> {
  const [only, ...others] = functions.map(localsOfOne);
  return only && others.length === 0 ? only : new Set([only ?? [], ...others].flatMap((each) => [...each]));
}

const localsOfOne = onceForEach(({ parameters, body }: FunctionDef): ReadonlySet<string> => {
  return new Set([...parameters.map(({ name }) => name), ...statementsIn(body).flatMap((statement) => boundBy(statement))]);
});

function boundBy(statement: Statement): readonly string[] {
  const names = (target: Expression): readonly string[] =>
    target.kind === 'Name' ? [target.name] : 'items' in target && target.kind !== 'Dict' ? target.items.flatMap(names) : [];
  switch (statement.kind) {
    case 'Assign':
      return statement.targets.flatMap(names);
    case 'For':
      return names(statement.target);
    case 'With':
      return statement.items.flatMap(({ target }) => (target ? names(target) : []));
    default:
      return [];
  }
}

/** Names that a file binds at its top. */
export function globalsOf({ module }: ParsedFile): ReadonlySet<string> {
  return namesOf(module);
}

const namesOf = onceForEach((module: ParsedFile['module']): ReadonlySet<string> => {
  return new Set(
    statementsIn(module.body.filter((statement) => statement.kind !== 'FunctionDef' && statement.kind !== 'ClassDef'))
      .flatMap((statement): readonly string[] => {
        if (statement.kind === 'Import') return statement.names.map(({ name, as }) => as ?? name.split('.')[0] ?? name);
        return statement.kind === 'ImportFrom' ? statement.names.map(({ name, as }) => as ?? name) : boundBy(statement);
      })
      .concat(module.body.flatMap((statement) => ('name' in statement ? [statement.name] : []))),
  );
});
