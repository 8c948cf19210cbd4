import { Bindings } from '../flow/bindings.ts';
import { createInterpreter, newTrace, type Interpreter } from '../flow/interpreter.ts';
import { functionValue, type Arguments, type Value } from '../flow/value.ts';
import type { Trace } from '../flow/machine.ts';
import type { Modules, SourceModule } from '../project/modules.ts';
import type { FunctionDef, Statement } from '../python/syntax.ts';
import { dictionaryLibrary } from '../stores/dictionaries.ts';
import { storeLibrary } from '../stores/library.ts';
import { loadStores } from '../stores/load-stores.ts';
import type { Declared } from '../project/declared.ts';
import type { SourceFile } from '../project/read-files.ts';
import { answers } from './answers.ts';
import { registerDescribed } from './connexion.ts';
import { declaredLibrary } from './declared-library.ts';
import { newRegistry, registration } from './registration.ts';
import { requestData } from './request-data.ts';
import { routesOf, type Route } from './routes.ts';
import { runRoute, type Run } from './run-route.ts';

/** What an app does: each of its routes, and what its other functions write. */
export interface AppRuns {
  readonly runs: readonly Run[];
  /** Of functions that no route calls: they show what is stored. */
  readonly others: readonly Trace[];
  readonly notes: readonly string[];
}

/** Loads all modules as Python would, which registers the routes, and goes through each of them. */
export function runApp(modules: Modules, documents: readonly SourceFile[], declared: Declared): AppRuns {
  const registry = newRegistry();
  const libraries = [
    declaredLibrary(declared),
    requestData,
    answers,
    registration(registry),
    dictionaryLibrary,
    storeLibrary(loadStores()),
  ];
  const interpreter = createInterpreter(modules, libraries);
  const notes: string[] = [];
  for (const module of modules.all) {
    try {
      interpreter.begin({ facts: new Set(), attributes: interpreter.state.attributes }, undefined, undefined);
      interpreter.load(module);
    } catch (error) {
      notes.push(`${module.file.path} could not be followed: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  const loaded = [...interpreter.state.attributes];
  for (const factory of modules.all.flatMap(factoriesOf)) quietly(() => callWithout(interpreter, factory));
  const attributes = new Bindings([...interpreter.state.attributes, ...loaded]);
  notes.push(...registerDescribed(registry, modules, documents));
  const routes = routesOf(registry);
  const runs = routes.map((route) => runRoute(interpreter, route, attributes));
  const others = modules.all.flatMap((module) => otherTraces(interpreter, module, routes));
  return { runs, others, notes: [...notes, ...runs.flatMap(({ note }) => note ?? [])] };
}

const registers =
  /\.(?:register_blueprint|add_url_rule|add_resource|add_namespace|register_api|route|get|post|put|patch|delete|before_request)\s*\(/;
const registersInClass = /\.(?:register_blueprint|add_url_rule|add_resource|add_namespace|register_api|route|before_request)\s*\(/;
const factoryName = /app|blueprint|route|register|init|setup|create|configure|add_/i;

interface Factory {
  readonly module: SourceModule;
  readonly def: FunctionDef;
  /** The class of a method. */
  readonly type: Value | undefined;
}

/** Functions that make an app: they register routes when they are called, and nobody calls them while modules are loaded. */
function factoriesOf(module: SourceModule): readonly Factory[] {
  const { text, module: parsed } = module.file;
  const isFactory = ({ name, start, end }: FunctionDef, pattern: RegExp): boolean =>
    factoryName.test(name) && pattern.test(text.slice(start, end));
  const own = functionsIn(parsed.body).filter((def) => isFactory(def, registers));
  const methods = parsed.body.flatMap((statement): Factory[] => {
    const type = statement.kind === 'ClassDef' ? module.scope.vars.get(statement.name) : undefined;
    if (statement.kind !== 'ClassDef' || type?.shape.is !== 'class' || type.shape.class.def !== statement) return [];
    return functionsIn(statement.body)
      .filter((def) => !registersInClass.test(`.${def.name}(`) && isFactory(def, registersInClass))
      .map((def) => ({ module, def, type }));
  });
  return [...own.map((def) => ({ module, def, type: undefined })), ...methods];
}

function functionsIn(body: readonly Statement[]): readonly FunctionDef[] {
  return body.flatMap((statement) => (statement.kind === 'FunctionDef' ? [statement] : []));
}

function callWithout(interpreter: Interpreter, { module, def, type }: Factory, steps?: number): void {
  const frame = interpreter.frameOf(module);
  interpreter.begin(interpreter.state, undefined, undefined);
  if (steps !== undefined) interpreter.allow(steps);
  const none: Arguments = { args: [], keywords: new Map(), rest: undefined };
  const made = type && interpreter.call(type, none, def, frame);
  if (made && def.name === '__init__') return;
  const method = made && interpreter.attribute(made, def.name, def, frame);
  interpreter.call(method ?? functionValue(def, module.scope), none, def, frame);
}

/** What is stored is seen early in a function, or not at all. */
const stepsOfOthers = 2000;

/** Functions like `seed()` are called once, with nothing, for the fields that they store. */
function otherTraces(interpreter: Interpreter, module: SourceModule, routes: readonly Route[]): readonly Trace[] {
  const views = new Set(routes.map(({ place }) => place));
  return functionsIn(module.file.module.body).flatMap((def) => {
    if (views.has(def) || !/insert_|put_item|\.add|create|save\(/.test(module.file.text.slice(def.start, def.end))) return [];
    quietly(() => callWithout(interpreter, { module, def, type: undefined }, stepsOfOthers));
    const { trace } = interpreter;
    interpreter.trace = newTrace();
    return trace.accesses.length > 0 ? [trace] : [];
  });
}

function quietly(body: () => void): void {
  try {
    body();
  } catch {
    // What cannot be followed here costs the names of some fields, and nothing else.
  }
}
