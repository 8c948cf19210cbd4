/** What is said of a weakness that a region of a repaired twin names. */
export interface Weakness {
  /** Ids of the checks whose findings its remedies answer. */
  readonly checks: readonly string[];
  readonly cwe: readonly number[];
  readonly owasp: string;
}

/** Weaknesses that no check is named after. */
export const otherWeaknesses: Readonly<Record<string, Weakness>> = {
  'scope-not-checked': { checks: [], cwe: [863, 285], owasp: 'API5:2023' },
  'tenant-header-trusted': { checks: ['tenant-switch-accepted', 'foreign-collection-read'], cwe: [639, 290], owasp: 'API1:2023' },
  'malformed-id-accepted': { checks: [], cwe: [20, 209], owasp: 'API8:2023' },
  'raw-id-in-link': { checks: [], cwe: [200], owasp: 'API3:2023' },
};

/** Checks that have no weakness of their own, and whose findings the remedies of another one answer. */
export const answeredBy: Readonly<Record<string, string>> = {
  'neighbouring-id-read': 'foreign-object-read',
  'foreign-object-action': 'foreign-object-change',
  'identity-from-body-trusted': 'foreign-object-change',
  'anonymous-access': 'any-credential-accepted',
  'undeclared-property-returned': 'sensitive-property-returned',
};
