import { Bindings } from '../flow/bindings.ts';
import { valuesOf } from '../flow/accessing.ts';
import { factsOfName } from '../flow/decorators.ts';
import { isIdentityParameter } from '../flow/expressions.ts';
import type { Interpreter } from '../flow/interpreter.ts';
import type { Frame, Trace } from '../flow/machine.ts';
import { memberOf } from '../flow/classes.ts';
import { instance } from '../flow/members.ts';
import { record, type Arguments, type PythonClass, type Value } from '../flow/value.ts';
import { endpointOf, noteAsked } from './asked.ts';
import { variablesOf } from './request-data.ts';
import type { Route } from './routes.ts';

/** A route, and everything that it does. */
export interface Run {
  readonly route: Route;
  readonly trace: Trace;
  /** What held when the view was entered: `caller`, `role`. */
  readonly entry: ReadonlySet<string>;
  /** The caller must be somebody. */
  readonly isAuthenticated: boolean;
  /** A credential is asked for, but nothing is done with it. */
  readonly isKeyOnly: boolean;
  readonly note: string | undefined;
}

const noArguments: Arguments = { args: [], keywords: new Map(), rest: undefined };

/** Goes through the hooks, decorators and view of a route as a request would, with every id chosen by the client. */
export function runRoute(interpreter: Interpreter, route: Route, attributes: Bindings): Run {
  const frame: Frame = {
    name: route.code.name,
    file: route.file,
    scope: { vars: new Bindings(), parent: undefined, file: route.file },
    depth: -1,
    isView: false,
    isDead: false,
    returns: [],
    yields: [],
    skips: 0,
    breaks: [],
    tries: 0,
  };
  const entries = new Map(variablesOf(namesOf(route)));
  const variables = record(entries);
  interpreter.begin({ facts: new Set(), attributes: new Bindings(attributes) }, route.code, variables);
  noteAsked(interpreter.state.attributes, route);
  let note: string | undefined;
  try {
    for (const [name, type] of route.converted) {
      const convert = memberOf(type, 'to_python', instance(type, interpreter.next()));
      const text = entries.get(name);
      if (convert && text) entries.set(name, interpreter.call(convert, { ...noArguments, args: [text] }, route.place, frame));
    }
    for (const hook of route.hooks) {
      const given = hook.seesVariables ? { ...noArguments, args: [endpointOf(route), variables] } : noArguments;
      const outcome = interpreter.call(hook.view, given, route.place, { ...frame, file: hook.file });
      // A hook that returns something ends the request.
      interpreter.add([...(outcome.onFalse ?? [])]);
    }
    callView(interpreter, route, variables, frame);
    if (interpreter.isSpent())
      note = `${route.methods.join(', ')} ${route.path} (${route.code.file}) is too long to be followed to its end.`;
  } catch (error) {
    // A view that defeats the analysis must not hide the others.
    note = `${route.methods.join(', ')} ${route.path} (${route.code.file}) could not be followed: ${error instanceof Error ? error.message : String(error)}.`;
  }
  return judgeEntry(route, interpreter.trace, note);
}

function namesOf({ variables, code, isPartial }: Route): readonly string[] {
  const named = variables.map(({ name }) => name);
  if (!isPartial) return named;
  const others = code.parameters.filter(
    (parameter) => parameter.form === 'plain' && parameter.name !== 'self' && !parameter.fallback && !isIdentityParameter(parameter),
  );
  return [...new Set([...named, ...others.map(({ name }) => name)])];
}

function callView(interpreter: Interpreter, route: Route, variables: Value, frame: Frame): void {
  const keywords = new Map([...route.arguments, ...(variables.shape.is === 'record' ? variables.shape.entries : [])]);
  const args: Arguments = { ...noArguments, keywords };
  const { view, type } = route;
  if (!type) {
    interpreter.call(view, args, route.place, frame);
    return;
  }
  const self = instance(type, interpreter.next());
  const bound: Value = view.shape.is === 'function' ? { ...view, shape: { ...view.shape, self } } : view;
  interpreter.call(classDecorated(interpreter, type, bound, route, frame), args, route.place, frame);
}

/** The method of a class-based view behind the decorators that its class lists. */
function classDecorated(interpreter: Interpreter, type: PythonClass, method: Value, route: Route, frame: Frame): Value {
  let decorated = method;
  for (const name of ['decorators', 'method_decorators']) {
    const list = memberOf(type, name, undefined);
    for (const decorator of list?.shape.is === 'sequence' ? list.shape.items : []) {
      const { shape } = decorator;
      interpreter.add(factsOfName(shape.is === 'function' ? shape.code.name : shape.is === 'symbol' ? shape.path : ''));
      const result = interpreter.call(decorator, { ...noArguments, args: [decorated] }, route.place, frame);
      if (result.shape.is === 'function') decorated = result;
      frame.isDead = false;
    }
  }
  return decorated;
}

function judgeEntry(route: Route, trace: Trace, note: string | undefined): Run {
  const [{ facts: entry, accesses: before } = { facts: new Set<string>(), accesses: 0 }] = trace.entries;
  const { accesses, uses, moments } = trace;
  const own = accesses.slice(before);
  const held = [entry, ...own.map(({ facts }) => facts), ...uses.map(({ facts }) => facts)];
  const usesCaller = own.some(({ conditions }) => valuesOf(conditions).some(({ labels }) => labels.has('I')));
  const isAuthenticated = usesCaller || held.some((facts) => facts.has('caller')) || uses.some(({ value }) => value.labels.has('I'));
  const isVerified = isAuthenticated || moments.some(({ is }) => is === 'key-verified');
  const isKeyOnly = !isVerified && moments.some(({ is }) => is === 'key-test');
  return { route, trace, entry, isAuthenticated, isKeyOnly, note };
}
