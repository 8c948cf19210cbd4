import type { Request } from './http.ts';
import type { Json } from './json.ts';

/** What an example API answers. */
export interface Reply {
  readonly status: number;
  readonly body?: Json | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole API as a value: the examples of checks, and the demo. Nothing of it touches a network. */
export interface ExampleApi {
  /** What is shown of it in the documentation: one sentence. */
  readonly title: string;
  /** An OpenAPI document, as JSON. */
  readonly description: Json;
  /** A fresh instance with its own state. */
  readonly start: () => (request: Request) => Reply;
  /** Identities lent to the scan; signs up when absent. */
  readonly identities?: readonly { readonly name: string; readonly role?: string; readonly bearer: string }[];
  /** Defaults to `write`. */
  readonly allow?: 'read' | 'write' | 'intrusive';
}
