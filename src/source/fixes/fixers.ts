import type { Fixer } from './candidate.ts';
import { checkShape } from './casts.ts';
import { checkKey, copyDecorator, copyRole } from './copy-guard.ts';
import { limitExposure } from './exposure.ts';
import { castScalars, joinEntity, unmixProjection } from './filters.ts';
import { fuseCheck } from './fuse.ts';
import { nameLikeGuard } from './guard-name.ts';
import { listFields } from './mass-assignment.ts';
import { fixOpenAccess } from './open-access.ts';
import { invertGuard, unifyRefusals } from './refusals.ts';
import { compareDigest } from './secrets.ts';
import { endSession } from './session-end.ts';
import { mintSession } from './sessions.ts';
import { verifyToken } from './tokens.ts';

/**
 * The fixer of each rule, by its id. `predictable-id` has none: what mends it is the repair of the access that takes the id.
 */
export const fixers: Readonly<Record<string, Fixer>> = {
  'bola-child-not-bound': fixOpenAccess,
  'bola-gsi-or-scan': fixOpenAccess,
  'bola-open-lookup': fixOpenAccess,
  'bola-subject-as-key': fixOpenAccess,
  'bola-wrong-entity-filter': joinEntity,
  'check-after-fetch': fuseCheck,
  'excessive-exposure': limitExposure,
  'existence-leak': unifyRefusals,
  'guard-inverted': invertGuard,
  'guard-not-bound': nameLikeGuard,
  'guard-weak-vs-siblings': copyRole,
  'id-not-validated': checkShape,
  'jwt-unverified': verifyToken,
  'key-presence-only': checkKey,
  'mass-assignment': listFields,
  'missing-auth-outlier': copyDecorator,
  'nosql-operator': castScalars,
  'objectid-json': limitExposure,
  'projection-mixed': unmixProjection,
  'session-id-from-client': mintSession,
  'session-left-in-store': endSession,
  'timing-compare': compareDigest,
};
