import type { Header } from '../model/http.ts';
import type { Credential } from '../model/identity.ts';
import type { Json } from '../model/json.ts';

/** An identity as the user lent it. Holds secrets: never printed, only opened as a session. */
export interface DeclaredIdentity {
  readonly name: string;
  readonly role?: string;
  readonly tenant?: string;
  readonly source: 'file' | 'flag';
  /** What the declaration tells about the account, without the password. */
  readonly facts: Readonly<Record<string, string>>;
  readonly means: Means;
}

/** How a declared identity gets its credential. */
export type Means =
  | { readonly kind: 'fixed'; readonly credential: Credential; readonly secrets: readonly string[] }
  | { readonly kind: 'log-in'; readonly logIn: DeclaredLogIn };

/** A log-in request, and what to do with its answer. */
export interface DeclaredLogIn {
  readonly method: string;
  /** Scheme, host and port, when the log-in is elsewhere than the target. */
  readonly origin?: string;
  /** Request-target on the origin. */
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body?: LogInBody;
  readonly use: TokenUse;
}

/** Structured bodies can take another password; a raw one is sent as it stands. */
export type LogInBody =
  | { readonly kind: 'structured'; readonly mediaType: string; readonly value: Json }
  | { readonly kind: 'raw'; readonly mediaType: string; readonly text: string };

/** Where a token stands in an answer. `prefix` is text in front of it that is not part of it, such as `Bearer `. */
export type Extraction =
  | { readonly from: 'body'; readonly pointer: string; readonly prefix?: string }
  | { readonly from: 'header' | 'cookie'; readonly name: string; readonly prefix?: string };

/** Where a token goes in requests, with the text around it. */
export interface Placement {
  readonly in: 'header' | 'query' | 'cookie';
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** How the answer to a log-in or a sign-up becomes a credential. */
export interface TokenUse {
  /** The token and where to send it; absent when the cookies are all there is. */
  readonly token?: { readonly extract: Extraction; readonly send: Placement };
  /** Send back the cookies that the answer sets. */
  readonly keepCookies: boolean;
  /** Headers sent besides. */
  readonly also: readonly Header[];
  /** Seconds that the token lives, when the user says so. */
  readonly expiresIn?: number;
}
