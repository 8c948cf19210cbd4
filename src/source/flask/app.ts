import { Bindings } from '../flow/bindings.ts';
import type { Edition } from '../flow/edition.ts';
import type { Trace } from '../flow/machine.ts';
import type { Change } from '../project/change.ts';
import type { Declared } from '../project/declared.ts';
import type { Modules, SourceModule } from '../project/modules.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import type { SourceFile } from '../project/read-files.ts';
import type { FunctionDef, Place } from '../python/syntax.ts';
import { addedNames } from './added-names.ts';
import { callWithout, factoriesOf, functionsIn, isSameMake, loadApp, type Factory, type LoadedApp } from './load.ts';
import { movedRun, movedTrace, routeNow, type Moving } from './moved.ts';
import { runRoute, type Run } from './run-route.ts';

/** What an app does: each of its routes, and what its other functions write. */
export interface AppRuns {
  readonly runs: readonly Run[];
  /** Of functions that no route calls: they show what is stored. */
  readonly others: readonly Trace[];
  readonly notes: readonly string[];
}

/** What an app does, and what it does after changes of its files. */
export interface Walk extends AppRuns {
  /** Text of what was there when the modules were loaded: classes, and what else does not change afterwards. */
  readonly loadedText: (place: Place, file: string) => string;
  /**
   * Goes again through what the changes may concern, and through nothing else. `undefined` when they concern more than what
   * functions do: the app has to be loaded anew.
   */
  readonly after: (changes: readonly Change[]) => Walk | undefined;
}

/** A function that no route calls, and what it did. */
interface Other {
  readonly file: string;
  readonly def: FunctionDef;
  readonly trace: Trace;
}

interface Done {
  readonly edition: Edition;
  readonly files: ReadonlyMap<string, ParsedFile>;
  readonly factories: readonly Factory[];
  readonly runs: readonly Run[];
  readonly others: readonly Other[];
}

/** Loads all modules as Python would, and goes through each route. */
export function walkApp(modules: Modules, documents: readonly SourceFile[], declared: Declared): Walk {
  const app = loadApp(modules, documents, declared);
  const { interpreter, routes, attributes, factories } = app;
  const runs = routes.map((route) => runRoute(interpreter, route, attributes));
  const files = new Map(modules.all.map(({ file }) => [file.path, file]));
  const views = new Set(routes.map(({ place }) => place));
  const others = modules.all.flatMap((module) => storing(module.file, (def) => views.has(def)).map((def) => runOther(app, module, def)));
  return walkOf(app, { edition: interpreter.edition, files, factories, runs, others });
}

function walkOf(app: LoadedApp, done: Done): Walk {
  const { runs, others } = done;
  return {
    runs,
    others: others.flatMap(({ trace }) => (trace.accesses.length > 0 ? [trace] : [])),
    loadedText: ({ start, end }, file) => app.modules.byFile.get(file)?.file.text.slice(start, end) ?? '',
    notes: [...app.notes, ...runs.flatMap(({ note }) => note ?? [])],
    after: (changes) => {
      const next = redone(app, done, changes);
      return next && walkOf(app, next);
    },
  };
}

function redone(app: LoadedApp, done: Done, changes: readonly Change[]): Done | undefined {
  const { interpreter, modules, attributes } = app;
  const altered = new Set(changes.flatMap((change) => [...change.altered].map(done.edition.origin)));
  const isTouched = (entered: ReadonlySet<Place>): boolean => [...altered].some((node) => entered.has(node));
  const names = addedNames(app, done.edition, changes);
  if (!names || isTouched(app.entered)) return undefined;
  const edition = done.edition.next({
    texts: new Map(changes.map(({ file }) => [file.path, file.text])),
    functions: new Map(changes.flatMap(({ functions }) => [...functions])),
    names,
  });
  interpreter.edition = edition;
  const files = new Map([...done.files, ...changes.map(({ file }) => [file.path, file] as const)]);
  const factories = factoriesNow(app, done, changes, edition, isTouched);
  if (!factories) return undefined;
  const byFile = new Map(changes.map((change) => [change.file.path, change]));
  const moving: Moving = (file, place) => {
    const change = byFile.get(file);
    return change ? change.moved(place) : place;
  };
  const runs = done.runs.map((run, index) => {
    const first = app.routes[index] ?? run.route;
    const route = routeNow(first, edition.current(first.code));
    const kept = isTouched(run.trace.entered) ? undefined : movedRun(run, route, moving);
    return kept ?? runRoute(interpreter, route, attributes);
  });
  const views = new Set(runs.map(({ route }) => `${route.code.file}:${route.place.start}`));
  const others = modules.all.flatMap((module) => {
    const { path } = module.file;
    const known = done.others.filter(({ file }) => file === path);
    const change = byFile.get(path);
    const text = files.get(path) ?? module.file;
    const defs = change ? storing(text, ({ start }) => views.has(`${path}:${start}`)) : known.map(({ def }) => def);
    return defs.map((def) => {
      const other = known.find((each) => (change?.functions.get(each.def) ?? each.def) === def);
      const trace = other && !isTouched(other.trace.entered) ? movedTrace(other.trace, moving) : undefined;
      return trace ? { file: path, def, trace } : runOther(app, module, def);
    });
  });
  return { edition, files, factories, runs, others };
}

/** The factories as they are now; nothing when one of them may make another app than before. */
function factoriesNow(
  { modules, called }: LoadedApp,
  { factories }: Done,
  changes: readonly Change[],
  { origin }: Edition,
  isTouched: (entered: ReadonlySet<Place>) => boolean,
): readonly Factory[] | undefined {
  const known = new Map(factories.map((factory) => [origin(factory.def), factory]));
  const changed = changes.flatMap(({ file }) => factoriesOf(file).map((callable) => ({ ...callable, file: file.path })));
  const ofOthers = factories.filter(({ file }) => !changes.some((change) => change.file.path === file));
  const now = [...ofOthers, ...changed].map((callable): Factory | undefined => {
    const before = known.get(origin(callable.def));
    if (before && !isTouched(before.entered)) return { ...before, ...callable };
    const module = modules.byFile.get(callable.file);
    if (!module) return undefined;
    const factory = called(module, callable);
    return isSameMake(before ?? { ...factory, registers: false, sets: new Map() }, factory) ? factory : undefined;
  });
  const isGone = changes.some(({ file }) =>
    factories.some(
      (each) =>
        each.file === file.path && (each.registers || each.sets.size > 0) && !changed.some(({ def }) => origin(def) === origin(each.def)),
    ),
  );
  const whole = now.flatMap((each) => each ?? []);
  return isGone || whole.length < now.length ? undefined : whole;
}

/** What is stored is seen early in a function, or not at all. */
const stepsOfOthers = 2000;

/** Functions like `seed()` are called once, with nothing, for the fields that they store. */
function runOther({ interpreter, attributes }: LoadedApp, module: SourceModule, def: FunctionDef): Other {
  const trace = callWithout(interpreter, module, { def }, new Bindings(attributes), stepsOfOthers);
  return { file: module.file.path, def, trace };
}

function storing({ module, text }: ParsedFile, isView: (def: FunctionDef) => boolean): readonly FunctionDef[] {
  return functionsIn(module.body).filter(
    (def) => !isView(def) && /insert_|put_item|\.add|create|save\(/.test(text.slice(def.start, def.end)),
  );
}
