import { Bindings } from '../flow/bindings.ts';
import type { Scope, Value } from '../flow/value.ts';
import { symbol } from '../flow/value.ts';
import type { ParsedFile } from './parse-files.ts';

export interface SourceModule {
  readonly file: ParsedFile;
  /** `app.models`. */
  readonly name: string;
  readonly scope: Scope;
  state: 'new' | 'running' | 'done';
}

/** The modules of a project, found by how they are imported. */
export interface Modules {
  readonly all: readonly SourceModule[];
  readonly byFile: ReadonlyMap<string, SourceModule>;
  /** The module that `import path` means in a file; `undefined` for a library. */
  readonly find: (path: string, level: number, from: string) => SourceModule | undefined;
}

export function indexModules(files: readonly ParsedFile[]): Modules {
  const all = files.map((file): SourceModule => {
    const name = nameOf(file.path);
    return { file, name, state: 'new', scope: { vars: new Bindings(), parent: undefined, file: file.path } };
  });
  const byName = new Map<string, SourceModule>();
  // `src/app/models.py` is `app.models` for those beside it: every tail of the path is a name, the longest first.
  for (const module of all) {
    const parts = module.name.split('.');
    for (let start = 0; start < parts.length; start += 1) {
      const tail = parts.slice(start).join('.');
      const rival = byName.get(tail);
      if (!rival || (start === 0 && rival.name !== tail)) byName.set(tail, module);
    }
  }
  const byFile = new Map(all.map((module) => [module.file.path, module]));
  const find = (path: string, level: number, from: string): SourceModule | undefined => {
    if (level === 0) return ordinary.has(path.split('.')[0] ?? '') ? undefined : byName.get(path);
    const isPackage = from.endsWith('__init__.py');
    const folders = from.split('/').slice(0, -1);
    const base = folders.slice(0, folders.length - (level - 1));
    const wanted = [...base, ...(path === '' ? [] : path.split('.'))].join('.');
    return byName.get(wanted === '' && isPackage ? nameOf(from) : wanted);
  };
  return { all, byFile, find };
}

/** Libraries whose names projects like to give to files of their own. */
const ordinary = new Set([
  'flask',
  'pymongo',
  'sqlalchemy',
  'boto3',
  'jwt',
  'json',
  're',
  'os',
  'uuid',
  'functools',
  'datetime',
  'redis',
  'elasticsearch',
  'psycopg',
  'psycopg2',
  'sqlite3',
  'peewee',
  'mongoengine',
  'pynamodb',
  'marshmallow',
]);

function nameOf(path: string): string {
  return path
    .replace(/\.py$/, '')
    .replace(/(?:^|\/)__init__$/, '')
    .replaceAll('/', '.');
}

const modulePrefix = 'module:';

/** A module of the project as a value. */
export function moduleValue({ file }: SourceModule): Value {
  return symbol(`${modulePrefix}${file.path}`);
}

/** The file of a module that is used as a value. */
export function moduleFile({ shape }: Value): string | undefined {
  return shape.is === 'symbol' && shape.path.startsWith(modulePrefix) ? shape.path.slice(modulePrefix.length) : undefined;
}
