import type { Test } from './test.ts';
import { textOf, type Value } from './value.ts';

/** Headers that carry what proves who calls. */
export const credentialHeader = /^(?:authorization|cookie)$|api.?key|token|secret|session|auth|signature|hmac|^x-.*key$/i;

/** True for a call that holds a password against its hash. */
export function testsPassword(name: string, text: string): boolean {
  return (
    /^(?:check|verify|compare|validate)_?(?:password|pw|pwd)/i.test(name) ||
    (/^(?:verify|compare_digest)$/.test(name) && /passw|pwd/i.test(text))
  );
}

/** Credentials that a test only asks whether they are there. */
export function credentialTests(test: Test): readonly string[] {
  switch (test.is) {
    case 'truth':
      return [...test.value.labels].filter((label) => label === 'K');
    case 'not':
      return credentialTests(test.test);
    case 'all':
    case 'any':
      return test.tests.flatMap(credentialTests);
    case 'compare':
      if (asksForHeader(test)) return ['K'];
      return isNothing(test.right) ? [...test.left.labels].filter((label) => label === 'K') : [];
    case 'predicate':
      return [];
  }
}

/** `'X-API-Key' in request.headers`. */
function asksForHeader({ left, right, operator }: Extract<Test, { is: 'compare' }>): boolean {
  const isIn = operator === 'in' || operator === 'not in';
  return isIn && right.shape.is === 'symbol' && /\brequest\.headers$/.test(right.shape.path) && credentialHeader.test(textOf(left) ?? '');
}

/** `None`, `''`, or how long it must be. */
function isNothing({ shape }: Value): boolean {
  return shape.is === 'constant' && (shape.value === null || shape.value === '' || typeof shape.value === 'number');
}

/** True when a test holds a credential against something that is stored, or hands it to a function that decides. */
export function verifiesCredential(test: Test): boolean {
  switch (test.is) {
    case 'truth':
      return false;
    case 'not':
      return verifiesCredential(test.test);
    case 'all':
    case 'any':
      return test.tests.some(verifiesCredential);
    case 'predicate':
      return test.args.length > 1 && test.args.some(({ labels }) => labels.has('K'));
    case 'compare':
      return (
        [test.left, test.right].some(({ labels }) => labels.has('K')) &&
        [test.left, test.right].some(({ labels }) => [...labels].some((label) => label.startsWith('O:')))
      );
  }
}
