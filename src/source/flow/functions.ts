import type { Parameter } from '../python/syntax.ts';
import { Bindings } from './bindings.ts';
import { intersection } from './intersection.ts';
import { isIdentityParameter } from './expressions.ts';
import { keepGuards, lostFacts } from './guarded.ts';
import { holdsInstance, isSelfContained, keyOfCall } from './remembered.ts';
import { withRole } from './role-names.ts';
import { factsWhen, tupleOf } from './tuples.ts';
import { caller, entryOf } from './members.ts';
import type { Frame, Machine, Returned } from './machine.ts';
import {
  join,
  labelsOf,
  noLabels,
  none,
  opaque,
  record,
  sequence,
  unknown,
  type Arguments,
  type Code,
  type Scope,
  type Value,
} from './value.ts';

const deepestCall = 12;

/**
 * Evaluates the body of a function with what it is called with. A function that calls itself, or stands too deep, returns
 * something with the origins of all of its arguments.
 */
export function callFunction(machine: Machine, stack: Code[], code: Code, args: Arguments, frame: Frame, self?: Value): Value {
  const isRecursive = stack.includes(code);
  if (isRecursive || stack.length >= deepestCall || machine.spend()) return passedThrough(args);
  const { memory } = machine;
  if (!memory || !isSelfContained(code)) return enter(machine, stack, code, args, frame, self);
  const { attributes, facts: before } = machine.state;
  const key = keyOfCall(code, args, self, frame.tries > 0);
  const known = memory.recall(key, before, attributes, stack.length);
  if (known) {
    machine.add(known.learnt);
    frame.isDead = known.isDead;
    return known.value;
  }
  const { version, ofInstances } = attributes;
  const depth = stack.length;
  const value = enter(machine, stack, code, args, frame, self);
  if (version === attributes.version && (ofInstances === attributes.ofInstances || !holdsInstance(value))) {
    const learnt = [...machine.state.facts].filter((fact) => !before.has(fact));
    memory.keep(key, { value, before, learnt, isDead: frame.isDead, depth, version, ofInstances: attributes.ofInstances });
  }
  return value;
}

function enter(machine: Machine, stack: Code[], code: Code, args: Arguments, frame: Frame, self: Value | undefined): Value {
  const scope: Scope = { vars: bind(machine, code, args, frame, self), parent: code.scope, file: code.file, isLocal: true };
  const inner: Frame = {
    name: code.name,
    file: code.file,
    scope,
    depth: frame.depth + 1,
    isView: machine.isView(code),
    isDead: false,
    returns: [],
    yields: [],
    skips: 0,
    breaks: [],
    tries: frame.tries,
  };
  if (inner.isView) machine.trace.entries.push({ facts: machine.state.facts, accesses: machine.trace.accesses.length });
  stack.push(code);
  try {
    const before = machine.state.facts;
    const moments = machine.trace.moments.length;
    if (isStatements(code.body)) machine.run(code.body, inner);
    else inner.returns.push({ value: machine.evaluate(code.body, inner), facts: machine.state.facts });
    if (!inner.isDead) inner.returns.push({ value: none, facts: machine.state.facts });
    if (inner.returns.length === 0) {
      // Every path ended in an exception: the caller ends here, too.
      machine.state.facts = before;
      frame.isDead = true;
      return unknown;
    }
    const value = withRole(machine, code, args, self, moments, certain(leave(machine, inner.returns), inner.returns));
    return inner.yields.length === 0 ? value : sequence([], join(inner.yields));
  } finally {
    stack.pop();
  }
}

/** A method that says `return False`, and nothing else, settles what is asked of it. */
function certain(value: Value, { length }: readonly Returned[]): Value {
  const isBoolean = value.shape.is === 'constant' && typeof value.shape.value === 'boolean';
  return isBoolean && length === 1 ? { ...value, isGiven: true } : value;
}

function isStatements(body: Code['body']): body is Extract<Code['body'], readonly unknown[]> {
  return Array.isArray(body);
}

/** What holds after a call is what holds at each of its ends; what tells the ends apart goes with the value. */
function leave(machine: Machine, ends: readonly Returned[]): Value {
  const kept = new Set(intersection(ends.map(({ facts }) => facts)));
  machine.state.facts = kept;
  const [only, ...others] = ends;
  if (only && others.length === 0) return only.value;
  const returns = ends.map(({ value, facts }) => ({ value: keepGuards(machine, value, lostFacts(facts, kept)), facts }));
  return (
    tupleOf(machine, returns) ?? {
      ...join(returns.map(({ value }) => value)),
      onTrue: factsWhen(machine, returns, true),
      onFalse: factsWhen(machine, returns, false),
    }
  );
}

function passedThrough({ args, keywords, rest }: Arguments): Value {
  const values = [...args, ...keywords.values(), ...(rest ? [rest] : [])];
  const [only] = args;
  // A function that walks through a document calls itself on the parts of it.
  if (only && values.length === 1) return only;
  return opaque(labelsOf(values));
}

function bind(machine: Machine, code: Code, { args, keywords, rest }: Arguments, frame: Frame, self: Value | undefined): Bindings {
  const vars = new Bindings();
  const positional = self ? [self, ...args] : [...args];
  const named = new Map(keywords);
  for (const parameter of code.parameters) {
    const { name, form } = parameter;
    if (form === 'rest') {
      vars.set(name, sequence(positional.splice(0)));
    } else if (form === 'keywords') {
      const given = record(new Map(named), rest);
      vars.set(name, rest || given.shape.is !== 'record' ? given : { ...given, shape: { ...given.shape, isClosed: true } });
    } else {
      const value = positional.length > 0 ? positional.shift() : named.get(name);
      named.delete(name);
      vars.set(name, given(value ?? missing(machine, parameter, rest, frame)));
    }
  }
  return vars;
}

function given(value: Value): Value {
  return value.shape.is === 'constant' ? { ...value, isGiven: true } : value;
}

function missing(machine: Machine, parameter: Parameter, rest: Value | undefined, frame: Frame): Value {
  if (rest) return entryOf(rest, parameter.name);
  if (parameter.fallback) return machine.evaluate(parameter.fallback, frame);
  return isIdentityParameter(parameter) ? caller : { labels: noLabels, shape: { is: 'unknown' } };
}
