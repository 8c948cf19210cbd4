import type { ExampleApi, Reply } from '../model/example.ts';
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
}

/** A route: what is described of it, and what it does. */
export interface ExampleRoute {
  readonly reply: (context: ExampleContext) => Reply;
  readonly summary?: string;
  /** Whether the description says that it needs a credential; silent when absent. */
  readonly secured?: boolean;
  /** Names and schemas of the body's properties. */
  readonly body?: Readonly<Record<string, Json>>;
  /** Names and schemas of the answer's properties. */
  readonly returns?: Readonly<Record<string, Json>>;
  readonly query?: readonly string[];
}

export interface ExampleOptions {
  readonly title: string;
  /** `GET /notes/{id}` → route; replaces or adds to the sound ones. `null` removes one. */
  readonly routes?: Readonly<Record<string, ExampleRoute | null>>;
  readonly allow?: 'read' | 'write';
  readonly identities?: ExampleApi['identities'];
  /** People and notes that are there from the start; a person's token is `token-of-<name>`. */
  readonly users?: readonly string[];
  readonly notes?: readonly Omit<ExampleNote, 'id'>[];
  /** Whether a token with this header and signature is taken; the sound rule when absent. */
  readonly verify?: (token: { readonly algorithm: string; readonly signature: string; readonly expected: string }) => boolean;
}
