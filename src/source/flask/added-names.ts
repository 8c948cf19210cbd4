import { Bindings } from '../flow/bindings.ts';
import type { Edition } from '../flow/edition.ts';
import type { Change, ImportLine } from '../project/change.ts';
import type { LoadedApp } from './load.ts';

/** The names that files import now beside what they did; nothing when that might change how modules are loaded. */
export function addedNames(app: LoadedApp, edition: Edition, changes: readonly Change[]): ReadonlyMap<string, Bindings> | undefined {
  const { interpreter, modules } = app;
  const all = new Map<string, Bindings>();
  for (const { file, names } of changes) {
    const module = modules.byFile.get(file.path);
    if (names.size === 0 || !module) continue;
    const lines = [...new Set(names.values())];
    if (lines.some((line) => loadsMore(line, file.path, app)) || isCopied(file.path, app)) return undefined;
    const vars = new Bindings();
    interpreter.begin({ facts: new Set(), attributes: new Bindings(app.attributes) }, undefined, undefined);
    interpreter.run(lines, { ...interpreter.frameOf(module), scope: { vars, parent: module.scope, file: file.path } });
    const added = [...vars].filter(([name]) => names.has(name));
    all.set(file.path, new Bindings([...(edition.names.get(file.path) ?? []), ...added]));
  }
  return all;
}

/** True when a line may import a module of the project that was not loaded before the file was. */
function loadsMore(line: ImportLine, from: string, { modules, interpreter: { loads } }: LoadedApp): boolean {
  const paths =
    line.kind === 'Import'
      ? line.names.map(({ name }) => [name, 0] as const)
      : [[line.module, line.level] as const, ...line.names.map(({ name }) => [`${line.module}.${name}`, line.level] as const)];
  return paths.some(([path, level]) => {
    const found = modules.find(path, level, from)?.file.path;
    return found !== undefined && loads.lastIndexOf(found) > loads.indexOf(from);
  });
}

/** True when somebody imports all names of a file. */
function isCopied(path: string, { modules }: LoadedApp): boolean {
  return modules.all.some(({ file }) =>
    file.module.body.some(
      (each) =>
        each.kind === 'ImportFrom' &&
        each.names.some(({ name }) => name === '*') &&
        modules.find(each.module, each.level, file.path)?.file.path === path,
    ),
  );
}
