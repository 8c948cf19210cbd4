/** Chooses among forms that mean the same. Number 0 always takes the first, so that what fails shrinks to the plainest. */
export type Pick = <T>(first: T, ...others: readonly T[]) => T;

export function pickerOf(number: number): Pick {
  let state = number;
  return (first, ...others) => {
    if (number === 0) return first;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return [first, ...others][Math.floor((state / 2 ** 32) * (others.length + 1))] ?? first;
  };
}
