import { parseJson, type Json } from './json.ts';

/** One header as sent or received: case, order and duplicates are kept. */
export type Header = readonly [name: string, value: string];

/** A request, verbatim: `path` is the request-target (path and query) and is never rewritten. */
export interface Request {
  readonly method: string;
  /** Scheme, host and port: `http://127.0.0.1:5000`. */
  readonly origin: string;
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body?: string;
}

/** A response, its body decompressed and decoded as UTF-8. */
export interface Response {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
  /** Bytes on the wire, compressed. */
  readonly bytes: number;
  /** The body was longer than the cap and is cut. */
  readonly truncated: boolean;
}

/** A request that was answered. Times are milliseconds; `startedAt` counts from the Unix epoch. */
export interface Exchange {
  readonly kind: 'exchange';
  readonly request: Request;
  readonly response: Response;
  readonly startedAt: number;
  readonly ms: number;
}

/** Why a request has no response. */
export type SilenceReason =
  | 'timeout'
  | 'refused'
  | 'reset'
  | 'unresolved'
  | 'tls'
  | 'protocol'
  | 'out-of-scope'
  | 'out-of-budget'
  | 'not-recorded'
  | 'no-credential'
  | 'aborted';

/** A request without a response: a network failure is a value, not an exception. */
export interface Silence {
  readonly kind: 'silence';
  readonly request: Request;
  readonly reason: SilenceReason;
  /** A sentence for people. */
  readonly message: string;
  readonly startedAt: number;
  readonly ms: number;
}

export type Answer = Exchange | Silence;

/** Sends one request. Never rejects: failures are a `Silence`. */
export type Send = (request: Request) => Promise<Answer>;

/** The first value of a header, by case-insensitive name. */
export function headerOf(headers: readonly Header[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** All values of a header, by case-insensitive name. */
export function headersOf(headers: readonly Header[], name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value);
}

const parsed = new WeakMap<Response, { json: Json | undefined }>();

/** The body as JSON, whatever its media type says; `undefined` when it is not. Parsed once per response. */
export function jsonOf(response: Response): Json | undefined {
  let memo = parsed.get(response);
  if (!memo) {
    const text = response.body.trimStart();
    memo = { json: /^[[{"\dtfn-]/.test(text) ? parseJson(text) : undefined };
    parsed.set(response, memo);
  }
  return memo.json;
}

/** The absolute URL of a request. */
export function urlOf(request: Request): string {
  return request.origin + request.path;
}
