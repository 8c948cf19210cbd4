import type { Expression, Parameter } from '../python/syntax.ts';
import { relate } from './facts.ts';
import { evaluateComprehension } from './comprehension.ts';
import { countTest } from './counts.ts';
import { decided } from './decided.ts';
import { keepGuards, lostFacts } from './guarded.ts';
import type { Frame, Machine, Returned } from './machine.ts';
import { testOf } from './assign.ts';
import { refusalOf } from './branching.ts';
import { labelsUnder } from './members.ts';
import { negate, type Test } from './test.ts';
import { concatenate, interpolated } from './text.ts';
import { factsWhen } from './tuples.ts';
import {
  constant,
  derivedFrom,
  hasClient,
  join,
  labelsOf,
  noLabels,
  opaque,
  record,
  sequence,
  testValue,
  textOf,
  unknown,
  type Arguments,
  type Code,
  type Value,
} from './value.ts';

/** What an expression stands for, and what evaluating it does. */
export function evaluateExpression(machine: Machine, expression: Expression, frame: Frame): Value {
  const evaluate = (inner: Expression): Value => machine.evaluate(inner, frame);
  switch (expression.kind) {
    case 'Constant':
      return constant(expression.value);
    case 'Name':
      return asCaller(expression.name, machine.lookup(expression.name, frame.scope) ?? machine.named(expression.name));
    case 'JoinedStr':
      return concatenate(
        machine,
        expression.parts.map((part) => (typeof part === 'string' ? constant(part) : evaluate(part))),
      );
    case 'Attribute':
      return machine.attribute(evaluate(expression.value), expression.name, expression, frame);
    case 'Subscript':
      return machine.subscript(evaluate(expression.value), evaluate(expression.index), expression, frame);
    case 'Call':
      return machine.call(evaluate(expression.callee), argumentsOf(machine, expression, frame), expression, frame);
    case 'BinOp':
      return evaluateOperation(machine, expression.operator, evaluate(expression.left), evaluate(expression.right));
    case 'BoolOp':
      return evaluateBoolean(machine, expression, frame);
    case 'UnaryOp': {
      const operand = evaluate(expression.operand);
      return expression.operator === 'not' || operand.shape.is === 'test' ? testValue(negate(testOf(operand))) : operand;
    }
    case 'Compare':
      return evaluateCompare(machine, expression, frame);
    case 'IfExp': {
      const test = testOf(evaluate(expression.test));
      return frame.isDead ? unknown : either(machine, branches(machine, test, frame, [expression.body, expression.otherwise]));
    }
    case 'Lambda': {
      const code: Code = {
        name: '<lambda>',
        parameters: expression.parameters,
        body: expression.body,
        place: expression,
        scope: frame.scope,
        file: frame.file,
      };
      return { labels: noLabels, shape: { is: 'function', code, self: undefined } };
    }
    case 'Dict':
      return evaluateDict(expression, evaluate);
    case 'List':
    case 'Tuple':
    case 'Set':
      return evaluateSequence(machine, expression.items, evaluate);
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
    case 'DictComp':
      return evaluateComprehension(machine, expression, frame);
    case 'NamedExpr': {
      const value = evaluate(expression.value);
      if (expression.target.kind === 'Name') frame.scope.vars.set(expression.target.name, value);
      return value;
    }
    case 'Starred':
      return evaluate(expression.value);
    case 'Await':
      return expression.value ? evaluate(expression.value) : unknown;
    case 'Yield':
      if (expression.value) frame.yields.push(evaluate(expression.value));
      return unknown;
    case 'Slice':
      return constant('[:]');
    case 'Unknown':
      return opaque(labelsOf(expression.children.map(evaluate)));
  }
}

function argumentsOf(machine: Machine, { args, keywords }: Extract<Expression, { kind: 'Call' }>, frame: Frame): Arguments {
  const positional: Value[] = [];
  for (const arg of args) {
    const value = machine.evaluate(arg, frame);
    if (arg.kind === 'Starred' && value.shape.is === 'sequence') {
      positional.push(...value.shape.items, ...(value.shape.each ? [value.shape.each] : []));
    } else {
      positional.push(arg.kind === 'Starred' ? machine.elements(value) : value);
    }
  }
  const named = new Map<string, Value>();
  let rest: Value | undefined;
  for (const keyword of keywords) {
    const value = machine.evaluate(keyword.value, frame);
    if (keyword.name !== undefined) {
      named.set(keyword.name, value);
    } else if (value.shape.is === 'record') {
      for (const [name, entry] of value.shape.entries) named.set(name, entry);
      rest = value.shape.rest ?? rest;
    } else {
      rest = value;
    }
  }
  return { args: positional, keywords: named, rest };
}

function evaluateDict(expression: Extract<Expression, { kind: 'Dict' }>, evaluate: (inner: Expression) => Value): Value {
  const entries = new Map<string, Value>();
  const rests: Value[] = [];
  for (const { key, value } of expression.items) {
    const evaluated = evaluate(value);
    if (key) {
      const name = evaluate(key);
      const { shape } = name;
      // `update({Row.place: 3})` names a column.
      const text = shape.is === 'constant' ? String(shape.value) : shape.is === 'column' ? shape.field : undefined;
      if (text === undefined) rests.push(opaque(labelsUnder(name, evaluated)));
      else entries.set(text, evaluated);
    } else if (evaluated.shape.is === 'record') {
      for (const [name, entry] of evaluated.shape.entries) entries.set(name, entry);
      if (evaluated.shape.rest) rests.push(evaluated.shape.rest);
    } else {
      rests.push(evaluated);
    }
  }
  return record(entries, rests.length === 0 ? undefined : join(rests));
}

function evaluateSequence(machine: Machine, items: readonly Expression[], evaluate: (inner: Expression) => Value): Value {
  const values: Value[] = [];
  let each: Value | undefined;
  for (const item of items) {
    const value = evaluate(item);
    if (item.kind !== 'Starred') values.push(value);
    else if (value.shape.is === 'sequence' && !value.shape.each) values.push(...value.shape.items);
    else each = machine.elements(value);
  }
  return sequence(values, each);
}

/** `a and b`, `a or b`: as a value one of both, as a test both; the right side is reached only when the left lets it. */
function evaluateBoolean(machine: Machine, expression: Extract<Expression, { kind: 'BoolOp' }>, frame: Frame): Value {
  const left = machine.evaluate(expression.left, frame);
  if (frame.isDead) return unknown;
  const test = testOf(left);
  const [reached] = branches(machine, expression.operator === 'and' ? test : negate(test), frame, [expression.right]);
  // `row or abort(404)`
  if (!reached) return left;
  const right = reached.value;
  const isTest = left.shape.is === 'test' || right.shape.is === 'test';
  const whole: Test = { is: expression.operator === 'and' ? 'all' : 'any', tests: [test, testOf(right)] };
  if (isTest) return { labels: labelsOf([left, right]), shape: { is: 'test', test: whole } };
  const both = join([left, right]);
  if (both.shape.is === 'unknown' && both.labels.size === 0) return testValue(whole);
  return { ...both, onTrue: new Set(machine.learn(whole, true)), onFalse: new Set(machine.learn(whole, false)) };
}

/**
 * Evaluates the first expression where `test` holds and the second where it does not; what they do to the state is forgotten.
 * One that refuses has no value, and whoever goes on went through the other.
 */
function branches(machine: Machine, test: Test, frame: Frame, expressions: readonly [Expression, Expression?]): Returned[] {
  const before = machine.state.facts;
  const ends: Returned[] = [];
  const refused: boolean[] = [];
  for (const outcome of [true, false]) {
    const expression = expressions[outcome ? 0 : 1];
    if (!expression || frame.isDead) continue;
    const learnt = machine.learn(test, outcome);
    machine.state.facts = new Set([...before, ...learnt]);
    machine.within(refusalOf(machine, test, outcome, learnt), () => {
      const value = machine.evaluate(expression, frame);
      if (frame.isDead) refused.push(outcome);
      else ends.push({ value, facts: machine.state.facts });
    });
    frame.isDead = false;
  }
  machine.state.facts = before;
  for (const outcome of refused) machine.add(machine.learn(test, !outcome));
  frame.isDead = refused.length > 1;
  return ends;
}

/** One of two values, each with what holds where it is the one. */
function either(machine: Machine, ends: readonly Returned[]): Value {
  const { facts } = machine.state;
  const kept = ends.map((end) => ({ value: keepGuards(machine, end.value, lostFacts(end.facts, facts)), facts: end.facts }));
  return { ...join(kept.map(({ value }) => value)), onTrue: factsWhen(machine, kept, true), onFalse: factsWhen(machine, kept, false) };
}

const operators: Readonly<Record<string, '==' | '!=' | 'in' | 'not in'>> = {
  '==': '==',
  is: '==',
  '!=': '!=',
  '<>': '!=',
  'is not': '!=',
  in: 'in',
  'not in': 'not in',
};

function evaluateCompare(machine: Machine, expression: Extract<Expression, { kind: 'Compare' }>, frame: Frame): Value {
  const values = expression.operands.map((operand) => machine.evaluate(operand, frame));
  const tests = expression.operators.map((written, index): Test => {
    const [left = unknown, right = unknown] = [values[index], values[index + 1]];
    const text = machine.text(expression, frame.file);
    return (
      countTest(left, written, right) ?? { is: 'compare', operator: operators[written] ?? 'other', left, right, place: expression, text }
    );
  });
  for (const test of tests) if (test.is === 'compare') noteCompare(machine, test, expression, frame);
  const [only] = tests;
  return testValue(only && tests.length === 1 ? only : { is: 'all', tests });
}

function noteCompare(machine: Machine, test: Extract<Test, { is: 'compare' }>, at: Expression, frame: Frame): void {
  const site = machine.site(at, frame);
  const isTelling = (one: Value, other: Value): boolean => one.labels.size > 0 && (other.labels.size > 0 || other.shape.is === 'symbol');
  if (isTelling(test.left, test.right) || isTelling(test.right, test.left)) machine.trace.moments.push({ is: 'compare', test, site });
  const name = textOf(test.left);
  const isIn = test.operator === 'in' || test.operator === 'not in';
  if (name !== undefined && isIn && decided(test) !== undefined && machine.isPathRecord(test.right) && !holds(test.right, name))
    machine.trace.moments.push({ is: 'unbound-keyword', name, isOptional: true, site });
}

function holds({ shape }: Value, name: string): boolean {
  return shape.is === 'record' && shape.entries.has(name);
}

/** `left + right` and the like. */
export function evaluateOperation(machine: Machine, operator: string, left: Value, right: Value): Value {
  // Conditions of a query are joined with these.
  if ((operator === '&' || operator === '|') && (left.shape.is === 'test' || right.shape.is === 'test')) {
    return testValue({ is: operator === '&' ? 'all' : 'any', tests: [testOf(left), testOf(right)] });
  }
  if (operator === '%' && (textOf(left) !== undefined || left.parts)) return interpolated(machine, left, right);
  if (operator === '+' || operator === '%') {
    if (left.shape.is === 'sequence' && right.shape.is === 'sequence') {
      return sequence([...left.shape.items, ...right.shape.items], left.shape.each ?? right.shape.each);
    }
    return concatenate(machine, [left, right]);
  }
  if (operator === '|' && left.shape.is === 'record' && right.shape.is === 'record') {
    return record(new Map([...left.shape.entries, ...right.shape.entries]), right.shape.rest ?? left.shape.rest);
  }
  // `folder / name`
  if (operator === '/' && (isPath(left) || isPath(right))) return concatenate(machine, [left, right]);
  const both = opaque(derivedFrom(labelsOf([left, right])));
  if (operator !== '-' || left.labels.size === 0) return both;
  // `asked - allowed`: where nothing is left of it, all that was asked for is allowed.
  const related = relate([left, right], machine.state.facts, machine.trace.accesses, false);
  const isPruned = left.labels.has('R') && !hasClient(right);
  return { ...both, onFalse: new Set([...related, ...(isPruned ? ['pruned'] : [])]) };
}

function isPath(value: Value): boolean {
  return value.parts !== undefined || textOf(value) !== undefined || (value.shape.is === 'symbol' && /\bPath\(/.test(value.shape.path));
}

/** `current_user = LocalProxy(..)`: a proxy of the app's own, whose name says whom it stands for. */
function asCaller(name: string, value: Value): Value {
  if (
    value.shape.is !== 'symbol' ||
    value.labels.size > 0 ||
    !/^current_(?:user|account|tenant|member|identity|org|organi[sz]ation|company|workspace|team)$/.test(name)
  )
    return value;
  return { ...value, labels: new Set(['I']) };
}

/** Name of a parameter that a framework fills with the caller. */
export function isIdentityParameter({ name }: Parameter): boolean {
  return /^(?:current_?|auth\w*_?|logged_?in_?)?(?:user|account|identity|principal|member|tenant|claims|jwt_payload)(?:_?id)?$/i.test(name);
}
