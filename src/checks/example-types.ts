import type { ExampleApi, ExampleFetch, Reply } from '../model/example.ts';
import type { Request } from '../model/http.ts';
import type { Json, JsonObject } from '../model/json.ts';

/** Someone with an account in an example API. */
export interface ExampleUser {
  readonly id: number;
  readonly username: string;
  email: string;
  password: string;
  admin: boolean;
  readonly extra: Record<string, Json>;
}

/** The objects of example APIs: each belongs to a user. */
export interface ExampleNote {
  readonly id: number;
  readonly owner: string;
  title: string;
  text: string;
  shared: boolean;
}

/** What a route works with. */
export interface ExampleContext {
  /** The caller; `undefined` when anonymous. */
  readonly me: ExampleUser | undefined;
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly request: Request;
  readonly users: ExampleUser[];
  readonly notes: ExampleNote[];
  /** The note that the path names by `{id}`. */
  readonly note: ExampleNote | undefined;
  /** The token that the request carries; '' without one. */
  readonly token: string;
  /** A token for somebody, as log-ins give it. */
  readonly issue: (username: string) => string;
  /** The answer to a log-in. */
  readonly welcome: (username: string) => Reply;
  /** Tokens that are no longer taken. */
  readonly revoked: Set<string>;
}

/** A route: what is described of it, and what it does. */
export interface ExampleRoute {
  readonly reply: (context: ExampleContext) => Reply;
  readonly summary?: string;
  /** It is served, and the description does not have it. */
  readonly undescribed?: true;
  /** Whether the description says that it needs a credential; silent when absent. */
  readonly secured?: boolean;
  /** Names and schemas of the body's properties. */
  readonly body?: Readonly<Record<string, Json>>;
  /** Names and schemas of the answer's properties. */
  readonly returns?: Readonly<Record<string, Json>>;
  readonly query?: readonly string[];
  /** Names of headers and cookies that it must be sent. */
  readonly headers?: readonly string[];
  readonly cookies?: readonly string[];
}

export interface ExampleOptions {
  readonly title: string;
  /** `GET /notes/{id}` → route; replaces or adds to the sound ones. `null` removes one. */
  readonly routes?: Readonly<Record<string, ExampleRoute | null>>;
  readonly allow?: ExampleApi['allow'];
  readonly origin?: string;
  /** The security scheme of the description; a bearer token when absent. */
  readonly scheme?: JsonObject;
  readonly identities?: ExampleApi['identities'];
  readonly permissions?: ExampleApi['permissions'];
  /** People and notes that are there from the start; a person's token is `token-of-<name>`. */
  readonly users?: readonly string[];
  readonly notes?: readonly Omit<ExampleNote, 'id'>[];
  /** Whether a token is taken; the sound rule when absent. */
  readonly verify?: (token: ExampleToken) => boolean;
  readonly tokens?: ExampleTokens;
}

/** How an example API makes its tokens; what is absent is as it should be. */
export interface ExampleTokens {
  /** The key of the HMAC. */
  readonly secret?: string;
  readonly header?: JsonObject;
  /** Claims beside `sub`; `null` in place of a claim leaves it out. */
  readonly claims?: (user: ExampleUser | undefined) => JsonObject;
  /** Where a request has its token; in the header Authorization when absent. */
  readonly find?: (request: Request) => string;
  /** Not signed at all. */
  readonly unsigned?: true;
  /** Signed by RS256 instead. */
  readonly rsa?: true;
  /** Kept in a cookie of this name instead of being given in the answer, with these attributes. */
  readonly cookie?: { readonly name: string; readonly attributes: string };
}

/** A token as an example API sees it before it decides. */
export interface ExampleToken {
  readonly algorithm: string;
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signed: string;
  readonly signature: string;
  /** The signature that it should have. */
  readonly expected: string;
  /** It expired before the day on which all examples play. */
  readonly expired: boolean;
  readonly fetch: ExampleFetch;
}
