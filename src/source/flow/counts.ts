import { negate, type Test } from './test.ts';
import type { Value } from './value.ts';

const flipped: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** `count > 0`, `1 > count`, `rowcount == 0`: whether there is any. */
export function countTest(left: Value, operator: string, right: Value): Test | undefined {
  if (right.shape.is === 'outcome') return countTest(right, flipped[operator] ?? operator, left);
  if (left.shape.is !== 'outcome' || right.shape.is !== 'constant' || typeof right.shape.value !== 'number') return undefined;
  const any: Test = { is: 'truth', value: left };
  const number = right.shape.value;
  const isNone = number === 0 ? operator === '==' || operator === '<=' : operator === '!=' || (operator === '<' && number === 1);
  if (isNone) return negate(any);
  return operator === '>' || operator === '==' || operator === '!=' || (operator === '>=' && number > 0) ? any : undefined;
}
