import type { Identity } from './identity.ts';
import type { OperationId } from './operation.ts';

/**
 * What a caller may do at an operation. `allow`: use it, whosever the object is. `tenant`: on what belongs to the caller's tenant.
 * `own`: on what belongs to the caller. `deny`: nothing. From the widest to the narrowest.
 */
export const decisions = ['allow', 'tenant', 'own', 'deny'] as const;
export type Decision = (typeof decisions)[number];

/** What a person says is right: the oracle of a scan where it decides, and silent elsewhere. */
export interface Permissions {
  /** Role → names of the identities that have it, where that is not what the identities themselves say. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** Operation → role, or `anonymous` → decision. */
  readonly rules: Readonly<Record<OperationId, Readonly<Record<string, Decision>>>>;
}

/** The role of callers without a credential. */
export const anonymousRole = 'anonymous';
/** The role of identities that name none. */
export const ordinaryRole = 'user';

/** The role by which permissions know a caller. `null` is the anonymous one. */
export function roleOf(identity: Pick<Identity, 'name' | 'role'> | null, permissions?: Permissions): string {
  if (identity === null) return anonymousRole;
  const said = Object.entries(permissions?.roles ?? {}).find(([, names]) => names.includes(identity.name))?.[0];
  return said ?? identity.role ?? ordinaryRole;
}

/** What permissions say of a caller at an operation; `undefined` where they are silent. */
export function decisionOf(
  permissions: Permissions | undefined,
  operation: OperationId,
  identity: Pick<Identity, 'name' | 'role'> | null,
): Decision | undefined {
  const rules = permissions?.rules[operation];
  const role = roleOf(identity, permissions);
  return rules && Object.hasOwn(rules, role) ? rules[role] : undefined;
}
