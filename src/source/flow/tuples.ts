import { intersection } from './intersection.ts';
import type { Frame, Machine, Returned } from './machine.ts';
import type { Test } from './test.ts';
import { join, sequence, type Value } from './value.ts';

/** `return False, 'not found'` and `return True, row`: what stands in one place of the tuple tells what stands in the others. */
export function tupleOf(machine: Machine, returns: readonly Returned[]): Value | undefined {
  const rows = returns.map(({ value: { shape } }) => (shape.is === 'sequence' && !shape.each ? shape.items : []));
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.some((row) => row.length !== width)) return undefined;
  const columns = Array.from({ length: width }, (_, at) => returns.map(({ facts }, row) => ({ facts, value: rows[row]?.[at] })));
  const items = columns.map((column, at): Value => {
    const known = column.flatMap(({ value, facts }) => (value ? [{ value, facts }] : []));
    return {
      ...join(known.map(({ value }) => value)),
      onTrue: factsWhen(machine, known, true),
      onFalse: factsWhen(machine, known, false),
      tuple: { rows, at },
    };
  });
  return sequence(items);
}

/** What holds where a returned value is true, or false. */
export function factsWhen(machine: Machine, returns: readonly Returned[], outcome: boolean): ReadonlySet<string> {
  return new Set(
    intersection(
      returns
        .filter(({ value }) => mayBe(value, outcome))
        .map(({ value, facts }) => [
          ...facts,
          ...((outcome ? value.onTrue : value.onFalse) ?? []),
          ...(value.shape.is === 'test' ? machine.learn(value.shape.test, outcome) : []),
        ]),
    ),
  );
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
export function narrowTuples(test: Test, outcome: boolean, frame: Frame): void {
  for (const { value, isTrue } of settled(test, outcome)) {
    const { tuple } = value;
    if (!tuple) continue;
    const rows = tuple.rows.filter((row) => row[tuple.at] && mayBe(row[tuple.at] ?? value, isTrue));
    if (rows.length === 0 || rows.length === tuple.rows.length) continue;
    for (const [name, other] of frame.scope.vars) {
      const at = other.tuple?.rows === tuple.rows ? other.tuple.at : undefined;
      if (at !== undefined && at !== tuple.at) frame.scope.vars.set(name, join(rows.flatMap((row) => row[at] ?? [])));
    }
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
