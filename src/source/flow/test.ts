import type { Place } from '../python/syntax.ts';
import type { Value } from './value.ts';

/** A condition of the program, kept as it is written until it is known on which side of it the program went on. */
export type Test =
  | {
      readonly is: 'compare';
      /** `==`, `!=`, `in`, `not in`; everything else is `other`. */
      readonly operator: '==' | '!=' | 'in' | 'not in' | 'other';
      readonly left: Value;
      readonly right: Value;
      readonly place: Place;
      /** As written, for words like `role`. */
      readonly text: string;
    }
  | { readonly is: 'truth'; readonly value: Value }
  /** What a function said that cannot be looked into. */
  | { readonly is: 'predicate'; readonly name: string; readonly args: readonly Value[] }
  | { readonly is: 'all' | 'any'; readonly tests: readonly Test[] }
  | { readonly is: 'not'; readonly test: Test };

export function negate(test: Test): Test {
  return test.is === 'not' ? test.test : { is: 'not', test };
}
