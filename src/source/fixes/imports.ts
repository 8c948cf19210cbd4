import { indexModules } from '../project/modules.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import type { Statement } from '../python/syntax.ts';
import { onceForEach } from '../python/walk.ts';
import { distinct, type Edit } from './edit.ts';
import { globalsOf, linesBefore, written } from './source.ts';

/** A name that a repair uses. Without `name` the module itself: `import hmac`. */
export interface Import {
  readonly file: string;
  readonly module: string;
  readonly name?: string;
  /** The statement before which it has to stand: its module imports this file, and at the top there would be a circle. */
  readonly before?: Statement;
}

type ImportLine = Extract<Statement, { readonly kind: 'Import' | 'ImportFrom' }>;

/** Modules of Python itself that apps import. */
const standard = new Set(
  (
    '__future__ abc argparse array ast asyncio base64 binascii bisect builtins calendar cmath codecs collections concurrent configparser ' +
    'contextlib contextvars copy csv ctypes dataclasses datetime decimal difflib email enum errno fcntl fnmatch fractions functools ' +
    'getpass glob gzip hashlib heapq hmac html http imaplib importlib inspect io ipaddress itertools json locale logging math mimetypes ' +
    'multiprocessing numbers operator os pathlib pickle pkgutil platform posixpath pprint queue random re resource sched secrets select ' +
    'selectors shelve shlex shutil signal smtplib socket socketserver sqlite3 ssl stat statistics string struct subprocess sys tarfile ' +
    'tempfile textwrap threading time timeit traceback types typing unicodedata unittest urllib uuid warnings wave weakref xml zipfile ' +
    'zlib zoneinfo'
  ).split(' '),
);

/** What a file needs for `abort`: that of Flask, or of the framework that the app has in its place. */
export function abortImports(source: ParsedFile, files: ReadonlyMap<string, ParsedFile>): readonly Import[] {
  if (globalsOf(source).has('abort')) return [];
  const imports = (name: string, { text }: ParsedFile): boolean => new RegExp(`^\\s*(?:from|import)\\s+${name}\\b`, 'm').test(text);
  const all = [source, ...files.values()];
  const told = all.find((each) => imports('flask', each) || imports('quart', each));
  return [{ file: source.path, module: told && !imports('flask', told) ? 'quart' : 'flask', name: 'abort' }];
}

/** The edits that bring names into a file, each once and beside its like. Names that are there already need none. */
export function importEdits(source: ParsedFile, all: readonly Import[]): readonly Edit[] {
  const known = globalsOf(source);
  const wanted = all.filter(({ before }) => !before);
  const inside = all.flatMap(({ before, module, name }) =>
    before && !known.has(name ?? module)
      ? (linesBefore(source, before, [name === undefined ? `import ${module}` : `from ${module} import ${name}`]) ?? [])
      : [],
  );
  const missing = [
    ...new Map(
      wanted.filter(({ module, name }) => !known.has(name ?? module)).map((each) => [`${each.module} ${each.name ?? ''}`, each]),
    ).values(),
  ].toSorted((a, b) => (a.name ?? a.module).localeCompare(b.name ?? b.module));
  const lines = source.module.body.filter((each): each is ImportLine => each.kind === 'Import' || each.kind === 'ImportFrom');
  const modules = [...new Set(missing.filter(({ name }) => name !== undefined).map(({ module }) => module))];
  const plain = missing.filter(({ name }) => name === undefined);
  return [
    ...distinct(inside),
    ...plain.map(({ module }) => newLine(source, lines, `import ${module}`, module, 'Import')),
    ...modules.map((module) => {
      const names = missing.filter((each) => each.module === module).flatMap(({ name }) => name ?? []);
      return (
        extended(source, lines, module, names) ?? newLine(source, lines, `from ${module} import ${names.join(', ')}`, module, 'ImportFrom')
      );
    }),
  ];
}

/** The names put into the import that the module has already, in its order. */
function extended(source: ParsedFile, lines: readonly ImportLine[], module: string, names: readonly string[]): Edit | undefined {
  const line = lines.find(
    (each) => each.kind === 'ImportFrom' && each.module === module && each.level === 0 && each.names[0]?.name !== '*',
  );
  if (!line || line.kind !== 'ImportFrom') return undefined;
  const text = written(source, line);
  const list = /^(from\s+\S+\s+import\s*\(?\s*)([^()#]*?)(,?\s*\)?)$/.exec(text);
  if (!list) return undefined;
  const [, head = '', body = '', tail = ''] = list;
  const separator = /,(\s+)/.exec(body)?.[1] ?? ' ';
  const given = body.split(',').map((each) => each.trim());
  const isSorted = given.every((each, index) => index === 0 || (given[index - 1] ?? '') <= each);
  const all = isSorted ? [...given, ...names].toSorted() : [...given, ...names];
  return { file: source.path, start: line.start, end: line.end, text: `${head}${all.join(`,${separator}`)}${tail}` };
}

/** A new import line, before the first of its kind that sorts after it. */
function newLine(source: ParsedFile, lines: readonly ImportLine[], text: string, module: string, kind: ImportLine['kind']): Edit {
  const at = (offset: number, whole: string): Edit => ({ file: source.path, start: offset, end: offset, text: whole });
  const isStandard = standard.has(module);
  const group = lines.filter((line) => isOfStandard(line) === isStandard && (line.kind !== 'ImportFrom' || line.level === 0));
  const like = group.filter((line) => line.kind === kind);
  const before = like.findLast((line) => moduleOf(line) < module);
  if (before) return at(before.end, `\n${text}`);
  const next = like.find((line) => moduleOf(line) > module);
  if (next) return at(next.start, `${text}\n`);
  const last = like.at(-1) ?? (kind === 'ImportFrom' ? group.at(-1) : undefined);
  if (last) return at(last.end, `\n${text}`);
  const [first] = group.length > 0 ? group : lines;
  if (first && kind === 'Import') return at(first.start, `${text}\n${group.length > 0 ? '' : '\n'}`);
  const end = lines.at(-1);
  if (end) return at(end.end, `\n${text}`);
  const [docstring] = source.module.body;
  const isDocstring = docstring?.kind === 'Expr' && docstring.value?.kind === 'Constant' && typeof docstring.value.value === 'string';
  return isDocstring ? at(docstring.end, `\n\n${text}`) : at(0, `${text}\n\n`);
}

function moduleOf(line: ImportLine): string {
  return line.kind === 'ImportFrom' ? line.module : (line.names[0]?.name ?? '');
}

function isOfStandard(line: ImportLine): boolean {
  return (line.kind === 'Import' || line.level === 0) && standard.has(moduleOf(line).split('.')[0] ?? '');
}

/** True when a module is loaded with the help of a file, so that the file cannot import it while it is loaded itself. */
export function needs(module: string, file: string, files: ReadonlyMap<string, ParsedFile>): boolean {
  const { modules, imported } = graphOf(files);
  const seen = new Set<string>();
  const waiting = [modules.find(module, 0, file)?.file.path];
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    if (each === file) return true;
    if (seen.has(each)) continue;
    seen.add(each);
    waiting.push(...(imported.get(each) ?? []));
  }
  return false;
}

/** The modules of a project, and which files each file imports when it is loaded. */
const graphOf = onceForEach((files: ReadonlyMap<string, ParsedFile>) => {
  const modules = indexModules([...files.values()]);
  const imported = new Map(
    [...files].map(([from, { module }]) => {
      const paths = module.body.flatMap((line) => {
        if (line.kind === 'Import') return line.names.map(({ name }) => [name, 0] as const);
        if (line.kind !== 'ImportFrom') return [];
        return [[line.module, line.level] as const, ...line.names.map(({ name }) => [`${line.module}.${name}`, line.level] as const)];
      });
      return [from, new Set(paths.flatMap(([path, level]) => modules.find(path, level, from)?.file.path ?? []))] as const;
    }),
  );
  return { modules, imported };
});
