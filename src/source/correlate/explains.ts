const openObject = [
  'bola-open-lookup',
  'bola-subject-as-key',
  'bola-child-not-bound',
  'bola-gsi-or-scan',
  'bola-wrong-entity-filter',
  'guard-not-bound',
  'guard-inverted',
];
const withoutCaller = ['missing-auth-outlier', 'key-presence-only'];
const token = ['jwt-unverified'];

/**
 * The rules of the analysis that a finding of a check is explained by, the likeliest first. Checks that are not named here find
 * what no rule looks for.
 */
export const rulesBehind: Readonly<Record<string, readonly string[]>> = {
  'foreign-object-read': [...openObject, ...withoutCaller, 'predictable-id'],
  'foreign-object-change': [...openObject, ...withoutCaller, 'predictable-id'],
  'foreign-object-delete': [...openObject, ...withoutCaller, 'predictable-id'],
  'foreign-collection-read': [...openObject, ...withoutCaller, 'predictable-id'],
  'neighbouring-id-read': [...openObject, ...withoutCaller, 'predictable-id'],
  'foreign-object-action': [...openObject, ...withoutCaller, 'predictable-id'],
  'foreign-object-listed': [...openObject, ...withoutCaller],
  'foreign-parent-addition': [...openObject, ...withoutCaller],
  'tenant-switch-accepted': [...openObject, ...withoutCaller],
  'identity-from-body-trusted': [...openObject, ...withoutCaller],
  'predictable-object-id': ['predictable-id'],
  'object-existence-revealed': ['existence-leak', 'check-after-fetch'],
  'account-existence-revealed': ['existence-leak'],
  'account-existence-revealed-at-sign-up': ['existence-leak'],
  'account-existence-revealed-at-reset': ['existence-leak'],
  'property-assignment': ['mass-assignment'],
  'sensitive-property-returned': ['excessive-exposure'],
  'undeclared-property-returned': ['excessive-exposure'],
  'password-in-account-answer': ['excessive-exposure'],
  'privileged-operation-open': ['guard-weak-vs-siblings', 'guard-inverted', 'missing-auth-outlier'],
  'permission-violated': ['guard-weak-vs-siblings', 'guard-inverted', 'missing-auth-outlier', ...openObject],
  'role-boundary-crossed': ['guard-weak-vs-siblings', 'guard-inverted', 'missing-auth-outlier'],
  'anonymous-change': [...withoutCaller, ...openObject],
  'anonymous-access': [...withoutCaller, ...openObject],
  'any-credential-accepted': ['key-presence-only', 'jwt-unverified'],
  'unsigned-token-accepted': token,
  'signing-key-confusion': token,
  'embedded-key-accepted': token,
  'expired-token-accepted': token,
  'key-id-injection': token,
  'premature-token-accepted': token,
  'wrong-audience-accepted': token,
  'wrong-issuer-accepted': token,
  'session-not-ended': ['session-left-in-store'],
  'session-fixation': ['session-id-from-client'],
};
