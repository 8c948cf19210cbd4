import { Bindings } from '../flow/bindings.ts';
import { createInterpreter, newTrace, type Interpreter } from '../flow/interpreter.ts';
import { keyOf } from '../flow/remembered.ts';
import { functionValue, type Arguments, type Value } from '../flow/value.ts';
import type { Trace } from '../flow/machine.ts';
import type { Modules, SourceModule } from '../project/modules.ts';
import type { ClassDef, FunctionDef, Place, Statement } from '../python/syntax.ts';
import { dictionaryLibrary } from '../stores/dictionaries.ts';
import { storeLibrary } from '../stores/library.ts';
import { loadStores } from '../stores/load-stores.ts';
import type { Declared } from '../project/declared.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import type { SourceFile } from '../project/read-files.ts';
import { answers } from './answers.ts';
import { registerDescribed } from './connexion.ts';
import { declaredLibrary } from './declared-library.ts';
import { classRoutes } from './class-routes.ts';
import { newRegistry, registration, type Registry } from './registration.ts';
import { requestData } from './request-data.ts';
import { schemaCalls } from './schema-calls.ts';
import { routesOf, type Route } from './routes.ts';

/** An app whose modules were loaded as Python would, which registers its routes. */
export interface LoadedApp {
  readonly modules: Modules;
  readonly interpreter: Interpreter;
  readonly routes: readonly Route[];
  /** What is set before any request comes. */
  readonly attributes: Bindings;
  /** Functions that were gone into meanwhile. */
  readonly entered: ReadonlySet<Place>;
  readonly factories: readonly Factory[];
  readonly notes: readonly string[];
  /** Calls a function as a factory, and leaves what is registered alone. */
  readonly called: (module: SourceModule, callable: Callable) => Factory;
}

/** A function that was called because it may make the app. */
export interface Factory extends Callable {
  readonly file: string;
  readonly entered: ReadonlySet<Place>;
  /** Views, hooks and the like: what comes of them is not compared. */
  readonly registers: boolean;
  /** What it set, by the name of that. */
  readonly sets: ReadonlyMap<string, Value>;
}

/** True when an app is the same, whichever of two versions of a factory made it. */
export function isSameMake(one: Factory, other: Factory): boolean {
  if (one.registers || other.registers || one.sets.size !== other.sets.size) return false;
  return [...one.sets].every(([name, value]) => {
    const set = other.sets.get(name);
    return set !== undefined && keyOf(set, 3) === keyOf(value, 3);
  });
}

/** Loads all modules, and calls what makes an app. */
export function loadApp(modules: Modules, documents: readonly SourceFile[], declared: Declared): LoadedApp {
  const registry = newRegistry();
  const libraries = [
    declaredLibrary(declared),
    requestData,
    answers,
    classRoutes(registry),
    registration(registry),
    schemaCalls,
    dictionaryLibrary,
    storeLibrary(loadStores()),
  ];
  const interpreter = createInterpreter(modules, libraries);
  const notes: string[] = [];
  const entered = new Set<Place>();
  for (const module of modules.all) {
    try {
      interpreter.begin({ facts: new Set(), attributes: interpreter.state.attributes }, undefined, undefined);
      interpreter.load(module);
    } catch (error) {
      notes.push(`${module.file.path} could not be followed: ${error instanceof Error ? error.message : String(error)}.`);
    }
    for (const node of interpreter.trace.entered) entered.add(node);
  }
  const own = interpreter.state.attributes;
  const loaded = [...own];
  const called = (module: SourceModule, callable: Callable, attributes: Bindings): Factory => {
    const size = sizeOf(registry);
    let entered: ReadonlySet<Place> = new Set();
    const changed = attributes.attempt(() => ({ entered } = callWithout(interpreter, module, callable, attributes)));
    // What instances have is told by numbers that are never given twice.
    const sets = new Map([...changed].filter(([name]) => !name.startsWith('#')));
    return { ...callable, file: module.file.path, entered, registers: size !== sizeOf(registry), sets };
  };
  const factories = modules.all.flatMap((module) =>
    factoriesOf(module.file).map((callable) => {
      const factory = called(module, callable, own);
      for (const [name, value] of factory.sets) own.set(name, value);
      return factory;
    }),
  );
  const attributes = new Bindings([...own, ...loaded]);
  notes.push(...registerDescribed(registry, modules, documents));
  const routes = routesOf(registry);
  return {
    modules,
    interpreter,
    routes,
    attributes,
    entered,
    factories,
    notes,
    called: (module, callable) => called(module, callable, new Bindings(attributes)),
  };
}

function sizeOf({ routes, hooks, mounts, prefixes, answers: schemas, parsed }: Registry): number {
  return routes.length + hooks.length + mounts.length + prefixes.size + schemas.size + parsed.size;
}

const registers =
  /\.(?:register_blueprint|add_url_rule|add_resource|add_namespace|register_api|route|get|post|put|patch|delete|before_request)\s*\(/;
const registersInClass = /\.(?:register_blueprint|add_url_rule|add_resource|add_namespace|register_api|route|before_request)\s*\(/;
const factoryName = /app|blueprint|route|register|init|setup|create|configure|add_/i;

/** A function that nobody calls while modules are loaded, to be called with nothing. */
export interface Callable {
  readonly def: FunctionDef;
  /** The class of a method. */
  readonly type?: ClassDef;
}

/** Functions that make an app: they register routes when they are called. */
export function factoriesOf({ module, text }: ParsedFile): readonly Callable[] {
  const isFactory = ({ name, start, end }: FunctionDef, pattern: RegExp): boolean =>
    factoryName.test(name) && pattern.test(text.slice(start, end));
  const own = functionsIn(module.body).filter((def) => isFactory(def, registers));
  const methods = module.body.flatMap((statement): Callable[] =>
    statement.kind === 'ClassDef'
      ? functionsIn(statement.body)
          .filter((def) => !registersInClass.test(`.${def.name}(`) && isFactory(def, registersInClass))
          .map((def) => ({ def, type: statement }))
      : [],
  );
  return [...own.map((def) => ({ def })), ...methods];
}

export function functionsIn(body: readonly Statement[]): readonly FunctionDef[] {
  return body.flatMap((statement) => (statement.kind === 'FunctionDef' ? [statement] : []));
}

/** Calls a function with nothing, and says what it did until something could not be followed. */
export function callWithout(
  interpreter: Interpreter,
  module: SourceModule,
  { def, type }: Callable,
  attributes: Bindings,
  steps?: number,
): Trace {
  const frame = interpreter.frameOf(module);
  interpreter.begin({ facts: new Set(), attributes }, undefined, undefined);
  if (steps !== undefined) interpreter.allow(steps);
  try {
    const none: Arguments = { args: [], keywords: new Map(), rest: undefined };
    const maker = type && module.scope.vars.get(type.name);
    if (!type) interpreter.call(functionValue(def, module.scope), none, def, frame);
    if (maker?.shape.is === 'class') {
      const made = interpreter.call(maker, none, def, frame);
      if (def.name !== '__init__') interpreter.call(interpreter.attribute(made, def.name, def, frame), none, def, frame);
    }
  } catch {
    // What cannot be followed here costs the names of some fields, and nothing else.
  }
  const { trace } = interpreter;
  interpreter.trace = newTrace();
  return trace;
}
