import type { Json } from './json.ts';
import type { Schema } from './schema.ts';
import type { SourceHints } from './source.ts';

/** `GET /books/{title}`: method and path as described, `POST /graphql query book(id)`; unique in a surface. */
export type OperationId = string;

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';

export interface Parameter {
  readonly name: string;
  readonly in: ParameterPlace;
  readonly required: boolean;
  readonly description?: string;
  readonly schema?: Schema;
  readonly examples: readonly Json[];
}

/** One media type of a request body or of a response. */
export interface Content {
  readonly mediaType: string;
  readonly schema?: Schema;
  readonly examples: readonly Json[];
}

export interface RequestBody {
  readonly required: boolean;
  readonly contents: readonly Content[];
}

export interface ResponseDescription {
  /** `200`, `2XX` or `default`. */
  readonly status: string;
  readonly description?: string;
  readonly contents: readonly Content[];
}

/** OpenAPI `links`: a value of this operation's answer is a parameter of another operation. */
export interface Link {
  readonly status: string;
  readonly target: { readonly operationId: string } | { readonly operationRef: string };
  /** Parameter name → runtime expression such as `$response.body#/id`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** One alternative of `security`: scheme name → scopes; all of them are needed together. `{}` means anonymous. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

export type SecurityScheme =
  | { readonly kind: 'http'; readonly scheme: string; readonly bearerFormat?: string }
  | { readonly kind: 'apiKey'; readonly in: 'header' | 'query' | 'cookie'; readonly name: string }
  | { readonly kind: 'oauth2'; readonly tokenUrls: readonly string[] }
  | { readonly kind: 'openIdConnect'; readonly url: string }
  | { readonly kind: 'mutualTLS' };

/** What told of an operation: a description, links, recorded traffic, a collection of requests, the source of the target. */
export const sourceKinds = ['openapi', 'crawl', 'har', 'postman', 'source', 'graphql'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** Where an operation was learned. */
export interface Source {
  readonly kind: SourceKind;
  /** URL or file of the document; the URL of the answer for a crawled operation. */
  readonly document: string;
  /** JSON Pointer into the document, e.g. `/paths/~1books/get`. */
  readonly pointer?: string;
}

/** One HTTP operation of the target, whatever description it came from. Schemas resolve lazily. */
export interface Operation {
  readonly id: OperationId;
  /** Upper case. */
  readonly method: string;
  /** Template as described, base path included: `/v1/books/{title}`. */
  readonly path: string;
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  readonly parameters: readonly Parameter[];
  readonly body?: RequestBody;
  readonly responses: readonly ResponseDescription[];
  readonly links: readonly Link[];
  /** `undefined`: the description is silent, so it is learned from 401 and 403. `[]`: declared open. */
  readonly security?: readonly SecurityRequirement[];
  /** It is described as one that changes nothing, whatever its method: a GraphQL query. */
  readonly safe?: true;
  readonly source: Source;
  /** What the source of the target says of it: where to look, never a proof. */
  readonly hints?: SourceHints;
  /** Present when it is a field of a GraphQL schema. Method and path then say what it amounts to; this says how it is sent. */
  readonly graphql?: GraphqlField;
}

/**
 * A query or mutation field on the wire. All of them go to one path by POST, so what tells them apart for the stages after
 * discovery is what they amount to: `query order(id)` reads like `GET /graphql/order/{id}`, and is told and sent as what it is.
 */
export interface GraphqlField {
  readonly kind: 'query' | 'mutation';
  /** Path of the endpoint. */
  readonly endpoint: string;
  /** For people: `order(id)`; empty for the endpoint as a whole. */
  readonly signature: string;
  /** Name of the field: what the answer carries under `/data`. */
  readonly field: string;
  /** The document sent; every argument is one of its variables. */
  readonly document: string;
  /** Where the value of a path or query parameter goes: its name → JSON Pointer into the variables. */
  readonly places: Readonly<Record<string, string>>;
  /** JSON Pointer into the variables, under which the body goes. */
  readonly body: string;
}

/** Method and path of an operation as people know them: of a GraphQL field, `POST /graphql query order(id)`. */
export function shownAs({ method, path, graphql }: Operation): { readonly method: string; readonly path: string } {
  if (!graphql) return { method, path };
  return { method: 'POST', path: graphql.signature === '' ? graphql.endpoint : `${graphql.endpoint} ${graphql.kind} ${graphql.signature}` };
}

/** Everything discovered about the target; all later stages read this and never the raw document. */
export interface Surface {
  /** Scheme, host and port that operations are sent to. */
  readonly origin: string;
  readonly title?: string;
  readonly operations: readonly Operation[];
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  /** The description it came from, for SARIF and for people; absent when crawled. */
  readonly document?: DescriptionDocument;
  /** What identities were served before the scan, as their recordings tell. */
  readonly visited?: readonly Visited[];
  /** Sentences for people: repairs made, parts left out and why. */
  readonly notes: readonly string[];
}

/** A request that an identity once made and was served: the values of its parameters, decoded. */
export interface Visited {
  readonly identity: string;
  readonly operation: OperationId;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export interface DescriptionDocument {
  /** URL or file path; `<stdin>` for standard input. */
  readonly location: string;
  /** `openapi 3.0.1`, `swagger 2.0`, … */
  readonly dialect: string;
  /** 1-based line of a JSON Pointer in the document's text; computed when asked. */
  readonly lineOf: (pointer: string) => number | undefined;
}

/** True when a request by this method is not meant to change anything (RFC 9110, 9.2.1). */
export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || method === 'QUERY';
}

/** True when an operation may be sent without consent to changes: by its method, or because it is described as changing nothing. */
export function isSafe(operation: Operation): boolean {
  return operation.safe === true || isSafeMethod(operation.method);
}

/** True when the description says that some credential is needed. */
export function declaresSecurity(operation: Operation): boolean {
  return !!operation.security?.length && operation.security.every((alternative) => Object.keys(alternative).length > 0);
}
