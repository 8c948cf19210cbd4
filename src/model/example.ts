import type { Request } from './http.ts';
import type { Json } from './json.ts';
import type { Permissions } from './permissions.ts';

/** What an example API answers. */
export interface Reply {
  readonly status: number;
  readonly body?: Json | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long it takes to answer, in milliseconds; 1 when absent. Nobody waits. */
  readonly ms?: number;
}

/** What an example API fetches from elsewhere: the body at a URL; `undefined` where there is none. */
export type ExampleFetch = (url: string) => string | undefined;

/** Somebody who is lent to the scan, with a bearer token or with a credential as `--auth` takes it: `X-API-Key: …`. */
export type ExampleIdentity = { readonly name: string; readonly role?: string; readonly tenant?: string } & (
  | { readonly bearer: string }
  | { readonly credential: string }
);

/** A whole API as a value: the examples of checks, and the demo. Nothing of it touches a network. */
export interface ExampleApi {
  /** What is shown of it in the documentation: one sentence. */
  readonly title: string;
  /** Where it is; `http://api.example.test` when absent. */
  readonly origin?: string;
  /** An OpenAPI document, as JSON; or the text of a GraphQL schema. */
  readonly description: Json;
  /** A fresh instance with its own state. */
  readonly start: (fetch?: ExampleFetch) => (request: Request) => Reply;
  /** Identities lent to the scan; signs up when absent. */
  readonly identities?: readonly ExampleIdentity[];
  /** What a person says is right. */
  readonly permissions?: Permissions;
  /** Defaults to `write`. */
  readonly allow?: 'read' | 'write' | 'intrusive';
}
