import type { Design } from './design.ts';
import type { Framework } from './frameworks/framework.ts';
import { definedIn, importsOf, renamed, unmarked, type Lines, type Origin } from './python.ts';

export interface Module {
  readonly part: 'app' | 'store' | 'auth' | 'work' | 'views' | 'end';
  readonly lines: Lines;
}

/** Which part goes into which file, by how many there are. Views that are made of the app stand with it. */
function layoutOf(count: number, needsApp: boolean): Readonly<Record<Module['part'], string>> {
  const app = { app: 'app', views: 'app', end: 'app' };
  switch (count) {
    case 1:
      return { ...app, store: 'app', auth: 'app', work: 'app' };
    case 2:
      return { ...app, store: 'store', auth: 'app', work: 'app' };
    case 3:
      return { ...app, store: 'store', auth: 'store', work: 'work' };
    default:
      return { ...app, store: 'models', auth: 'auth', work: 'desk', views: needsApp ? 'app' : 'routes' };
  }
}

/** Lays the parts out in files, each with the imports that it needs. */
export function filesOf(
  modules: readonly Module[],
  origins: ReadonlyMap<string, Origin>,
  { style }: Design,
  framework: Framework,
  others: readonly { readonly path: string; readonly text: string }[],
): { readonly files: readonly { readonly path: string; readonly text: string }[]; readonly marks: ReadonlyMap<number, readonly string[]> } {
  const layout = layoutOf(style.modules, framework.needsApp);
  const folder = style.isPackage && style.modules > 1 ? 'shop/' : '';
  const isRelative = folder !== '' && style.modules % 2 === 0;
  const moduleName = (file: string): string => (folder === '' ? file : isRelative ? `.${file}` : `shop.${file}`);
  const names = [...new Set(modules.map(({ part }) => layout[part]))];
  const contents = new Map(
    names.map((name) => [name, sectionsOf(modules.filter(({ part, lines }) => layout[part] === name && lines.length > 0))]),
  );
  const marks = new Map<number, string[]>();
  const files = names.map((name) => {
    const lines = contents.get(name) ?? [];
    const known = new Map(origins);
    for (const other of names.slice(0)) {
      if (other === name) continue;
      for (const each of definedIn(contents.get(other) ?? []))
        if (each !== 'app' || name !== 'routes') known.set(each, [moduleName(other), each]);
    }
    const aliases = style.aliases ? aliasesIn(lines) : new Map<string, string>();
    const imports = importsOf(lines, known).map((line) => withAliases(line, aliases));
    const path = `${folder}${name}.py`;
    const { text, marks: found } = unmarked([...imports, '', ...renamed(lines, aliases)]);
    for (const [number, places] of found) marks.set(number, [...(marks.get(number) ?? []), ...places.map((line) => `${path}:${line}`)]);
    return { path, text };
  });
  const views = `${folder === '' ? '' : 'shop.'}${layout.views}`;
  return {
    files: [
      ...(folder === '' ? [] : [{ path: `${folder}__init__.py`, text: '' }]),
      ...files,
      ...others.map(({ path, text }) => ({ path: `${folder}${path}`, text: text.replaceAll('{views}', views) })),
    ],
    marks,
  };
}

function sectionsOf(modules: readonly Module[]): Lines {
  return modules.flatMap(({ lines }, index) => (index === 0 ? lines : ['', '', ...lines]));
}

const shorter = new Map([
  ['jsonify', 'to_json'],
  ['abort', 'stop_with'],
  ['request', 'incoming'],
  ['current_user', 'visitor'],
  ['get_jwt_identity', 'who'],
]);

function aliasesIn(lines: Lines): ReadonlyMap<string, string> {
  const text = lines.join('\n');
  return new Map([...shorter].filter(([name, alias]) => text.includes(name) && !new RegExp(`\\b${alias}\\b`).test(text)));
}

function withAliases(line: string, aliases: ReadonlyMap<string, string>): string {
  const [, head, names] = /^(from \S+ import )(.*)$/.exec(line) ?? [];
  if (head === undefined || names === undefined) return line;
  return `${head}${names
    .split(', ')
    .map((name) => (aliases.has(name) ? `${name} as ${aliases.get(name) ?? ''}` : name))
    .join(', ')}`;
}
