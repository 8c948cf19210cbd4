import type { Statement } from '../python/syntax.ts';
import { accessesIn } from './accesses-in.ts';
import { narrow } from './comprehension.ts';
import { decided } from './decided.ts';
import { factsAbout, lostFacts } from './guarded.ts';
import type { Frame, Machine, Refusal } from './machine.ts';
import { meet, meetAfterLoop } from './meeting.ts';
import { assign, iterate, testOf } from './assign.ts';
import { hasClient, none, unknown, type Value } from './value.ts';
import type { Test } from './test.ts';
import { narrowTuples, settled } from './tuples.ts';

/** Runs each branch from the same start, and goes on with what holds on each of those that are not at their end. */
function branch(machine: Machine, frame: Frame, bodies: readonly (() => void)[]): void {
  const { facts } = machine.state;
  const wasDead = frame.isDead;
  const alive = bodies.flatMap((body) => {
    machine.state.facts = facts;
    frame.isDead = wasDead;
    let attributes: ReadonlyMap<string, Value> = new Map();
    const vars = frame.scope.vars.attempt(() => {
      attributes = machine.state.attributes.attempt(body);
    });
    return frame.isDead ? [] : [{ facts: machine.state.facts, attributes, vars }];
  });
  frame.isDead = alive.length === 0;
  if (alive.length > 0) meet(machine, frame, alive);
}

export function runIf(
  machine: Machine,
  { test: written, body, otherwise }: Extract<Statement, { kind: 'If' | 'While' }>,
  frame: Frame,
): void {
  const test = testOf(machine.evaluate(written, frame));
  if (frame.isDead) return;
  machine.noteTest(test, written, frame);
  const side = (statements: readonly Statement[], outcome: boolean): void => {
    const learnt = machine.learn(test, outcome);
    machine.add(learnt);
    if (outcome) {
      narrowNames(test, frame);
      narrowMembers(machine, test);
    }
    narrowTuples(machine, test, outcome, frame);
    forgetEmpty(test, outcome, frame);
    machine.within(refusalOf(machine, test, outcome, learnt), () => machine.run(statements, frame));
  };
  const outcome = decided(test);
  branch(machine, frame, [
    ...(outcome === false ? [] : [() => side(body, true)]),
    ...(outcome === true ? [] : [() => side(otherwise, false)]),
  ]);
}

/** `for row in rows: if row.id == id:` is as good as a query by that id. */
function narrowMembers(machine: Machine, test: Test): void {
  if (test.is === 'all') for (const each of test.tests) narrowMembers(machine, each);
  if (test.is !== 'compare') return;
  const [row, id] = test.left.shape.is === 'stored' ? [test.left, test.right] : [test.right, test.left];
  const isOfList = row.shape.is === 'stored' && machine.trace.accesses[row.shape.access]?.verb === 'list';
  if (isOfList && hasClient(id) && !id.labels.has('I')) narrow(machine, test);
}

/** `if name in NAMES:` makes a name of the client's one of ours. */
function narrowNames(test: Test, frame: Frame): void {
  if (test.is === 'all') for (const each of test.tests) narrowNames(each, frame);
  if (test.is !== 'compare' || test.operator !== 'in' || !test.left.labels.has('R') || test.right.labels.has('R')) return;
  for (const [name, value] of frame.scope.vars) {
    if (value !== test.left) continue;
    frame.scope.vars.set(name, { ...value, labels: new Set([...value.labels].map((label) => (label === 'R' ? 'C:*' : label))) });
  }
}

/** What is empty names nothing: `if not owner: owner = me`. */
function forgetEmpty(test: Test, outcome: boolean, frame: Frame): void {
  for (const { value, isTrue } of settled(test, outcome)) {
    if (isTrue || value.labels.size === 0 || (value.shape.is !== 'unknown' && value.shape.is !== 'stored')) continue;
    for (const [name, held] of frame.scope.vars) if (held === value) frame.scope.vars.set(name, none);
  }
}

/** What it means when the branch that is taken on `outcome` refuses. */
export function refusalOf(machine: Machine, test: Test, outcome: boolean, learnt: readonly string[]): Refusal {
  const missing = accessesIn(test, outcome);
  const otherwise = machine.learn(test, !outcome);
  const numbers = (facts: readonly string[]): number[] =>
    facts.filter((fact) => fact.startsWith('own:')).map((fact) => Number(fact.slice(4)));
  return { missing, foreign: numbers(otherwise), own: numbers(learnt), role: otherwise.includes('role') };
}

export function runLoop(machine: Machine, statement: Extract<Statement, { kind: 'For' | 'While' }>, frame: Frame): void {
  if (statement.kind === 'While') {
    runIf(machine, statement, frame);
    frame.isDead = false;
    return;
  }
  const iterable = iterate(machine, machine.evaluate(statement.iterable, frame), statement.iterable, frame);
  const { shape } = iterable;
  // What is registered in a loop over a table is registered once for each of its rows.
  if (!machine.memory && shape.is === 'sequence' && !shape.each) {
    runEach(machine, statement, shape.items, frame);
    return;
  }
  const { skips, breaks } = frame;
  frame.breaks = [];
  let each: ReadonlySet<string> = machine.state.facts;
  branch(machine, frame, [
    () => {
      assign(machine, statement.target, machine.elements(iterable), frame);
      machine.run(statement.body, frame);
      if (!frame.isDead && frame.skips === skips && frame.breaks.length === 0) each = machine.state.facts;
      // `break` and `continue` end an iteration, not the function; a `return` in a loop is not on every path.
      frame.isDead = false;
    },
    // Names that are written out are gone through at least once.
    ...(iterable.shape.is === 'sequence' && iterable.shape.items.length > 0 ? [] : [() => {}]),
  ]);
  // Whoever gets out of a loop that refuses members has only members that are allowed.
  machine.add(factsAbout(iterable, lostFacts(each, machine.state.facts)));
  const found = frame.breaks;
  Object.assign(frame, { skips, breaks });
  machine.run(statement.otherwise, frame);
  // `for … if …: break` with an `else` that refuses: whoever goes on went through the `break`.
  if (found.length > 0) meetAfterLoop(machine, frame, found);
}

/** Goes through a loop round by round, as it is done while modules are loaded. */
function runEach(machine: Machine, statement: Extract<Statement, { kind: 'For' }>, items: readonly Value[], frame: Frame): void {
  const outer = frame.breaks;
  frame.breaks = [];
  for (const item of items) {
    if (frame.breaks.length > 0 || machine.spend()) break;
    assign(machine, statement.target, item, frame);
    machine.run(statement.body, frame);
    frame.isDead = false;
  }
  const isWhole = frame.breaks.length === 0;
  frame.breaks = outer;
  if (isWhole) machine.run(statement.otherwise, frame);
}

export function runTry(machine: Machine, { body, handlers, otherwise, final }: Extract<Statement, { kind: 'Try' }>, frame: Frame): void {
  const bodies = [
    () => {
      if (handlers.length > 0) frame.tries += 1;
      machine.run(body, frame);
      if (handlers.length > 0) frame.tries -= 1;
      machine.run(otherwise, frame);
    },
    ...handlers.map((handler) => () => {
      if (handler.name !== undefined) frame.scope.vars.set(handler.name, unknown);
      machine.run(handler.body, frame);
    }),
  ];
  branch(machine, frame, bodies);
  if (final.length === 0) return;
  const { isDead } = frame;
  frame.isDead = false;
  machine.run(final, frame);
  frame.isDead ||= isDead;
}

export function runMatch(machine: Machine, { subject, cases }: Extract<Statement, { kind: 'Match' }>, frame: Frame): void {
  machine.evaluate(subject, frame);
  branch(machine, frame, [...cases.map((body) => () => machine.run(body, frame)), () => {}]);
}
