import { headerOf, jsonOf, type Response } from '../../model/http.ts';
import type { Surface } from '../../model/operation.ts';
import { createNotes } from '../notes.ts';
import type { Reader } from '../reader.ts';
import { createCrawled, decodedPath } from './crawled-operations.ts';
import { looksDestructive } from './destructive.ts';
import { leadsIn, type Lead } from './leads.ts';
import { templateOf } from './template.ts';

const mostRequests = 60;
const deepest = 3;
/** Two of a kind show which part of a path is the id; more of them only cost requests. */
const mostPerTemplate = 2;

/** Follows links from a URL by GET, within its origin: at most 60 requests, three links deep. Its operations may be none. */
export async function crawl(start: URL, reader: Reader): Promise<Surface> {
  const crawled = createCrawled();
  const notes = createNotes();
  const visits = new Map<string, number>();
  const before = reader.sent();
  let waiting: Lead[] = [{ method: 'GET', url: start, kind: 'link' }];
  for (let depth = 0; depth <= deepest; depth++) {
    const found: Lead[] = [];
    for (const lead of waiting) {
      if (!isToBeVisited(lead, visits)) continue;
      if (reader.sent() - before >= mostRequests) {
        notes.add(`The crawl stopped after ${mostRequests} requests; there may be more operations.`);
        break;
      }
      const reading = await reader.read(lead.url.href);
      if (reading.kind !== 'page') continue;
      const url = new URL(reading.url);
      for (const method of methodsOf(reading.response, lead)) crawled.add({ ...lead, url }, method, reading.url);
      if (reading.response.status >= 400) continue;
      for (const next of leadsIn(reading.url, reading.response)) found.push(...sorted(next, reading.url));
    }
    waiting = found;
  }

  function sorted(lead: Lead, foundAt: string): Lead[] {
    const path = decodedPath(lead.url);
    if (looksDestructive(path)) {
      notes.add('Links that look destructive were not followed', path);
      return [];
    }
    if (lead.method === 'GET' && !/[{<]|\/:/.test(path)) return [lead];
    if (/^[A-Z]+$/.test(lead.method)) crawled.add(lead, lead.method, foundAt);
    return [];
  }
  const operations = crawled.operations();
  notes.add(`No description was found; ${operations.length} operations were learned by following links.`);
  return { origin: start.origin, operations, securitySchemes: {}, notes: notes.sentences() };
}

function isToBeVisited(lead: Lead, visits: Map<string, number>): boolean {
  const { path } = templateOf(decodedPath(lead.url));
  const exact = lead.url.pathname + lead.url.search;
  const count = visits.get(path) ?? 0;
  if (visits.has(exact) || count >= mostPerTemplate) return false;
  visits.set(exact, (visits.get(exact) ?? 0) + 1);
  if (exact !== path) visits.set(path, count + 1);
  return true;
}

/** Methods that an answer to a GET gives away. An answer that is a page for people gives away none. */
function methodsOf(response: Response, lead: Lead): readonly string[] {
  const json = jsonOf(response);
  const isData = json !== undefined && json !== null && typeof json === 'object';
  const { status } = response;
  if (lead.kind === 'guess') return isData && status < 300 ? ['GET'] : [];
  if (status === 405)
    return (headerOf(response.headers, 'allow') ?? '').split(/[\s,]+/).filter((method) => /^(?:POST|PUT|PATCH|DELETE)$/.test(method));
  if (status === 401 || status === 403) return isData || headerOf(response.headers, 'www-authenticate') !== undefined ? ['GET'] : [];
  return isData && status < 300 ? ['GET'] : [];
}
