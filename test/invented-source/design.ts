/** How views are registered. */
export const frameworks = [
  'plain',
  'shortcut',
  'rules',
  'blueprint',
  'nested',
  'method-view',
  'restful',
  'restx',
  'smorest',
  'apiflask',
  'connexion',
] as const;
export type FrameworkName = (typeof frameworks)[number];

export const stores = [
  'pymongo',
  'flask-pymongo',
  'mongoengine',
  'sqlalchemy',
  'sqlalchemy-2',
  'flask-sqlalchemy',
  'boto3',
  'boto3-client',
  'pynamodb',
  'peewee',
  'psycopg',
  'sqlite3',
  'dictionary',
] as const;
export type StoreName = (typeof stores)[number];

/** How a view learns who is calling. `hook`: `before_request` sets `g`. `injected`: a decorator hands the account to the view. */
export const identities = ['hook', 'login', 'jwt', 'session', 'key', 'injected'] as const;
export type IdentityName = (typeof identities)[number];

/** Where the work of a view is done. `deep`: in a service that asks a repository. */
export const layers = ['view', 'function', 'service', 'instance', 'repository', 'deep'] as const;
export type Layer = (typeof layers)[number];

/** How it is made sure that an object is the caller's. */
export const guards = [
  'query',
  'compare',
  'joined',
  'else',
  'predicate',
  'raising',
  'role',
  'decorator',
  'inside',
  // The object is picked out of all that the caller has.
  'own-list',
  // A helper returns the object, or what is to be answered instead.
  'pair',
  // The object itself is asked.
  'method',
] as const;
export type Guard = (typeof guards)[number];

/** Who may use the objects: the owner, the members of a team, everybody. */
export const sharings = ['owned', 'team', 'open'] as const;
export type Sharing = (typeof sharings)[number];

export const operationKinds = [
  'read',
  'list',
  'create',
  'change',
  'delete',
  'action',
  'child-read',
  'child-list',
  'child-create',
  'child-delete',
  'of-user',
] as const;
export type OperationKind = (typeof operationKinds)[number];

/** What an answer is made of. */
export const answers = ['named', 'method', 'function'] as const;
export type Answer = (typeof answers)[number];

export const plantKinds = [
  // Nothing ties the object to the caller.
  'open',
  'wrong-field',
  'inverted',
  // Another id is checked than is used.
  'not-bound',
  'child-not-bound',
  // The owner is asked of a table that the query does not read.
  'wrong-entity',
  // The object is changed, then checked.
  'late-check',
  'mass-change',
  'mass-create',
  'exposed',
  'anonymous',
  'owner-from-body',
  'unverified',
  'operator',
  'presence',
] as const;
export type PlantKind = (typeof plantKinds)[number];

export interface Operation {
  readonly kind: OperationKind;
  readonly guard: Guard;
  readonly layer: Layer;
  readonly answer: Answer;
  /** What a stranger hears. */
  readonly refusal: 404 | 403;
  /** The id of an action comes in the body. */
  readonly isIdInBody: boolean;
  /** Chooses among forms that mean the same. */
  readonly form: number;
}

export interface Resource {
  readonly noun: string;
  readonly owner: string;
  readonly sharing: Sharing;
  readonly title: string;
  readonly text: string;
  /** The kind of objects that stand below these. */
  readonly child: string | null;
  readonly parameter: 'noun-id' | 'id' | 'key' | 'noun';
  readonly operations: readonly Operation[];
}

export interface Style {
  readonly modules: 1 | 2 | 3 | 4;
  readonly isPackage: boolean;
  readonly hints: boolean;
  readonly docstrings: boolean;
  readonly logging: boolean;
  readonly tries: boolean;
  readonly aliases: boolean;
  readonly base: string;
}

export interface Plant {
  readonly kind: PlantKind;
  readonly resource: number;
  readonly operation: number;
}

/** A Flask app as data: its text and what is wrong with it follow from this. */
export interface Design {
  readonly framework: FrameworkName;
  readonly store: StoreName;
  readonly identity: IdentityName;
  readonly resources: readonly Resource[];
  readonly style: Style;
  readonly form: number;
  readonly plants: readonly Plant[];
}
