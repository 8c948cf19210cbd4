import type { Bindings } from './bindings.ts';
import { intersection } from './intersection.ts';
import { keepGuards, lostFacts } from './guarded.ts';
import type { Frame, Left, Machine } from './machine.ts';
import { mayBe } from './tuples.ts';
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
    ends.map(({ facts, attributes }) => changeOf(attributes, facts, kept)),
  );
  settle(
    machine,
    frame.scope.vars,
    ends.map(({ facts, vars }) => changeOf(vars, facts, kept)),
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
    ends.map((end) => changeOf(end.vars, end.facts, kept)),
  );
}

interface Change {
  readonly changed: ReadonlyMap<string, Value>;
  /** What held on that path alone. */
  readonly held: readonly string[];
  /** Of that, what is known of ids and objects. */
  readonly lost: readonly string[];
}

function changeOf(changed: ReadonlyMap<string, Value>, facts: ReadonlySet<string>, kept: ReadonlySet<string>): Change {
  return { changed, held: [...facts].filter((fact) => !kept.has(fact)), lost: lostFacts(facts, kept) };
}

/** A name that a path left alone has what it had before. */
function settle(machine: Machine, bindings: Bindings, changes: readonly Change[]): void {
  for (const name of new Set(changes.flatMap(({ changed }) => [...changed.keys()]))) {
    const values = changes.flatMap(({ changed, lost, held }) => {
      const own = changed.get(name);
      const value = own ? keepGuards(machine, own, lost) : bindings.get(name);
      return value ? [{ value, held }] : [];
    });
    bindings.set(name, telling(join(values.map(({ value }) => value)), values));
  }
}

/** `allowed = False`, `if row.owner == me: allowed = True`: the flag tells which way was taken. */
function telling(joined: Value, ways: readonly { readonly value: Value; readonly held: readonly string[] }[]): Value {
  if (ways.every(({ held }) => held.length === 0)) return joined;
  const heldWhen = (outcome: boolean): readonly string[] => {
    const possible = ways.filter(({ value }) => mayBe(value, outcome));
    if (possible.length === ways.length) return [];
    return intersection(possible.map(({ value, held }) => [...held, ...((outcome ? value.onTrue : value.onFalse) ?? [])]));
  };
  const [onTrue, onFalse] = [heldWhen(true), heldWhen(false)];
  return {
    ...joined,
    ...(onTrue.length > 0 ? { onTrue: new Set(onTrue) } : {}),
    ...(onFalse.length > 0 ? { onFalse: new Set(onFalse) } : {}),
  };
}
