import type { Place, Statement } from '../python/syntax.ts';
import { recordAccess } from './accessing.ts';
import { callBuiltin } from './builtins.ts';
import { testsPassword } from './credentials.ts';
import { decoratedByName } from './decorators.ts';
import type { Callee, Frame, Machine } from './machine.ts';
import { isException, libraryBases, memberOf } from './classes.ts';
import { noteHanded } from './handed.ts';
import { entryOf, instance } from './members.ts';
import { callMethod } from './methods.ts';
import { permissionTest } from './permissions.ts';
import { withRole } from './role-names.ts';
import {
  derivedFrom,
  join,
  labelsOf,
  opaque,
  testValue,
  withLabels,
  type Arguments,
  type Code,
  type Labels,
  type PythonClass,
  type Value,
} from './value.ts';

export function argumentValues({ args, keywords, rest }: Arguments): readonly Value[] {
  return [...args, ...keywords.values(), ...(rest ? [rest] : [])];
}

/** Calls whatever it is: code of the project, something of a library that is known, or something that is not. */
export function callValue(machine: Machine, value: Value, args: Arguments, at: Place, frame: Frame): Value {
  const { shape } = value;
  switch (shape.is) {
    case 'either':
      return join(shape.options.map((option) => machine.call(withLabels(option, labelsOf([option, value])), args, at, frame)));
    case 'function': {
      const code = machine.current(shape.code);
      if (shape.by) machine.add(shape.by);
      for (const library of machine.libraries) {
        const known = library.function?.(machine, code, args, at, frame);
        if (known) return known;
      }
      if (shape.self?.shape.is === 'class') {
        for (const library of machine.libraries) {
          const known = library.method?.(machine, code, shape.self.shape.class, args, at, frame);
          if (known) return known;
        }
      }
      if (isStub(code)) {
        const found = lookUp(machine, code.name, code.name, args, at, frame);
        if (found) return found;
      }
      return callBehind(machine, shape, code, handedOver(shape, args), frame);
    }
    case 'class':
      return machine.construct(shape.class, args, at, frame);
    case 'instance': {
      const callable = memberOf(shape.class, '__call__', value);
      return callable ? machine.call(callable, args, at, frame) : opaque(derivedFrom(labelsOf([value, ...argumentValues(args)])));
    }
    case 'query':
      // `Model.select()`, `Document.objects(owner=me)`: the attribute is the query, and calling it narrows it.
      return callKnown(machine, { path: '?.__call__', name: '__call__', value, receiver: value }, args, at, frame) ?? value;
    case 'outcome':
      return value;
    case 'stored':
      return callStored(machine, value, shape, args, at, frame);
    case 'symbol':
      return callSymbol(machine, value, shape, args, at, frame);
    default:
      return opaque(derivedFrom(labelsOf([value, ...argumentValues(args)])));
  }
}

/** The arguments, and what decorators add to them. */
function handedOver({ given, named }: Extract<Value['shape'], { is: 'function' }>, args: Arguments): Arguments {
  if (!given && !named) return args;
  return { ...args, args: [...args.args, ...(given ?? [])], keywords: new Map([...(named ?? []), ...args.keywords]) };
}

/** A function, or the wrapper around one: the name of that one says what it is asked for. */
function callBehind(
  machine: Machine,
  shape: Extract<Value['shape'], { is: 'function' }>,
  code: Code,
  args: Arguments,
  frame: Frame,
): Value {
  const before = machine.trace.moments.length;
  const value = machine.callFunction(code, args, frame, shape.self);
  return shape.origin && shape.origin !== shape.code && !frame.isDead
    ? withRole(machine, shape.origin, args, shape.self, before, value)
    : value;
}

/** `row.method()`: the method of a model if its class has one, else of whatever was stored. */
function callStored(
  machine: Machine,
  value: Value,
  shape: Extract<Value['shape'], { is: 'stored' }>,
  args: Arguments,
  at: Place,
  frame: Frame,
): Value {
  const { field: name, entity } = shape;
  // `cursor.fetchall()`
  if (name === '') return value;
  const receiver: Value = { labels: value.labels, shape: { ...shape, part: shape.part === 'many' ? 'many' : 'whole', field: '' } };
  const known = entity && memberOf(entity, name, receiver);
  if (known?.shape.is === 'function') return machine.call(known, args, at, frame);
  return (
    callKnown(machine, { path: `?.${name}`, name, value, receiver }, args, at, frame) ??
    opaque(derivedFrom(labelsOf([value, ...argumentValues(args)])))
  );
}

function callSymbol(
  machine: Machine,
  value: Value,
  { path, receiver }: Extract<Value['shape'], { is: 'symbol' }>,
  args: Arguments,
  at: Place,
  frame: Frame,
): Value {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const known = callKnown(machine, { path, name, value, receiver }, args, at, frame);
  if (known) return known;
  const decorated = decoratedByName(path, args);
  if (decorated) return decorated;
  const opaqueLookup = lookUp(machine, path, name, args, at, frame);
  if (opaqueLookup) return opaqueLookup;
  noteHanded(machine, { path, name, value, receiver }, args, at, frame);
  const labels = labelsAfter(machine, path, name, value, args);
  if (validates.test(name) && argumentValues(args).some((arg) => arg.labels.has('R'))) machine.add(['pruned']);
  if (testsPassword(name, machine.text(at, frame.file))) machine.trace.moments.push({ is: 'password-test', site: machine.site(at, frame) });
  const shape = { is: 'symbol', path: `${path}()`, call: args, receiver, site: machine.next() } as const;
  const permission = permissionTest(path, args, receiver);
  if (permission) return permission;
  if (!isPredicate(name) || labels.size === 0 || isMethodOfData(path)) return { labels, shape };
  const test = testValue({ is: 'predicate', name, args: [...(receiver ? [receiver] : []), ...argumentValues(args)] });
  // What `check_token(header)` says may be kept as who the caller is.
  return isOfCredential(name, args) ? withLabels(test, new Set(['I'])) : { ...test, labels: new Set() };
}

/** True for a function that may answer with whose credential it is, or with nobody. */
function isOfCredential(name: string, args: Arguments): boolean {
  const origins = [...labelsOf(argumentValues(args))].filter((label) => !label.startsWith('@'));
  return (
    /^(?:check|verify|validate|require)_\w*(?:token|key|auth\w*|jwt|credentials?|session|bearer|user|login)$/i.test(name) &&
    origins.join() === 'K'
  );
}

function callKnown(machine: Machine, callee: Callee, args: Arguments, at: Place, frame: Frame): Value | undefined {
  for (const library of machine.libraries) {
    const known = library.call?.(machine, callee, args, at, frame);
    if (known) return known;
  }
  if (callee.receiver) {
    const known = callMethod(machine, callee.receiver, callee.name, args, at, frame);
    if (known) return known;
  }
  return callBuiltin(machine, callee, args, at, frame);
}

function isPredicate(name: string): boolean {
  return /^(?:(?:is|has|can|may|check|verify|owns|allows?|belongs|validate|assert|ensure|require|compare)_\w+|user_(?!from|by|for|of|id)\w+|checkpw|accessible|permitted|authorized|verify|owns|match|fullmatch|search)$/i.test(
    name,
  );
}

/** A method of text or of a mapping, rather than a function of the project. */
function isMethodOfData(path: string): boolean {
  return path.startsWith('?.is');
}

/** A function whose body is still to be written. */
function isStub({ body }: Code): boolean {
  return (
    Array.isArray(body) &&
    body.every((statement: Statement) => statement.kind === 'Pass' || (statement.kind === 'Expr' && statement.value?.kind === 'Constant'))
  );
}

const identityName =
  /(?:current|authenticated|logged_?in|authed|session|request(?:ing)?|caller|my)_?(?:user|identity|principal|account|tenant|member|customer|subject|org\w*)|^(?:user|identity)_from_(?:token|request|session|jwt)/i;
const principalName = /^(?:get|find|fetch|load|look_?up|resolve|decode|verify|authenticate|validate|parse)_?\w*$/i;

const isRequest = /^(?:requests|httpx|aiohttp)\b.*\.(?:get|post|put|request|send)$/;
/** Functions that hold a body against a schema. */
const validates = /^(?:validate|validate_\w*(?:json|body|payload|schema|request)|iter_errors|is_valid|best_match)$/;

/** Origins of what a function returns that cannot be looked into: of all that it is given. */
function labelsAfter(machine: Machine, path: string, name: string, value: Value, args: Arguments): Labels {
  const labels = derivedFrom(labelsOf([value, ...argumentValues(args)]));
  if (identityName.test(name) && ![...labels].some((label) => label.startsWith('C:') || label === 'R')) return new Set(['I']);
  const isOwnFunction = !path.startsWith('?') && !/^(?:hashlib|hmac|base64|re|str|bytes|json)\b/.test(path);
  // Who a key belongs to is the caller, when a function or another server was asked for it.
  if (labels.has('K') && (isRequest.test(path) || (isOwnFunction && principalName.test(name)))) {
    machine.add(['caller']);
    return new Set(['I']);
  }
  return labels;
}

const lookUpName =
  /^(?:get|find|fetch|load|look_?up|query|read|select|retrieve)_(?!.*(?:json|header|arg|param|form|config|logger|locale|url|path|time|token|data\b))\w+$|_(?:from_db|by_id)$/;

/** A function of the project that is not there to be read, asked for something by an id of the client's. */
function lookUp(machine: Machine, path: string, name: string, args: Arguments, at: Place, frame: Frame): Value | undefined {
  const values = argumentValues(args);
  const isLibrary = path.startsWith('?.') || /^(?:flask|werkzeug|requests|os|re|json|sqlalchemy)\b/.test(path);
  if (isLibrary || !lookUpName.test(name) || !values.some((value) => [...value.labels].some((label) => label.startsWith('C:'))))
    return undefined;
  const resource = name.replace(/^[a-z]+_/, '').replace(/_?(?:from_db|by_\w+)$/, '');
  const conditions = [...args.args.map((value) => ['id', value] as const), ...args.keywords].map(
    ([field, value]) => ({ is: 'field', entity: undefined, field, binds: true, value }) as const,
  );
  const access = {
    library: 'a function that is not in the source',
    resource: resource === '' ? name : resource,
    entity: undefined,
    verb: 'read',
    conditions,
    projection: undefined,
    data: undefined,
    index: undefined,
    joined: [],
    isGuess: true,
  } as const;
  return recordAccess(machine, access, 'one', undefined, at, frame);
}

/** A call of a class: dataclasses and plain objects keep their fields. */
export function constructInstance(machine: Machine, type: PythonClass, args: Arguments, at: Place, frame: Frame): Value {
  for (const library of machine.libraries) {
    const known = library.construct?.(machine, type, args, at, frame);
    if (known) return known;
  }
  const id = machine.next();
  // What an exception keeps of why it was raised is of no use to anybody here.
  if (isException(type)) return { ...instance(type, id), labels: labelsOf(argumentValues(args)) };
  const self = instance(type, id, libraryBases(type).length > 0 ? args : undefined);
  const initial = memberOf(type, '__init__', self);
  if (initial?.shape.is === 'function') {
    machine.call(initial, args, at, frame);
  } else {
    for (const [position, name] of type.fields.entries()) {
      const value = args.keywords.get(name) ?? args.args[position] ?? (args.rest && entryOf(args.rest, name));
      if (value) machine.state.attributes.set(`#${id}.${name}`, value);
    }
  }
  return { ...self, labels: labelsOf(argumentValues(args)) };
}
