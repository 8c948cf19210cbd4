import { isCredentialHeader, isCredentialQuery, isTenantHeader } from '../../model/credential-place.ts';
import { headerOf, jsonOf, type Exchange, type Header } from '../../model/http.ts';
import { UserError } from '../../model/user-error.ts';
import { lineFinder } from '../lines/line-of.ts';
import { createNotes } from '../notes.ts';
import { askedFields } from '../graphql/asked.ts';
import { bodyOf, isGraphql } from '../trace/body-shape.ts';
import { addKeyValues, namedSegments, propertiesOf, type KeyValues } from '../trace/key-values.ts';
import { countedOrigins, isSameOrigin, severalOrigins } from '../trace/origin.ts';
import type { Trace, TracedRequest } from '../trace/trace.ts';
import type { Har, Recorded } from './read-har.ts';
import { whyIrrelevant } from './relevance.ts';

/** The exchanges of a recording that speak to the API, and what was left out of it. */
export interface ApiTraffic {
  readonly recorded: readonly Recorded[];
  readonly notes: readonly string[];
}

/**
 * The part of a recording that went to the API at `target`; without a target, to the only origin that it speaks to. Throws
 * `UserError` when nothing did, or when there are several origins to choose from.
 */
export function apiTraffic({ recorded, unreadable, location }: Har, target: string | undefined): ApiTraffic {
  const notes = createNotes();
  if (unreadable > 0) notes.add(`${unreadable} entries of the recording could not be read`);
  const relevant = recorded.filter(({ exchange }) => {
    const why = whyIrrelevant(exchange);
    if (why !== undefined && (target === undefined || isSameOrigin(exchange.request.origin, target)))
      notes.add(why, `${exchange.request.method} ${placeOf(exchange)}`);
    return why === undefined;
  });
  if (relevant.length === 0) {
    throw new UserError('har-without-api', `${location} holds no request to an API: pages, scripts and images are all there is.`, {
      hint: 'Use the application while recording, so that it calls its API.',
    });
  }
  const origins = countedOrigins(relevant.map(({ exchange }) => exchange));
  const [only, ...others] = origins;
  if (target === undefined && others.length > 0) throw severalOrigins(origins.map(([origin, count]) => `${origin} (${count})`));
  const wanted = target ?? only?.[0] ?? '';
  const own = relevant.filter(({ exchange }) => isSameOrigin(exchange.request.origin, wanted));
  if (own.length === 0) {
    const found = origins.map(([origin, count]) => `${origin} (${count})`).slice(0, 6);
    throw new UserError('other-origin', `${location} has no request to ${wanted}, only to ${found.join(', ')}.`, {
      hint: 'Give the URL that was recorded, or record again against this one.',
    });
  }
  for (const [origin, count] of origins)
    if (!isSameOrigin(origin, wanted)) notes.add('Requests to other origins were left out', `${origin} (${count})`);
  return { recorded: own, notes: notes.sentences() };
}

/** What a recording tells of the API, without its secrets. `identity` is who made it. */
export function traceOfHar(har: Har, { recorded, notes }: ApiTraffic, identity?: string): Trace {
  const { location, version, text } = har;
  const known: KeyValues = new Map();
  for (const { exchange } of recorded) if (isServed(exchange)) addKeyValues(known, jsonOf(exchange.response));
  return {
    kind: 'har',
    location,
    dialect: `har ${version}`,
    ...(identity === undefined ? {} : { identity }),
    requests: recorded.map((one) => requestOf(one, known)),
    securitySchemes: schemesOf(recorded.map(({ exchange }) => exchange)),
    notes,
    lineOf: lineFinder(text, 'json'),
  };
}

function requestOf({ exchange, pointer }: Recorded, known: KeyValues): TracedRequest {
  const { request, response } = exchange;
  const url = new URL(request.path, 'http://relative.invalid');
  const isAsked = request.body !== undefined && isGraphql(request.body);
  const body = request.body === undefined || isAsked ? undefined : bodyOf(headerOf(request.headers, 'content-type') ?? '', request.body);
  const answered = isServed(exchange) ? propertiesOf(jsonOf(response)) : undefined;
  const named = namedSegments(url.pathname, known);
  return {
    method: request.method,
    origin: request.origin,
    path: url.pathname,
    query: [...url.searchParams].filter(([name]) => !isCredentialQuery(name) && !isCacheBuster(name)),
    headers: request.headers.filter(isOfApi),
    ...(body === undefined ? {} : { body }),
    ...(isAsked ? { graphql: askedFields(request.body ?? '') } : {}),
    status: response.status,
    ...(answered === undefined ? {} : { answered }),
    ...(named === undefined ? {} : { named }),
    pointer,
  };
}

const plumbing =
  /^x-(?:requested-with|forwarded|real-ip|request|correlation|trace|amz|amzn|b3|datadog|newrelic|sentry|client-data|csrf|xsrf|goog|fb|ms-|http|devtools|middleware)/i;

/** True for a header that the API itself defines: neither the browser's, nor a credential, nor tracing. */
function isOfApi([name]: Header): boolean {
  return /^x-/i.test(name) && !plumbing.test(name) && !isCredentialHeader(name) && !isTenantHeader(name);
}

function isCacheBuster(name: string): boolean {
  return /^(?:_|_t|cb|ts|timestamp|cachebuster|nocache)$/i.test(name);
}

function placeOf({ request }: Exchange): string {
  return request.path.split('?', 1)[0] ?? '';
}

function isServed({ response }: Exchange): boolean {
  return response.status >= 200 && response.status < 300;
}

function schemesOf(exchanges: readonly Exchange[]): Trace['securitySchemes'] {
  const schemes: Record<string, Trace['securitySchemes'][string]> = {};
  for (const { request } of exchanges) {
    for (const [name, value] of request.headers) {
      const word = /^(bearer|basic)\s/i.exec(value)?.[1]?.toLowerCase();
      if (/^authorization$/i.test(name) && word !== undefined) schemes[word] = { kind: 'http', scheme: word };
      else if (isCredentialHeader(name)) schemes[name] = { kind: 'apiKey', in: 'header', name };
    }
    for (const [name] of new URL(request.path, 'http://relative.invalid').searchParams)
      if (isCredentialQuery(name)) schemes[name] = { kind: 'apiKey', in: 'query', name };
  }
  return schemes;
}
