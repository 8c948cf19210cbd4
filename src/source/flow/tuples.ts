import { intersection } from './intersection.ts';
import type { Frame, Machine, Returned } from './machine.ts';
import type { Test } from './test.ts';
import { join, sequence, type TupleRow, type Value } from './value.ts';

/** `return False, 'not found'` and `return True, row`: what stands in one place of the tuple tells what stands in the others. */
export function tupleOf(machine: Machine, returns: readonly Returned[]): Value | undefined {
  const rows = returns.map(({ value: { shape }, facts }) => ({ values: shape.is === 'sequence' && !shape.each ? shape.items : [], facts }));
  const width = rows[0]?.values.length ?? 0;
  if (width === 0 || rows.some(({ values }) => values.length !== width)) return undefined;
  return sequence(Array.from({ length: width }, (_, at) => memberOf(machine, rows, at)));
}

/** What stands in one place of the tuples. */
function memberOf(machine: Machine, rows: readonly TupleRow[], at: number): Value {
  const known = rows.flatMap(({ values, facts }) => {
    const value = values[at];
    return value ? [{ value, facts }] : [];
  });
  return {
    ...join(known.map(({ value }) => value)),
    onTrue: factsWhen(machine, known, true),
    onFalse: factsWhen(machine, known, false),
    tuple: { rows, at },
  };
}

/** What holds where a returned value is true, or false. */
export function factsWhen(machine: Machine, returns: readonly Returned[], outcome: boolean): ReadonlySet<string> {
  return new Set(
    intersection(
      returns
        .filter(({ value }) => mayBe(value, outcome))
        .map(({ value, facts }) => [...facts, ...((outcome ? value.onTrue : value.onFalse) ?? []), ...learntFrom(machine, value, outcome)]),
    ),
  );
}

/** A row that was returned is there, with all that it was found by. */
function learntFrom(machine: Machine, value: Value, outcome: boolean): readonly string[] {
  if (value.shape.is === 'test') return machine.learn(value.shape.test, outcome);
  return value.shape.is === 'stored' && outcome ? machine.learn({ is: 'truth', value }, true) : [];
}

/** `None`, `''`, `[]` and `{}` are false, and what has something in it is true. */
export function mayBe({ shape }: Value, outcome: boolean): boolean {
  switch (shape.is) {
    case 'constant':
      return Boolean(shape.value) === outcome;
    case 'sequence':
      return shape.items.length > 0 ? outcome : shape.each !== undefined || !outcome;
    case 'record':
      return shape.entries.size > 0 ? outcome : shape.rest !== undefined || !outcome;
    default:
      return true;
  }
}

/** Where one member of a tuple turned out to be true or false, its neighbours are what was returned with it. */
export function narrowTuples(machine: Machine, test: Test, outcome: boolean, frame: Frame): void {
  const narrowed = new Map<readonly TupleRow[], readonly TupleRow[]>();
  for (const { value, isTrue } of settled(test, outcome)) {
    const { tuple } = value;
    if (!tuple) continue;
    const left = narrowed.get(tuple.rows) ?? tuple.rows;
    narrowed.set(
      tuple.rows,
      left.filter(({ values }) => mayBe(values[tuple.at] ?? value, isTrue)),
    );
  }
  for (const [rows, left] of narrowed) {
    if (left.length === 0 || left.length === rows.length) continue;
    for (const [name, { tuple }] of frame.scope.vars)
      if (tuple?.rows === rows) frame.scope.vars.set(name, memberOf(machine, left, tuple.at));
  }
}

/** The values that a test tells to be true or false. */
export function settled(test: Test, outcome: boolean): readonly { readonly value: Value; readonly isTrue: boolean }[] {
  switch (test.is) {
    case 'truth':
      return test.value.shape.is === 'test' ? settled(test.value.shape.test, outcome) : [{ value: test.value, isTrue: outcome }];
    case 'not':
      return settled(test.test, !outcome);
    case 'all':
    case 'any':
      return (test.is === 'all') === outcome ? test.tests.flatMap((each) => settled(each, outcome)) : [];
    case 'compare': {
      const { left, right, operator } = test;
      if (right.shape.is !== 'constant' || (operator !== '==' && operator !== '!=')) return [];
      const isEqual = (operator === '==') === outcome;
      if (right.shape.value === null) return [{ value: left, isTrue: !isEqual }];
      return typeof right.shape.value === 'boolean' ? [{ value: left, isTrue: right.shape.value === isEqual }] : [];
    }
    case 'predicate':
      return [];
  }
}
