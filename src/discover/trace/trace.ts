import { z } from 'zod';
import type { Json } from '../../model/json.ts';
import type { SecurityScheme } from '../../model/operation.ts';

/** A request that somebody made, or wrote down, without its credentials and without the values of its body. */
export interface TracedRequest {
  /** Upper case. */
  readonly method: string;
  /** Scheme, host and port; '' where the collection leaves the host open. */
  readonly origin: string;
  /** As sent, without query; `{name}` where a collection has a variable. */
  readonly path: string;
  /** Values of those variables, where they are known. */
  readonly slots?: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Headers that the API itself defines. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: TracedBody;
  /** Present where it was sent to a GraphQL endpoint: what its queries asked for. */
  readonly graphql?: readonly { readonly field: string; readonly ids: Readonly<Record<string, string>> }[];
  /** Of the answer, in recorded traffic. */
  readonly status?: number;
  /** The names of the properties of the object that it was answered with. */
  readonly answered?: readonly string[];
  /** Path segments, by index, that stand as a key in some answer → the name of that key: `{ 2: 'title' }`. */
  readonly named?: Readonly<Record<string, string>>;
  /** True where the author says that it takes no credential. */
  readonly open?: boolean;
  readonly summary?: string;
  readonly tags?: readonly string[];
  /** JSON Pointer into the file. */
  readonly pointer: string;
}

export interface TracedBody {
  readonly mediaType: string;
  /** A JSON Schema of what was sent: names, types and formats. */
  readonly schema: Json;
}

/** The requests of one file: plain JSON but for `lineOf`, and free of secrets, so that a recording may keep it. */
export interface Trace {
  /** `crawl`: links that an identity of the scan followed. */
  readonly kind: 'har' | 'postman' | 'crawl';
  readonly location: string;
  /** `har 1.2`, `postman 2.1`. */
  readonly dialect: string;
  readonly title?: string;
  /** Who made the requests; absent when the file only describes the API. */
  readonly identity?: string;
  readonly requests: readonly TracedRequest[];
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  /** Sentences about what was left out. */
  readonly notes: readonly string[];
  /** 1-based line of a JSON Pointer. */
  readonly lineOf?: (pointer: string) => number | undefined;
}

const pairs = z.array(z.tuple([z.string(), z.string()]));
const scheme = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('http'), scheme: z.string() }),
  z.object({ kind: z.literal('apiKey'), in: z.enum(['header', 'query', 'cookie']), name: z.string() }),
]);

/** A trace as it is kept in a recording. */
export const traceSchema: z.ZodType<Trace> = z.object({
  kind: z.enum(['har', 'postman', 'crawl']),
  location: z.string(),
  dialect: z.string(),
  title: z.string().exactOptional(),
  identity: z.string().exactOptional(),
  requests: z.array(
    z.object({
      method: z.string(),
      origin: z.string(),
      path: z.string(),
      slots: z.record(z.string(), z.string()).exactOptional(),
      query: pairs,
      headers: pairs,
      body: z.object({ mediaType: z.string(), schema: z.json() }).exactOptional(),
      graphql: z.array(z.object({ field: z.string(), ids: z.record(z.string(), z.string()) })).exactOptional(),
      status: z.number().exactOptional(),
      answered: z.array(z.string()).exactOptional(),
      named: z.record(z.string(), z.string()).exactOptional(),
      open: z.boolean().exactOptional(),
      summary: z.string().exactOptional(),
      tags: z.array(z.string()).exactOptional(),
      pointer: z.string(),
    }),
  ),
  securitySchemes: z.record(z.string(), scheme),
  notes: z.array(z.string()),
});
