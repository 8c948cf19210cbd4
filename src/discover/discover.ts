import type { Send } from '../model/http.ts';
import type { Surface } from '../model/operation.ts';
import { UserError } from '../model/user-error.ts';
import { crawl } from './crawl/crawl.ts';
import { readDescription, type Description } from './description.ts';
import { readExternalDocuments } from './external-documents.ts';
import { findDescription } from './find-description.ts';
import { askForSchema } from './graphql/endpoint.ts';
import { findGraphql, looksLikeGraphql, surfaceOfSchema, withGraphql, withTracedGraphql } from './graphql/find.ts';
import { readSchemaText } from './graphql/schema-text.ts';
import { graphqlSurface } from './graphql/surface.ts';
import type { Wanted } from './openapi/servers.ts';
import { surfaceOf } from './openapi/surface.ts';
import { readSpec } from './read-spec.ts';
import { createReader, mustRead, type Reader } from './reader.ts';
import { surfaceOfTraces, withTraced } from './trace/surface.ts';
import type { Trace } from './trace/trace.ts';

export interface DiscoverInput {
  /** The URL that the user gave. Needed unless the description names a server by an absolute URL. */
  readonly target?: string;
  /** URL, file path, or `-` for standard input; looked for, then done without, when absent. */
  readonly spec?: string;
  readonly stdin?: () => Promise<string>;
  /** Recorded traffic, or a collection in the place of a description: its operations join what is described. */
  readonly traces?: readonly Trace[];
  /** The only way to the network. */
  readonly send: Send;
  /** Follow `$ref` to other files and addresses. */
  readonly allowExternalRefs?: boolean;
  /** Operations are known from elsewhere, too: a target without a description or links may have none of its own. */
  readonly mayBeEmpty?: boolean;
  /** Hears each of the surface's notes. */
  readonly onNote?: (sentence: string) => void;
}

/**
 * Everything that can be known of the target before it is spoken to as somebody: from its description, wherever that is, or
 * from its links. Throws `UserError`: `target-unreachable`, `not-an-api`, `not-a-description`, `no-operations`, …
 */
export async function discover(input: DiscoverInput): Promise<Surface> {
  const target = input.target === undefined ? undefined : targetUrl(input.target);
  const reader = createReader(input.send);
  const said: string[] = [];
  const surface = await surfaceFrom(input, target, reader, said);
  const notes = [...new Set([...said, ...surface.notes])];
  for (const note of notes) input.onNote?.(note);
  return { ...surface, notes };
}

async function surfaceFrom(input: DiscoverInput, target: URL | undefined, reader: Reader, said: string[]): Promise<Surface> {
  const { traces = [] } = input;
  if (input.spec !== undefined) {
    const { send, stdin } = input;
    const description = await readSpec(input.spec, { reader, send, stdin });
    const surface =
      'schema' in description
        ? await surfaceOfSchema(description, target, send)
        : await normalised(description, wantedOf(target, input.spec), input, reader);
    return withTracedGraphql(withTraced(surface, traces), traces, send);
  }
  if (traces.length > 0) {
    const traced = await withTracedGraphql(await tracedSurface(traces, target, input, reader, said), traces, input.send);
    if (traced.operations.length === 0 && input.mayBeEmpty !== true) throw notAnApi(new URL(traced.origin), traced.notes);
    return traced;
  }
  if (target === undefined) {
    throw new UserError('no-target', 'There is neither a target nor a description to scan.', {
      hint: 'Give the URL of the API, or --spec FILE.',
    });
  }
  if (looksLikeGraphql(target)) {
    const asked = await askForSchema(target, input.send);
    if (asked.kind === 'schema') return surfaceOfSchema(asked.document, target, input.send);
  }
  const description = await descriptionAt(target, reader, said);
  if (description !== undefined) return normalised(description, { origin: target.origin }, input, reader);
  await mustRead(reader, target.href);
  const found = await findGraphql(target, input.send);
  said.push(...found.notes);
  const crawled = await crawl(target, reader);
  const surface = await withGraphql(crawled, found, input.send);
  if (surface.operations.length === 0 && input.mayBeEmpty !== true) throw notAnApi(target, said);
  return surface;
}

/** Recordings of identities do not say what else there is, so a description is looked for beside them. */
async function tracedSurface(
  traces: readonly Trace[],
  target: URL | undefined,
  input: DiscoverInput,
  reader: Reader,
  said: string[],
): Promise<Surface> {
  if (target === undefined) return surfaceOfTraces(traces, {});
  const wanted = { origin: target.origin, path: target.pathname };
  if (traces.some((trace) => trace.identity === undefined)) return surfaceOfTraces(traces, wanted);
  const description = await descriptionAt(target, reader, said);
  if (description === undefined) return surfaceOfTraces(traces, wanted);
  return withTraced(await normalised(description, { origin: target.origin }, input, reader), traces);
}

/** A front page that leads away, or never answers, does not speak for the rest. Throws when nobody is there at all. */
async function descriptionAt(target: URL, reader: Reader, said: string[]): Promise<Description | undefined> {
  const first = await reader.read(target.href);
  const hangs = first.kind === 'silence' && (first.reason === 'timeout' || first.reason === 'reset');
  if (first.kind !== 'elsewhere' && !hangs) await mustRead(reader, target.href);
  return findDescription(target, reader, (sentence) => said.push(sentence));
}

async function normalised(description: Description, wanted: Wanted, input: DiscoverInput, reader: Reader): Promise<Surface> {
  const others = input.allowExternalRefs === true ? await readExternalDocuments(description, reader) : undefined;
  return withGraphql(surfaceOf(description, wanted, others), { endpoints: [], notes: [] }, input.send);
}

/** The user's path is a base path, unless it is where the description itself was read. */
function wantedOf(target: URL | undefined, spec: string): Wanted {
  if (target === undefined) return {};
  return target.href === spec || /\.(?:json|ya?ml)$/i.test(target.pathname)
    ? { origin: target.origin }
    : { origin: target.origin, path: target.pathname };
}

function notAnApi(target: URL, said: readonly string[]): UserError {
  const graphql = said.find((sentence) => sentence.includes('speaks GraphQL'));
  if (graphql !== undefined) {
    return new UserError('introspection-off', `${target.origin}${graphql.replace(/:[^:]*$/, '')}, and nothing else was found.`, {
      hint: 'Give its schema as a file with --spec schema.graphql, and the URL of the endpoint as the target.',
    });
  }
  const protectedHint = said.find((sentence) => sentence.includes('download'));
  return new UserError('not-an-api', `No API was found at ${target.href}: no description at the usual places, and no link to JSON.`, {
    hint: protectedHint ?? 'Give the description with --spec FILE, or the URL under which the API answers.',
  });
}

/** The URL that the user means; without a scheme it is `https`, on this machine `http`. Throws `UserError` `invalid-target`. */
export function targetUrl(target: string): URL {
  const hasScheme = /^[a-z][\w+.-]*:\/\//i.test(target);
  const isLocal = /^(?:localhost|[\d.]+|\[[\da-f:]+\])(?::\d+)?(?:\/|$)/i.test(target);
  const full = hasScheme ? target : `${isLocal ? 'http' : 'https'}://${target}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UserError('invalid-target', `"${target}" is not a URL that can be scanned.`, {
      hint: 'Give an address such as http://localhost:5000.',
    });
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

export interface SurfaceOptions {
  /** Wins over the servers that the description names. */
  readonly origin?: string;
  /** Base path where the description names no server. */
  readonly basePath?: string;
}

/** Parses and normalises a description without any reading or sending. `location` is what it is called. Throws `UserError`. */
export function surfaceFromText(text: string, location: string, options: SurfaceOptions = {}): Surface {
  const { origin, basePath } = options;
  const wanted = { ...(origin === undefined ? {} : { origin }), ...(basePath === undefined ? {} : { path: basePath }) };
  const schema = readSchemaText(text, location);
  if (schema)
    return graphqlSurface(schema, origin ?? 'http://localhost', basePath === undefined || basePath === '/' ? '/graphql' : basePath);
  return surfaceOf(readDescription(text, location), wanted);
}
