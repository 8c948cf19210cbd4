import { jsonOf, type Response, type Send } from '../../model/http.ts';
import { isObject } from '../../model/json.ts';
import type { Surface } from '../../model/operation.ts';
import { UserError } from '../../model/user-error.ts';
import type { Trace } from '../trace/trace.ts';
import { visitsOf } from './asked.ts';
import { askForSchema, speaksGraphql, usualEndpoints } from './endpoint.ts';
import type { SchemaDocument } from './schema-text.ts';
import { graphqlSurface } from './surface.ts';

const named = /(?:^|\/)(?:graphi?ql|gql)\/?$/i;
const mostLeads = 3;

/** True where the answer to a GET, or the name of the place, gives a GraphQL endpoint away. */
export function showsGraphql(url: URL, response: Response): boolean {
  const json = jsonOf(response);
  const errors = isObject(json) ? json['errors'] : undefined;
  return looksLikeGraphql(url) || /graphql/i.test(response.body.slice(0, 20_000)) || (Array.isArray(errors) && errors.length > 0);
}

/**
 * A surface of recordings with what the GraphQL endpoints in them offer, and who asked them for what. Where an endpoint does not tell
 * its schema, what it offers is missing.
 */
export async function withTracedGraphql(surface: Surface, traces: readonly Trace[], send: Send): Promise<Surface> {
  const asked = traces.flatMap(({ requests }) => requests.filter(({ graphql }) => graphql !== undefined));
  if (asked.length === 0) return surface;
  const known = surface.operations.some(({ graphql }) => graphql !== undefined);
  const paths = [...new Set(asked.map(({ path }) => path))].filter((path) => !path.includes('{')).slice(0, mostLeads);
  const own = paths.map((path) => new URL(path, surface.origin));
  const whole = known ? surface : await withGraphql(surface, await askAll(own, send), send);
  return { ...whole, visited: [...(surface.visited ?? []), ...visitsOf(traces, whole.operations)] };
}

/** True for a URL that is called like a GraphQL endpoint. */
export function looksLikeGraphql(url: URL): boolean {
  return named.test(url.pathname);
}

/** The surface of a schema that the user gave. Its endpoint is the target's own path, else the first usual place that answers. */
export async function surfaceOfSchema(document: SchemaDocument, target: URL | undefined, send: Send): Promise<Surface> {
  const base = document.endpoint ?? target;
  if (base === undefined) {
    throw new UserError('no-target', `${document.location} does not say where the API is.`, {
      hint: 'Give the URL of the GraphQL endpoint.',
    });
  }
  if (document.endpoint) return graphqlSurface(document, base.origin, base.pathname + base.search);
  for (const url of placesFor(base)) {
    if (await speaksGraphql(url, send)) return graphqlSurface(document, url.origin, url.pathname + url.search);
  }
  const endpoint = base.pathname === '/' ? '/graphql' : base.pathname + base.search;
  const surface = graphqlSurface(document, base.origin, endpoint);
  const note = `No GraphQL endpoint answered at the usual places; requests go to ${endpoint}. Give its URL as the target if it is elsewhere.`;
  return { ...surface, notes: [note, ...surface.notes] };
}

/** What asking around for GraphQL came to: its operations, and sentences about endpoints that keep their schema to themselves. */
export interface FoundGraphql {
  readonly surface?: Surface;
  /** Paths of the endpoint, and of those that are GraphQL without saying what they offer. */
  readonly endpoints: readonly string[];
  readonly notes: readonly string[];
}

/** Looks for GraphQL at the usual places, and at the target itself where it is called like that. The first endpoint that tells its schema counts. */
export async function findGraphql(target: URL, send: Send): Promise<FoundGraphql> {
  // Asking is a POST: at a path that may be anything else, it could make something.
  return askAll(
    placesFor(target).filter((url) => url.pathname !== target.pathname || looksLikeGraphql(url)),
    send,
  );
}

/**
 * A surface with what GraphQL offers beside it: what was found already, else what its own operations that are called like GraphQL
 * endpoints answer when asked. An endpoint whose schema is known is no longer one operation.
 */
export async function withGraphql(surface: Surface, already: FoundGraphql, send: Send): Promise<Surface> {
  const leads = surface.operations.filter(({ path }) => named.test(path) && !path.includes('{') && !already.endpoints.includes(path));
  const paths = [...new Set(leads.map(({ path }) => path))].slice(0, mostLeads);
  const asked = already.surface
    ? already
    : await askAll(
        paths.map((path) => new URL(path, surface.origin)),
        send,
      );
  const { surface: found, endpoints, notes } = asked;
  const said = [...new Set([...already.notes, ...notes])];
  if (!found) return said.length === 0 ? surface : { ...surface, notes: [...surface.notes, ...said] };
  const others = surface.operations.filter(({ path }) => !endpoints.includes(path));
  if (others.length === 0) return { ...surface, ...found, securitySchemes: surface.securitySchemes, notes: [...said, ...found.notes] };
  return { ...surface, operations: [...others, ...found.operations], notes: [...surface.notes, ...said, ...found.notes] };
}

async function askAll(places: readonly URL[], send: Send): Promise<FoundGraphql> {
  const endpoints: string[] = [];
  const notes: string[] = [];
  for (const url of places) {
    const asked = await askForSchema(url, send);
    if (asked.kind === 'other') continue;
    endpoints.push(url.pathname);
    if (asked.kind === 'schema') {
      const surface = graphqlSurface(asked.document, url.origin, url.pathname + url.search);
      return {
        surface,
        endpoints,
        notes: [`${url.pathname} speaks GraphQL: ${surface.operations.length - 1} operations were learned from its introspection.`],
      };
    }
    notes.push(`${url.pathname} speaks GraphQL and does not tell its schema (${asked.why}): give it with --spec schema.graphql.`);
  }
  return { endpoints, notes };
}

function placesFor(target: URL): URL[] {
  const own = target.pathname === '/' ? [] : [target];
  const folder = new URL(target.pathname.endsWith('/') ? '.' : `${target.pathname}/`, target);
  const below = folder.pathname === '/' || looksLikeGraphql(target) ? [] : [new URL('graphql', folder)];
  const all = [...own, ...below, ...usualEndpoints.map((path) => new URL(path, target))];
  return all.filter((url, at) => all.findIndex((other) => other.href === url.href) === at);
}
