import type { Office } from './office.ts';

/** The kinds of ids that objects can have. */
export const idKinds = [
  'integer',
  'padded',
  'uuid4',
  'uuid1',
  'uuid6',
  'uuid7',
  'objectId',
  'ulid',
  'ksuid',
  'snowflake',
  'short-code',
  'composite',
  'slug',
  'base64',
] as const;
export type IdKind = (typeof idKinds)[number];

/** Where a request names the object. */
export const places = ['path', 'query', 'header', 'cookie', 'body', 'form'] as const;
export type Place = (typeof places)[number];

/** How a caller is told that an object is not for him. `204`: the write is answered as done, and nothing is done. */
export const refusals = ['404', '403', '401', '422', '302', '200', '204'] as const;
export type Refusal = (typeof refusals)[number];

/** How somebody without a credential is turned away. */
export const turnings = ['401', '403', '302', '200', '422'] as const;
export type Turning = (typeof turnings)[number];

export const authentications = ['jwt', 'opaque', 'cookie', 'api-key', 'basic'] as const;
export type Authentication = (typeof authentications)[number];

/** `unsure`: security on everything, the doors and the public parts too. `wrong`: schemas that are not those of the answers. */
export const descriptions = ['right', 'incomplete', 'unsure', 'wrong', 'absent'] as const;
export type DescriptionQuality = (typeof descriptions)[number];

/** Who may read: the owner; the owner's tenant; everybody titles, the owner the rest; all accounts; all. Only the owner writes. */
export const sharings = ['owned', 'team', 'listed', 'members', 'public'] as const;
export type Sharing = (typeof sharings)[number];

export const envelopes = ['bare', 'data', 'paged', 'named', 'success'] as const;
export type Envelope = (typeof envelopes)[number];

/** A property that the server decides. */
export interface Decided {
  readonly name: string;
  readonly value: boolean | number | string;
}

export interface Resource {
  /** Singular, words joined by hyphens. */
  readonly noun: string;
  readonly id: IdKind;
  readonly place: Place;
  readonly sharing: Sharing;
  /** Index of the resource under whose objects these stand. */
  readonly parent: number | null;
  readonly operations: 'all' | 'no-list' | 'no-read' | 'read-only';
  readonly title: string;
  readonly text: string;
  readonly decided: Decided | null;
  /** A flag that callers may set, and that is described so. */
  readonly flag: boolean;
  readonly update: 'PUT' | 'PATCH';
  readonly created: 'object' | 'id' | 'location';
  /** A way to ask for the objects of an account. */
  readonly ofOwner: 'none' | 'path' | 'query';
  /** What asking for the objects of another account gives. */
  readonly othersGet: 'refusal' | 'nothing' | 'own';
  /** A way to close an object. */
  readonly action: boolean;
  /** Where a list of ids goes, to ask for several objects at once. */
  readonly bulk: 'none' | 'body' | 'query';
}

export interface Accounts {
  /** `sign-up`: the scanner makes accounts. Otherwise identities are lent. */
  readonly from: 'sign-up' | 'lent' | 'lent-read';
  readonly segment: string;
  readonly key: 'integer' | 'uuid4' | 'username' | 'email';
  readonly profile: 'none' | 'own' | 'public';
  readonly me: string;
  readonly change: 'none' | 'me' | 'key';
  readonly password: boolean;
  readonly directory: boolean;
  readonly decided: Decided;
  readonly signUp: string;
  readonly logIn: string;
  readonly fields: 'username' | 'email' | 'both' | 'nested';
  readonly form: boolean;
  readonly tokenName: string;
  /** Whose answer holds the token. */
  readonly tokenFrom: 'log-in' | 'sign-up';
}

export interface Style {
  readonly base: string;
  readonly plural: boolean;
  readonly camel: boolean;
  readonly parameter: 'id' | 'noun-id' | 'noun';
  readonly envelope: Envelope;
  /** Request ids and times in every answer. */
  readonly noise: 'none' | 'served' | 'all';
  readonly refusal: Refusal;
  readonly turning: Turning;
  /** Unknown properties are refused. */
  readonly strict: boolean;
  /** Writes answer with the object, or with 204. */
  readonly quiet: boolean;
}

/**
 * What is sound and looks otherwise. `echo`: refusals repeat the request. `ignored-id`: whoever asks for another's object gets one
 * of one's own. `teaser`: protected lists show strangers an advertisement. `contacts`: all accounts see all addresses.
 * `lookalikes`: properties with names of secrets. `busy`: now and then the target answers 503. `shuffled`: lists come in any order.
 * `views`: objects count how often they were read. `cursor`: lists carry an opaque token. `queued`: refused writes are answered 202.
 */
export const traps = ['echo', 'ignored-id', 'teaser', 'contacts', 'lookalikes', 'busy', 'shuffled', 'views', 'cursor', 'queued'] as const;
export type Trap = (typeof traps)[number];

/** What can be planted; `route` says at which operation. */
export const plantKinds = [
  'foreign-read',
  'foreign-change',
  'foreign-delete',
  'foreign-list',
  'anonymous',
  'assignment',
  'sensitive',
  'unsigned',
  'any-credential',
  'privileged',
  'existence',
  // Only the parent in the path is compared with the caller.
  'own-parent',
  'foreign-action',
  'foreign-child',
  'bulk',
  // Of several ids the first alone is compared.
  'bulk-first',
  'identity-body',
  'tenant-switch',
  'undeleted',
  'boundary',
  'list-leak',
  'verb',
  'anonymous-change',
  'undescribed',
] as const;
export type PlantKind = (typeof plantKinds)[number];

export interface Plant {
  readonly kind: PlantKind;
  /** Name of a route; `*` for all. */
  readonly route: string;
}

/** A whole invented API as data: everything that is served, described and expected follows from it. */
export interface Blueprint {
  readonly style: Style;
  readonly authentication: Authentication;
  readonly description: DescriptionQuality;
  readonly accounts: Accounts;
  readonly resources: readonly Resource[];
  /** An operation for administrators, and how that is said. */
  readonly admin: 'none' | 'path' | 'tag' | 'summary';
  readonly office: Office;
  /** A privileged identity is lent too. */
  readonly root: boolean;
  /** Identities come in tenants; one more of the first tenant is lent. */
  readonly tenants: boolean;
  /** The tenant goes with the credential, in a header that no description mentions. */
  readonly tenantHeader: boolean;
  /** An operation whose answer is the same for every account. */
  readonly overview: boolean;
  readonly traps: readonly Trap[];
  readonly plants: readonly Plant[];
}

/** True when a weakness of the kind is planted at a route. */
export function isPlanted({ plants }: Blueprint, kind: PlantKind, route: string): boolean {
  return plants.some((plant) => plant.kind === kind && plant.route === route);
}
