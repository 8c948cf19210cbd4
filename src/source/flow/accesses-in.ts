import type { Test } from './test.ts';

/** Accesses that returned nothing when a test comes out as `outcome`: `row is None`, `not row`. */
export function accessesIn(test: Test, outcome: boolean): readonly number[] {
  switch (test.is) {
    case 'not':
      return accessesIn(test.test, !outcome);
    case 'truth':
      if (test.value.shape.is === 'test') return accessesIn(test.value.shape.test, outcome);
      return !outcome && (test.value.shape.is === 'stored' || test.value.shape.is === 'outcome') ? [test.value.shape.access] : [];
    case 'compare': {
      const { left, right, operator } = test;
      const isNone = right.shape.is === 'constant' && right.shape.value === null;
      return isNone && left.shape.is === 'stored' && (operator === '==') === outcome ? [left.shape.access] : [];
    }
    case 'all':
    case 'any':
      return test.tests.flatMap((each) => accessesIn(each, outcome));
    case 'predicate':
      return [];
  }
}
