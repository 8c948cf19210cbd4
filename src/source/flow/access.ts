import type { Place } from '../python/syntax.ts';
import type { PythonClass, Value } from './value.ts';

export type Verb = 'read' | 'list' | 'create' | 'put' | 'update' | 'delete';

/** What an access asks of the objects that it wants. */
export type Condition =
  | {
      readonly is: 'field';
      readonly entity: string | undefined;
      readonly field: string;
      /** Only equality and membership bind an object to somebody. */
      readonly binds: boolean;
      readonly value: Value;
    }
  | { readonly is: 'all' | 'any'; readonly parts: readonly Condition[] };

/** Which fields an answer of the store holds. */
export interface Projection {
  readonly fields: readonly string[];
  /** `only`: nothing but these; `without`: all but these; `mixed`: a document database refuses it. */
  readonly how: 'only' | 'without' | 'mixed';
  readonly value: Value;
}

/** One use of a data store, on one path through a handler. */
export interface Access {
  readonly id: number;
  readonly library: string;
  /** Table, collection or model. */
  readonly resource: string;
  readonly entity: PythonClass | undefined;
  readonly verb: Verb;
  readonly conditions: readonly Condition[];
  readonly projection: Projection | undefined;
  /** What is written. */
  readonly data: Value | undefined;
  /** An index other than the key. */
  readonly index: string | undefined;
  /** Models beside `resource` that the query reads. */
  readonly joined: readonly string[];
  readonly many: boolean;
  /** Called through a function that cannot be looked into. */
  readonly isGuess: boolean;
  readonly site: Site;
  /** What held when it was made. */
  readonly facts: ReadonlySet<string>;
}

/** A query that was not run yet. */
export interface Query {
  readonly library: string;
  readonly resource: string;
  readonly entity: PythonClass | undefined;
  readonly verb: Verb;
  readonly conditions: readonly Condition[];
  readonly columns: readonly string[];
  readonly data: Value | undefined;
  readonly joined: readonly string[];
  readonly index?: string;
  /** Only whether, or how many: it returns no rows. */
  readonly asks?: boolean;
}

/** Where in the source, and in which function. */
export interface Site {
  readonly file: string;
  readonly function: string;
  readonly place: Place;
  /** How many calls below the handler. */
  readonly depth: number;
  /** The calls that led here, the innermost last. */
  readonly callers: readonly Site[];
}

/**
 * Something done with an object that was loaded before. `handed`: it went to a call that cannot be looked into, and that acts: a
 * client that is made with its key, a job that is started with it.
 */
export interface Use {
  readonly kind: 'response' | 'update' | 'delete' | 'handed';
  readonly access: number;
  /** `undefined`: all of it. */
  readonly field: string | undefined;
  readonly value: Value;
  /** For what it was handed over, where that is known: a secret that lets somebody in, or something that is run. */
  readonly as?: 'secret' | 'run';
  /** Another object is used, which was found by this one: `isShown` when it is in the answer. */
  readonly through?: { readonly resource: string; readonly isShown: boolean };
  readonly site: Site;
  readonly facts: ReadonlySet<string>;
}
