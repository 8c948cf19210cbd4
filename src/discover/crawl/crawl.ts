import { headerOf, jsonOf, type Response } from '../../model/http.ts';
import type { Surface } from '../../model/operation.ts';
import { createNotes } from '../notes.ts';
import type { Reader } from '../reader.ts';
import { createCrawled, decodedPath } from './crawled-operations.ts';
import { looksDestructive } from './destructive.ts';
import type { Lead } from './leads.ts';
import { walk } from './walk.ts';

const mostRequests = 60;

/** Follows links from a URL by GET, within its origin: at most 60 requests, three links deep. Its operations may be none. */
export async function crawl(start: URL, reader: Reader): Promise<Surface> {
  const crawled = createCrawled();
  const notes = createNotes();
  const isThrough = await walk({
    start,
    reader,
    mostRequests,
    mayFollow({ url }) {
      const path = decodedPath(url);
      const isDestructive = looksDestructive(path);
      if (isDestructive) notes.add('Links that look destructive were not followed', path);
      return !isDestructive;
    },
    onPage(page, lead) {
      const url = new URL(page.url);
      // Whoever gives a URL that asks for a credential means what is behind it.
      const isMeant = lead.url.href === start.href && (page.response.status === 401 || page.response.status === 403);
      for (const method of isMeant ? ['GET'] : methodsOf(page.response, lead)) crawled.add({ ...lead, url }, method, page.url);
    },
    onLead: (lead, foundAt) => crawled.add(lead, lead.method, foundAt),
  });
  if (!isThrough) notes.add(`The crawl stopped after ${mostRequests} requests; there may be more operations.`);
  const operations = crawled.operations();
  notes.add(`No description was found; ${operations.length} operations were learned by following links.`);
  return { origin: start.origin, operations, securitySchemes: {}, notes: notes.sentences() };
}

/** Methods that an answer to a GET gives away. An answer that is a page for people gives away none. */
function methodsOf(response: Response, lead: Lead): readonly string[] {
  const isData = isDataIn(response);
  const { status } = response;
  if (lead.kind === 'guess') return isData && status < 300 ? ['GET'] : [];
  if (status === 405)
    return (headerOf(response.headers, 'allow') ?? '').split(/[\s,]+/).filter((method) => /^(?:POST|PUT|PATCH|DELETE)$/.test(method));
  if (status === 401 || status === 403) return isData || headerOf(response.headers, 'www-authenticate') !== undefined ? ['GET'] : [];
  return isData && status < 300 ? ['GET'] : [];
}

/** True for an answer that is made for programs. */
export function isDataIn(response: Response): boolean {
  const json = jsonOf(response);
  return json !== undefined && json !== null && typeof json === 'object';
}
