import { jsonOf, type Send } from '../../model/http.ts';
import type { Surface } from '../../model/operation.ts';
import { createReader } from '../reader.ts';
import { formBody } from '../trace/body-shape.ts';
import { addKeyValues, namedSegments, propertiesOf, type KeyValues } from '../trace/key-values.ts';
import { withTraced } from '../trace/surface.ts';
import type { Trace, TracedRequest } from '../trace/trace.ts';
import { isDataIn } from './crawl.ts';
import { decodedPath } from './crawled-operations.ts';
import { looksChanging, looksDestructive } from './destructive.ts';
import type { Lead } from './leads.ts';
import { templateOf } from './template.ts';
import { walk, type Page } from './walk.ts';

/** Somebody who can look around, with a way to send in that one's name. */
export interface Explorer {
  readonly identity: string;
  readonly send: Send;
}

const mostRequests = 40;

/**
 * Follows the links again in the name of each identity, at most 40 requests each: what lies behind a log-in shows itself to
 * members only, and what one is led to and the other is not tells whose it is. A surface that has a description or recordings to
 * go by is returned as it is. No link that looks as if it changed something is followed.
 */
export async function explore(surface: Surface, start: URL, explorers: readonly Explorer[]): Promise<Surface> {
  if (surface.document !== undefined || !surface.operations.every(({ source }) => source.kind === 'crawl')) return surface;
  const traces: Trace[] = [];
  for (const explorer of explorers) traces.push(await exploreAs(explorer, start));
  const explored = withTraced(
    surface,
    traces.filter(({ requests }) => requests.length > 0),
  );
  const more = explored.operations.length - surface.operations.length;
  if (more === 0) return explored;
  const names = explorers.map(({ identity }) => identity).join(' and ');
  return { ...explored, notes: [...explored.notes, `Links that ${names} could follow led to ${more} more operations.`] };
}

async function exploreAs({ identity, send }: Explorer, start: URL): Promise<Trace> {
  const pages: Page[] = [];
  const leads: Lead[] = [];
  await walk({
    start,
    reader: createReader(send),
    mostRequests,
    mayFollow: ({ url }) => !looksDestructive(decodedPath(url)) && !looksChanging(url),
    onPage: (page) => pages.push(page),
    onLead: (lead) => leads.push(lead),
  });
  const known: KeyValues = new Map();
  const served = pages.filter(({ response }) => response.status < 300);
  for (const { response } of served) addKeyValues(known, jsonOf(response));
  return {
    kind: 'crawl',
    location: start.href,
    dialect: 'links',
    identity,
    requests: [...served.filter(isOfApi).map((page) => requestOfPage(page, known)), ...leads.map(requestOfLead)],
    securitySchemes: {},
    notes: [],
  };
}

/** Data, and pages about one thing: the list of a shop's departments is for people, and order 17 is somebody's. */
function isOfApi({ url, response }: Page): boolean {
  return isDataIn(response) || templateOf(decodedPath(new URL(url))).slots.length > 0;
}

function requestOfPage({ url, response }: Page, known: KeyValues): TracedRequest {
  const { origin, pathname, searchParams } = new URL(url);
  const answered = propertiesOf(jsonOf(response));
  const named = namedSegments(pathname, known);
  return {
    method: 'GET',
    origin,
    path: pathname,
    query: [...searchParams],
    headers: [],
    status: response.status,
    ...(answered === undefined ? {} : { answered }),
    ...(named === undefined ? {} : { named }),
    pointer: '',
  };
}

/** A form that nobody has sent. What its fields hold may be this identity's own, so the names alone are kept. */
function requestOfLead({ method, url, fields = {}, mediaType }: Lead): TracedRequest {
  const names = Object.entries(fields);
  return {
    method,
    origin: url.origin,
    path: decodedPath(url),
    query: [...url.searchParams],
    headers: [],
    ...(names.length === 0 ? {} : { body: formBody(mediaType ?? 'application/x-www-form-urlencoded', names) }),
    pointer: '',
  };
}
