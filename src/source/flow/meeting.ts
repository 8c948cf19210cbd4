import type { Bindings } from './bindings.ts';
import { intersection } from './facts.ts';
import { keepGuards, lostFacts } from './guarded.ts';
import type { Frame, Left, Machine } from './machine.ts';
import { join, type Value } from './value.ts';

/** Where a branch ended, and what it changed on its way. */
export interface End {
  readonly facts: ReadonlySet<string>;
  readonly attributes: ReadonlyMap<string, Value>;
  readonly vars: ReadonlyMap<string, Value>;
}

/** Goes on with what holds at all of these ends. */
export function meet(machine: Machine, frame: Frame, ends: readonly End[]): void {
  const kept = new Set(intersection(ends.map((end) => end.facts)));
  machine.state.facts = kept;
  settle(
    machine,
    machine.state.attributes,
    ends.map(({ facts, attributes }) => ({ changed: attributes, lost: lostFacts(facts, kept) })),
  );
  settle(
    machine,
    frame.scope.vars,
    ends.map(({ facts, vars }) => ({ changed: vars, lost: lostFacts(facts, kept) })),
  );
}

/** Goes on after a loop that was left in its midst, too. */
export function meetAfterLoop(machine: Machine, frame: Frame, breaks: readonly Left[]): void {
  const { vars } = frame.scope;
  const ends = frame.isDead ? breaks : [{ facts: machine.state.facts, vars: new Map(vars) }, ...breaks];
  frame.isDead = false;
  const kept = new Set(intersection(ends.map(({ facts }) => facts)));
  machine.state.facts = kept;
  settle(
    machine,
    vars,
    ends.map((end) => ({ changed: end.vars, lost: lostFacts(end.facts, kept) })),
  );
}

interface Change {
  readonly changed: ReadonlyMap<string, Value>;
  /** What was known on that path alone. */
  readonly lost: readonly string[];
}

/** A name that a path left alone has what it had before. */
function settle(machine: Machine, bindings: Bindings, changes: readonly Change[]): void {
  for (const name of new Set(changes.flatMap(({ changed }) => [...changed.keys()]))) {
    const values = changes.flatMap(({ changed, lost }) => {
      const own = changed.get(name);
      const value = own ? keepGuards(machine, own, lost) : bindings.get(name);
      return value ? [{ value, lost }] : [];
    });
    bindings.set(name, joined(values));
  }
}

/** What is there on one path alone is there only where that path was taken: `found = None` before a loop that finds it. */
function joined(values: readonly { readonly value: Value; readonly lost: readonly string[] }[]): Value {
  const whole = join(values.map(({ value }) => value));
  const [only, ...others] = values.filter(({ value: { shape } }) => shape.is !== 'constant' || shape.value !== null);
  if (!only || others.length > 0 || values.length === 1 || only.lost.length === 0) return whole;
  return { ...whole, onTrue: new Set([...(only.value.onTrue ?? []), ...only.lost]) };
}
