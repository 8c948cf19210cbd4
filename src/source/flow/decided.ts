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

/** Whether two texts are the same, as far as they are known. */
function isSameText(left: Value, right: Value): boolean | undefined {
  const [one, other] = [textOf(left), textOf(right)];
  if (one === undefined || other === undefined) return undefined;
  if (isWhole(left) && isWhole(right)) return one === other;
  const [start, whole] = isWhole(left) ? [right, one] : [left, other];
  const isKnown = (isWhole(left) || isWhole(right)) && start.shape.is === 'constant' && start.shape.isStart === true;
  return isKnown && !whole.startsWith(textOf(start) ?? '') ? false : undefined;
}

/** `text.startswith(parts)` and `text.endswith(parts)`. */
export function isAtEnd(text: Value, parts: Value, end: 'startswith' | 'endswith'): boolean | undefined {
  const { shape } = parts;
  if (shape.is === 'sequence') return shape.each ? undefined : anyOf(shape.items.map((item) => isAtEnd(text, item, end)));
  const [whole, part] = [textOf(text), textOf(parts)];
  if (whole === undefined || part === undefined || !isWhole(parts)) return undefined;
  if (isWhole(text)) return end === 'startswith' ? whole.startsWith(part) : whole.endsWith(part);
  if (end === 'endswith' || text.shape.is !== 'constant' || text.shape.isStart !== true) return undefined;
  if (whole.startsWith(part)) return true;
  return part.startsWith(whole) ? undefined : false;
}

function anyOf(outcomes: readonly (boolean | undefined)[]): boolean | undefined {
  if (outcomes.includes(true)) return true;
  return outcomes.every((outcome) => outcome === false) ? false : undefined;
}

function inverted(outcome: boolean | undefined, isInverted: boolean): boolean | undefined {
  return outcome === undefined ? undefined : outcome !== isInverted;
}

type Constant = Value & { readonly shape: Extract<Value['shape'], { readonly is: 'constant' }> };

function isGiven(value: Value): value is Constant {
  return value.isGiven === true && value.shape.is === 'constant' && value.shape.isPart !== true;
}

/** `levels != []`, of what a decorator was called with. */
function isEmptyToo({ shape: one }: Value, { shape: other }: Value): boolean | undefined {
  if (one.is !== 'sequence' || other.is !== 'sequence' || other.items.length > 0 || one.each || other.each) return undefined;
  return one.items.length === 0;
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
      if (isGiven(test.value)) return Boolean(test.value.shape.value);
      return test.value.shape.is === 'test' ? decided(test.value.shape.test) : undefined;
    case 'compare': {
      // `'owner_id' in kwargs`: what a wrapper is called with is known.
      const { left, right, operator } = test;
      if (isGiven(left) && right.shape.is === 'constant' && (operator === '==' || operator === '!='))
        return (left.shape.value === right.shape.value) === (operator === '==');
      if (isThere(left) && right.shape.is === 'constant' && right.shape.value === null) return operator === '!=';
      if (operator === '==' || operator === '!=') return inverted(isSameText(left, right) ?? isEmptyToo(left, right), operator === '!=');
      const isIn = operator === 'in' || operator === 'not in';
      if (isIn && right.shape.is === 'sequence' && !right.shape.each)
        return inverted(anyOf(right.shape.items.map((item) => isSameText(left, item))), operator === 'not in');
      if ((operator !== 'in' && operator !== 'not in') || left.shape.is !== 'constant') return undefined;
      if (right.shape.is !== 'record' || right.shape.isClosed !== true) return undefined;
      return right.shape.entries.has(String(left.shape.value)) === (operator === 'in');
    }
    case 'predicate':
      return undefined;
  }
}
