import type { Expression, Generator } from '../python/syntax.ts';
import type { Frame, Machine } from './machine.ts';
import { factsAbout, keepGuards, lostFacts } from './guarded.ts';
import { assign, iterate, testOf } from './assign.ts';
import { Bindings } from './bindings.ts';
import type { Test } from './test.ts';
import { hasClient, isClientLabel, join, labelsOf, opaque, record, sequence, without, type Scope, type Value } from './value.ts';

type Comprehension = Extract<Expression, { kind: 'ListComp' | 'SetComp' | 'GeneratorExp' | 'DictComp' }>;

/** Sequences up to this length are gone through one by one, so that the names in them are known. */
const mostSteps = 40;

/** A comprehension over known names keeps them; over anything else it is evaluated once, for all. */
export function evaluateComprehension(machine: Machine, expression: Comprehension, frame: Frame): Value {
  const scope: Scope = { vars: new Bindings(), parent: frame.scope, file: frame.file };
  const inner: Frame = { ...frame, scope, returns: [] };
  const [first, ...others] = expression.generators;
  if (!first) return opaque(new Set());
  const iterable = iterate(machine, machine.evaluate(first.iterable, frame), first.iterable, frame);
  const before = machine.state.facts;
  const known = others.length === 0 ? knownItems(iterable) : undefined;
  const results = known
    ? known.map((item) => step(machine, expression, first, item, inner))
    : [overAll(machine, expression, first, others, iterable, inner)];
  const learnt = lostFacts(machine.state.facts, before);
  machine.state.facts = before;
  if (results.some(({ isPruned }) => isPruned)) machine.add(['pruned']);
  for (const result of results) result.value = keepGuards(machine, result.value, learnt);
  if (expression.kind !== 'DictComp') {
    const values = results.map(({ value }) => value);
    if (known) return sequence(values);
    const many = manyOf(values[0], iterable) ?? sequence([], values[0]);
    // `[id for id in ids if not may_read(id)]`: where there are none, all of them are allowed.
    return { ...many, onFalse: new Set(factsAbout(iterable, results[0]?.otherwise ?? [])) };
  }
  return recordOf(results);
}

/** `filter(test, rows)`: those of which the test holds. */
export function filtered(machine: Machine, items: Value, ask: (item: Value) => Value): Value {
  const item = machine.elements(items);
  const before = machine.state.facts;
  const test = testOf(ask(item));
  narrow(machine, test);
  machine.add(machine.learn(test, true));
  const kept = keepGuards(machine, item, lostFacts(machine.state.facts, before));
  machine.state.facts = before;
  return manyOf(kept, items) ?? sequence([], kept);
}

/** `[view for row in rows]` without change is `rows`. */
function manyOf(value: Value | undefined, iterable: Value): Value | undefined {
  if (!value || value.shape.is !== 'stored' || iterable.shape.is !== 'stored') return undefined;
  if (value.shape.part !== 'whole' || iterable.shape.access !== value.shape.access) return undefined;
  return { ...iterable, labels: labelsOf([value, iterable]) };
}

interface Result {
  readonly key: Value | undefined;
  value: Value;
  /** What is known of those that were left out. */
  readonly otherwise?: readonly string[];
  /** Some names are left out of a body. */
  readonly isPruned?: boolean;
}

function step(machine: Machine, expression: Comprehension, { target, tests }: Generator, item: Value, frame: Frame): Result {
  assign(machine, target, item, frame);
  for (const test of tests) machine.evaluate(test, frame);
  return resultOf(machine, expression, frame);
}

function resultOf(machine: Machine, expression: Comprehension, frame: Frame): Result {
  if (expression.kind === 'DictComp') {
    return { key: machine.evaluate(expression.key, frame), value: machine.evaluate(expression.value, frame) };
  }
  return { key: undefined, value: machine.evaluate(expression.element, frame) };
}

function overAll(
  machine: Machine,
  expression: Comprehension,
  first: Generator,
  others: readonly Generator[],
  iterable: Value,
  frame: Frame,
): Result {
  let allowed: Value | undefined;
  let otherwise: readonly string[] = [];
  let isPruned = false;
  for (const { target, tests, iterable: source } of [first, ...others]) {
    const items = source === first.iterable ? iterable : machine.evaluate(source, frame);
    assign(machine, target, machine.elements(items), frame);
    for (const written of tests) {
      const test = testOf(machine.evaluate(written, frame));
      otherwise = others.length === 0 && tests.length === 1 ? machine.learn(test, false) : [];
      narrow(machine, test);
      allowed ??= allowList(test);
      isPruned ||= leavesOut(test);
      machine.add(machine.learn(test, true));
    }
  }
  const result = resultOf(machine, expression, frame);
  return allowed ? { key: allowed, value: listed(result.value) } : { ...result, otherwise, isPruned };
}

/** `if name not in FIXED`, for a name that the client chose. */
function leavesOut(test: Test): boolean {
  if (test.is === 'all') return test.tests.some(leavesOut);
  return test.is === 'compare' && test.operator === 'not in' && test.left.labels.has('R') && !hasClient(test.right);
}

/** Names that are in a list are no longer any name that the client likes. */
function listed(value: Value): Value {
  const kept = without(value, (label) => label === 'R');
  return kept === value ? value : { ...kept, labels: new Set([...kept.labels, 'C:*']) };
}

/** The names in `if name in NAMES`, for a name that the client chose. */
function allowList(test: Test): Value | undefined {
  if (test.is === 'all') return test.tests.map(allowList).find((each) => each !== undefined);
  if (test.is !== 'compare' || test.operator !== 'in') return undefined;
  return test.left.labels.has('R') && !test.right.labels.has('R') ? test.right : undefined;
}

/** `if row.owner == x` filters what was loaded: as good, or as bad, as a condition of the query. */
export function narrow(machine: Machine, test: Test): void {
  if (test.is === 'all') for (const each of test.tests) narrow(machine, each);
  // What a function said of the row: `filter(lambda row: row.owner == me, rows)`.
  if (test.is === 'truth' && test.value.shape.is === 'test') narrow(machine, test.value.shape.test);
  if (test.is !== 'compare' || (test.operator !== '==' && test.operator !== 'in')) return;
  for (const [own, other] of [
    [test.left, test.right],
    [test.right, test.left],
  ] as const) {
    if (own.shape.is !== 'stored' || own.shape.part !== 'field' || other === undefined || own.labels.has('I')) continue;
    const { access: number, field } = own.shape;
    const access = machine.trace.accesses[number];
    if (!access || access.conditions.length > 3 || other.labels.size === 0) continue;
    const condition = { is: 'field', entity: undefined, field, binds: true, value: other } as const;
    machine.trace.accesses[number] = { ...access, conditions: [...access.conditions, condition] };
  }
}

function knownItems(iterable: Value): readonly Value[] | undefined {
  const { shape } = iterable;
  if (
    shape.is === 'sequence' &&
    !shape.each &&
    shape.items.length <= mostSteps &&
    shape.items.every((item) => item.shape.is === 'constant')
  ) {
    return shape.items;
  }
  return undefined;
}

function recordOf(results: readonly Result[]): Value {
  const entries = new Map<string, Value>();
  let rest: Value | undefined;
  for (const { key, value } of results) {
    const names = key?.shape.is === 'sequence' ? key.shape.items : [key];
    for (const name of names) {
      if (name?.shape.is === 'constant') entries.set(String(name.shape.value), value);
      else rest = wholeOf(name, value);
    }
    if (names.length === 0) rest = value;
  }
  return record(entries, rest);
}

/** `{name: value for name, value in row.items()}` is the row. */
function wholeOf(name: Value | undefined, value: Value): Value {
  const isFromClient = name !== undefined && [...name.labels].some(isClientLabel);
  return isFromClient ? { ...value, labels: labelsOf([value, name]) } : join([value]);
}
