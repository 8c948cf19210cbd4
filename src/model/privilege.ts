import { plainName, wordsOf } from './names.ts';
import type { Operation } from './operation.ts';

const privilegedRole =
  /\b(?:admin|administrator|root|super ?user|staff|support|operator|moderator|manager|owner|auditor|internal|system)s?\b/i;

/** True when a role's name says that it may do more than an ordinary user. */
export function isPrivilegedRole(role: string | undefined): boolean {
  return role !== undefined && privilegedRole.test(wordsOf(role).join(' '));
}

const privilegedSegment =
  /^(?:admin|admins|administrator|administration|root|superuser|sudo|staff|internal|management|backoffice|actuator|operator)$/i;
const privilegedText =
  /\b(?:admins? only|only (?:for )?(?:an? |the )?admin(?:istrator)?s?|administrators? only|requires? (?:an? )?admin|admin(?:istrator)? (?:role|rights?|privileges?|access|permission)s?|(?:must|need(?:s)? to) be (?:an? )?admin|for (?:staff|administrators) only|staff only)\b/i;

/** What marks an operation as privileged. */
export interface PrivilegeMark {
  /** A phrase: `its path has "admin"`. */
  readonly words: string;
  /** The description says so in as many words, or asks for a scope; a path or a tag may have other reasons. */
  readonly explicit: boolean;
}

/** Why the description marks an operation as privileged; `undefined` when it does not. */
export function privilegeMark(operation: Operation): PrivilegeMark | undefined {
  const text = `${operation.summary ?? ''}\n${operation.description ?? ''}`;
  const match = privilegedText.exec(text);
  if (match) return { words: `its description says "${match[0]}"`, explicit: true };
  const scope = operation.security
    ?.flatMap((alternative) => Object.values(alternative).flat())
    .find((name) => wordsOf(name).some((word) => privilegedSegment.test(word)));
  if (scope !== undefined) return { words: `it asks for the scope "${scope}"`, explicit: true };
  const segment = operation.path.split('/').find((part) => privilegedSegment.test(part));
  if (segment !== undefined) return { words: `its path has "${segment}"`, explicit: false };
  const tag = operation.tags.find((name) => wordsOf(name).some((word) => privilegedSegment.test(word)));
  if (tag !== undefined) return { words: `its tag is "${tag}"`, explicit: false };
  const word = wordsOf(operation.graphql?.field ?? '').find((part) => privilegedSegment.test(part));
  return word === undefined ? undefined : { words: `its name has "${word}"`, explicit: false };
}

const ownerText =
  /\b(?:only (?:by |for |to )?(?:the |its |their )?(?:owner|author|creator|account holder)|(?:owner|author|creator)s? only|only available to the user|belong(?:s|ing)? to the (?:current|authenticated|logged.in) user)\b/i;

/** The words in which a description reserves an operation to the owner of the object; `undefined` when it does not. */
export function ownerMark(operation: Operation): string | undefined {
  return ownerText.exec(`${operation.summary ?? ''}\n${operation.description ?? ''}`)?.[0];
}

/** Properties that decide what an account may do, or what it is worth. */
const privilegedProperties = new Set(
  [
    'admin',
    'is_admin',
    'isAdmin',
    'administrator',
    'superuser',
    'is_superuser',
    'staff',
    'is_staff',
    'root',
    'role',
    'roles',
    'user_role',
    'role_id',
    'internal_role',
    'permission',
    'permissions',
    'scope',
    'scopes',
    'privileges',
    'groups',
    'access_level',
    'user_type',
    'account_type',
    'is_owner',
    'is_moderator',
    'verified',
    'is_verified',
    'email_verified',
    'approved',
    'is_approved',
    'active',
    'is_active',
    'enabled',
    'banned',
    'locked',
    'plan',
    'tier',
    'subscription',
    'balance',
    'credit',
    'credits',
    'credit_limit',
    'discount',
    'available_credit',
    'points',
    'quota',
    'owner_id',
    'tenant_id',
    'org_id',
    'organization_id',
    'user_id',
  ].map(plainName),
);

const powers = new Set(
  ['admin', 'is_admin', 'administrator', 'is_administrator', 'superuser', 'is_superuser', 'staff', 'is_staff', 'root'].map(plainName),
);

/** True for a flag that makes an account a privileged one: nobody's to set for itself, even where the description offers it. */
export function isPower(name: string): boolean {
  return powers.has(plainName(name));
}

const powerWords =
  /^(?:is|has)?(?:admin|administrator|superuser|staff|root|owner|moderator|role|roles|permission|permissions|scopes|privileges|groups|accesslevel|balance|credit|credits|creditlimit)$/;

/** True for a property that makes an account more powerful or richer, whatever it is used for. */
export function isPowerProperty(name: string): boolean {
  return powerWords.test(plainName(name)) || /^(?:user|account|internal)(?:role|roles|type|level)$/.test(plainName(name));
}

/** True for a property that a caller should not set for itself. */
export function isPrivilegedProperty(name: string): boolean {
  return privilegedProperties.has(plainName(name));
}
