import { moduleFile, moduleValue, type Modules, type SourceModule } from '../project/modules.ts';
import type { Expression, Place } from '../python/syntax.ts';
import type { Site, Use } from './access.ts';
import { assignmentOf } from './assignment.ts';
import { Bindings } from './bindings.ts';
import { callValue, constructInstance } from './calls.ts';
import { decorateValue } from './decorators.ts';
import { credentialTests, verifiesCredential } from './credentials.ts';
import { firstEdition, type Edition } from './edition.ts';
import { evaluateExpression } from './expressions.ts';
import { factsOf, withTies } from './facts.ts';
import { callFunction } from './functions.ts';
import { noteInput } from './inputs.ts';
import type { Frame, Library, Machine, Refusal, State, Trace } from './machine.ts';
import { attributeOf, elementsOf, keptAt, pathOf, subscriptOf, withEntry } from './members.ts';
import { changedBy } from './methods.ts';
import { Memory } from './remembered.ts';
import { respond, statusOf } from './responses.ts';
import { keptNames, markDictionaries } from '../stores/mark-dictionaries.ts';
import { runStatements } from './statements.ts';
import { symbol, unknown, type Code, type Scope, type Value } from './value.ts';

/** Steps that one route may take before the rest of it is left unread. */
const mostSteps = 20_000;

const nothing: Refusal = { missing: [], foreign: [], own: [], role: false };

/** An interpreter with what may be set for each route. */
export interface Interpreter extends Machine {
  state: State;
  trace: Trace;
  memory: Memory | undefined;
  /** What has changed since the modules were loaded. */
  edition: Edition;
  /** Each module by its file, when it began to be loaded and when that was done. */
  readonly loads: string[];
  /** Starts a route, from what holds in `state`. */
  readonly begin: (state: State, view: Code | undefined, pathRecord: Value | undefined) => void;
  /** Leaves no more than so many steps to what was begun. */
  readonly allow: (steps: number) => void;
  readonly isSpent: () => boolean;
  readonly load: (module: SourceModule) => void;
  readonly frameOf: (module: SourceModule) => Frame;
}

export function newTrace(): Trace {
  return { accesses: [], twins: new Map(), uses: [], moments: [], entries: [], entered: new Set() };
}

export function createInterpreter(modules: Modules, libraries: readonly Library[]): Interpreter {
  const kept = keptNames(modules.all.map(({ file }) => file.text));
  let counter = 0;
  let steps = 0;
  let view: Code | undefined;
  let pathRecord: Value | undefined;
  let reason = nothing;
  const stack: Code[] = [];
  const calls: Site[] = [];
  const machine: Interpreter = {
    state: { facts: new Set(), attributes: new Bindings() },
    trace: newTrace(),
    memory: undefined,
    edition: firstEdition(),
    loads: [],
    libraries,
    begin(state, code, record) {
      machine.state = state;
      machine.trace = newTrace();
      steps = 0;
      view = code;
      machine.memory = code ? new Memory() : undefined;
      pathRecord = record;
      reason = nothing;
      stack.length = 0;
      calls.length = 0;
    },
    allow(most) {
      steps = Math.max(steps, mostSteps - most);
    },
    isSpent: () => steps > mostSteps,
    spend: () => (steps += 1) > mostSteps,
    next: () => (counter += 1),
    isView: (code) => code === view,
    isPathRecord: ({ shape }) => {
      const variables = pathRecord?.shape.is === 'record' ? pathRecord.shape.entries : undefined;
      return shape.is === 'record' && variables !== undefined && variables.size > 0 && isSameEntries(shape.entries, variables);
    },
    evaluate(expression, frame) {
      if (frame.isDead || machine.spend()) return unknown;
      const value = evaluateExpression(machine, expression, frame);
      keepChange(expression, value, frame);
      return value;
    },
    run: (statements, frame) => runStatements(machine, statements, frame),
    call(callee, args, at, frame) {
      if (callee.shape.is !== 'function') return callValue(machine, callee, args, at, frame);
      calls.push({ file: frame.file, function: frame.name, place: at, depth: frame.depth, callers: [] });
      const value = callValue(machine, callee, args, at, frame);
      calls.pop();
      return value;
    },
    current(code) {
      machine.trace.entered.add(machine.edition.origin(code.place));
      return machine.edition.current(code);
    },
    callFunction: (code, args, frame, self) => callFunction(machine, stack, code, args, frame, self),
    construct: (type, args, at, frame) => constructInstance(machine, type, args, at, frame),
    attribute(value, name, at, frame) {
      const file = moduleFile(value);
      return file === undefined ? attributeOf(machine, value, name, at, frame) : fromModule(file, name);
    },
    subscript(value, index, at, frame) {
      noteInput(machine, value, index, at, frame);
      return subscriptOf(machine, value, index, at, frame);
    },
    setAttribute(holder, name, value, at, frame) {
      if (holder.shape.is === 'instance') machine.state.attributes.set(`#${holder.shape.id}.${name}`, value);
      else if (holder.shape.is === 'stored') noteUse(holder, 'update', name, value, at, frame);
      else if (holder.shape.is === 'either')
        for (const option of holder.shape.options) machine.setAttribute(option, name, value, at, frame);
      else keepAttribute(holder, name, value);
    },
    setEntry(holder, index, value, at, frame) {
      const key = index.shape.is === 'constant' ? String(index.shape.value) : '*';
      if (holder.shape.is === 'either') for (const option of holder.shape.options) machine.setEntry(option, index, value, at, frame);
      if (holder.shape.is === 'symbol' || holder.shape.is === 'stored') {
        const known = machine.libraries.some((library) => library.setEntry?.(machine, holder, index, value, at, frame) === true);
        if (!known && key !== '*') keepAttribute(holder, key, value);
      }
      return withEntry(holder, index, value);
    },
    elements: elementsOf,
    decorate: (value, decorators, frame) => decorateValue(machine, value, decorators, frame),
    learn: (test, outcome) => factsOf(test, outcome, machine.state.facts, machine.trace.accesses),
    add(facts) {
      if (facts.every((fact) => machine.state.facts.has(fact))) return;
      machine.state.facts = withTies(new Set([...machine.state.facts, ...facts]), machine.trace.accesses);
    },
    respond(value, at, frame) {
      const status = statusOf(value);
      if (status !== undefined && status >= 400)
        machine.trace.moments.push({
          is: 'refusal',
          status,
          text: machine.text(at, frame.file),
          why: reason,
          site: machine.site(at, frame),
        });
      return respond(machine, value, at, frame);
    },
    refuse(how, at, frame) {
      machine.trace.moments.push({
        is: 'refusal',
        status: statusOf(how),
        text: machine.text(at, frame.file),
        why: reason,
        site: machine.site(at, frame),
      });
      frame.isDead = true;
    },
    noteTest(test, at, frame) {
      if (verifiesCredential(test)) machine.trace.moments.push({ is: 'key-verified', site: machine.site(at, frame) });
      for (const label of credentialTests(test)) machine.trace.moments.push({ is: 'key-test', label, site: machine.site(at, frame) });
    },
    within(inner, body) {
      const outer = reason;
      reason = inner;
      body();
      reason = outer;
    },
    noteAssignment: (holder, key, value, at, frame) => assignmentOf(machine, holder, key, value, at, frame),
    nameOf: (value) => pathOf(value),
    site: (place, frame) => ({ file: frame.file, function: frame.name, place, depth: frame.depth, callers: [...calls] }),
    text: (place, file) => (machine.edition.texts.get(file) ?? modules.byFile.get(file)?.file.text)?.slice(place.start, place.end) ?? '',
    lookup(name, scope) {
      for (let each: Scope | undefined = scope; each; each = each.parent) {
        if (each.isClass === true && each !== scope) continue;
        const value = each.vars.get(name);
        if (value) return value;
      }
      return machine.edition.names.get(scope.file)?.get(name);
    },
    named(path) {
      const labels = libraries.flatMap((library) => [...(library.labels?.(path) ?? [])]);
      return symbol(path, new Set(labels));
    },
    importModule(path, level, from) {
      const module = modules.find(path, level, from);
      if (module) machine.load(module);
      return module ? moduleValue(module) : symbol(path === '' ? '?' : path);
    },
    importName(source, name, path, level, from) {
      const inner = modules.find(path === '' ? name : `${path}.${name}`, level, from);
      const file = moduleFile(source);
      const value = file === undefined ? undefined : nameIn(file, name);
      if (value) return value;
      if (inner) {
        machine.load(inner);
        return moduleValue(inner);
      }
      // A name that its module does not define yet, in a circle of imports, is looked up when it is used.
      return machine.named(`${path === '' ? '?' : path}.${name}`);
    },
    exportsOf(source) {
      const file = moduleFile(source);
      return file === undefined ? [] : (modules.byFile.get(file)?.scope.vars ?? []);
    },
    frameOf: (module) => ({
      name: '<module>',
      file: module.file.path,
      scope: module.scope,
      depth: 0,
      isView: false,
      isDead: false,
      returns: [],
      yields: [],
      skips: 0,
      breaks: [],
      tries: 0,
    }),
    load(module) {
      if (module.state !== 'new') return;
      module.state = 'running';
      machine.loads.push(module.file.path);
      const before = steps;
      steps = 0;
      const frame = machine.frameOf(module);
      machine.run(module.file.module.body, frame);
      steps = before;
      markDictionaries(module.scope.vars, kept);
      markDictionaries(machine.state.attributes, kept, 1);
      module.state = 'done';
      machine.loads.push(module.file.path);
    },
  };

  function fromModule(file: string, name: string): Value {
    return nameIn(file, name) ?? importedFrom(modules.byFile.get(file), name);
  }

  function nameIn(file: string, name: string): Value | undefined {
    return modules.byFile.get(file)?.scope.vars.get(name) ?? machine.edition.names.get(file)?.get(name);
  }

  function importedFrom(found: SourceModule | undefined, name: string): Value {
    const inner = found && modules.find(`${found.name}.${name}`, 0, found.file.path);
    if (!inner) return symbol(`${found?.name ?? '?'}.${name}`);
    machine.load(inner);
    return moduleValue(inner);
  }

  function noteUse(holder: Value, kind: Use['kind'], field: string, value: Value, at: Place, frame: Frame): void {
    if (holder.shape.is !== 'stored') return;
    machine.trace.uses.push({
      kind,
      access: holder.shape.access,
      field,
      value,
      site: machine.site(at, frame),
      facts: machine.state.facts,
    });
  }

  /** Attributes of things without a name are not kept: another thing without a name would have them, too. */
  function keepAttribute(holder: Value, name: string, value: Value): void {
    const path = pathOf(holder);
    if (!path.startsWith('?')) machine.state.attributes.set(keptAt(path, name), value);
  }

  /** `data.update(more)` changes the variable that it is called on. */
  function keepChange(expression: Expression, value: Value, frame: Frame): void {
    if (expression.kind !== 'Call' || expression.callee.kind !== 'Attribute' || !changedBy(expression.callee.name)) return;
    const target = expression.callee.value;
    if (target.kind !== 'Name' || (value.shape.is !== 'record' && value.shape.is !== 'sequence')) return;
    if (frame.scope.vars.has(target.name)) frame.scope.vars.set(target.name, value);
  }

  return machine;
}

function isSameEntries(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}
