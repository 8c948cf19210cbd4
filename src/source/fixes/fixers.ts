import type { Fixer } from './candidate.ts';
import { copyDecorator, copyKeyCheck, copyRole } from './copy-guard.ts';
import { limitExposure } from './exposure.ts';
import { listFields } from './mass-assignment.ts';
import { fixOpenAccess } from './open-access.ts';
import { invertGuard, unifyRefusals } from './refusals.ts';

/** The fixer of each rule, by its id. A rule without one has findings that only a person can repair. */
export const fixers: Readonly<Record<string, Fixer>> = {
  'bola-open-lookup': fixOpenAccess,
  'bola-subject-as-key': fixOpenAccess,
  'bola-child-not-bound': fixOpenAccess,
  'bola-gsi-or-scan': fixOpenAccess,
  'excessive-exposure': limitExposure,
  'existence-leak': unifyRefusals,
  'guard-inverted': invertGuard,
  'guard-weak-vs-siblings': copyRole,
  'key-presence-only': copyKeyCheck,
  'mass-assignment': listFields,
  'missing-auth-outlier': copyDecorator,
  'objectid-json': limitExposure,
};
