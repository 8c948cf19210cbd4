import type { Test } from './test.ts';
import { textOf, type Value } from './value.ts';

/** True for what is never `None`. */
function isThere({ isPresent, shape, labels }: Value): boolean {
  // `g.user` may be nobody; whoever has an id is somebody.
  const isOfCaller = labels.has('I') && shape.is === 'symbol' && shape.receiver?.labels.has('I') === true && /id$/i.test(shape.path);
  return isPresent === true || isOfCaller || shape.is === 'function' || shape.is === 'class' || shape.is === 'instance';
}

function isWhole({ shape }: Value): boolean {
  return shape.is === 'constant' && shape.isPart !== true;
}

/** How a test comes out whenever it is reached; `undefined` when that depends on the request. */
export function decided(test: Test): boolean | undefined {
  switch (test.is) {
    case 'not': {
      const inner = decided(test.test);
      return inner === undefined ? undefined : !inner;
    }
    case 'all':
    case 'any': {
      const settling = test.is === 'any';
      const outcomes = test.tests.map(decided);
      if (outcomes.includes(settling)) return settling;
      return outcomes.every((outcome) => outcome === !settling) ? !settling : undefined;
    }
    case 'truth':
      if (test.value.isPresent) return true;
      return test.value.shape.is === 'test' ? decided(test.value.shape.test) : undefined;
    case 'compare': {
      // `'owner_id' in kwargs`: what a wrapper is called with is known.
      const { left, right, operator } = test;
      if (isThere(left) && right.shape.is === 'constant' && right.shape.value === null) return operator === '!=';
      const [one, other] = [textOf(left), textOf(right)];
      if (one !== undefined && other !== undefined && isWhole(left) && isWhole(right) && (operator === '==' || operator === '!='))
        return (one === other) === (operator === '==');
      if ((operator !== 'in' && operator !== 'not in') || left.shape.is !== 'constant') return undefined;
      if (right.shape.is !== 'record' || right.shape.isClosed !== true) return undefined;
      return right.shape.entries.has(String(left.shape.value)) === (operator === 'in');
    }
    case 'predicate':
      return undefined;
  }
}
