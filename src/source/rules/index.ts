import bolaChildNotBound from './bola-child-not-bound.ts';
import bolaGsiOrScan from './bola-gsi-or-scan.ts';
import bolaOpenLookup from './bola-open-lookup.ts';
import bolaSubjectAsKey from './bola-subject-as-key.ts';
import bolaWrongEntityFilter from './bola-wrong-entity-filter.ts';
import checkAfterFetch from './check-after-fetch.ts';
import excessiveExposure from './excessive-exposure.ts';
import existenceLeak from './existence-leak.ts';
import guardInverted from './guard-inverted.ts';
import guardNotBound from './guard-not-bound.ts';
import guardWeakVsSiblings from './guard-weak-vs-siblings.ts';
import idNotValidated from './id-not-validated.ts';
import jwtUnverified from './jwt-unverified.ts';
import keyPresenceOnly from './key-presence-only.ts';
import massAssignment from './mass-assignment.ts';
import missingAuthOutlier from './missing-auth-outlier.ts';
import nosqlOperator from './nosql-operator.ts';
import objectidJson from './objectid-json.ts';
import predictableId from './predictable-id.ts';
import projectionMixed from './projection-mixed.ts';
import sessionIdFromClient from './session-id-from-client.ts';
import sessionLeftInStore from './session-left-in-store.ts';
import timingCompare from './timing-compare.ts';
import type { Rule } from './rule.ts';

/** All rules, by name. */
export const rules: readonly Rule[] = [
  bolaChildNotBound,
  bolaGsiOrScan,
  bolaOpenLookup,
  bolaSubjectAsKey,
  bolaWrongEntityFilter,
  checkAfterFetch,
  excessiveExposure,
  existenceLeak,
  guardInverted,
  guardNotBound,
  guardWeakVsSiblings,
  idNotValidated,
  jwtUnverified,
  keyPresenceOnly,
  massAssignment,
  missingAuthOutlier,
  nosqlOperator,
  objectidJson,
  predictableId,
  projectionMixed,
  sessionIdFromClient,
  sessionLeftInStore,
  timingCompare,
];
