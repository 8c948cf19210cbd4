import type { Reader, Reading } from '../reader.ts';
import { decodedPath } from './crawled-operations.ts';
import { leadsIn, type Lead } from './leads.ts';
import { templateOf } from './template.ts';

/** A page that was read, and the link that led to it. */
export type Page = Extract<Reading, { readonly kind: 'page' }>;

export interface Walk {
  readonly start: URL;
  readonly reader: Reader;
  readonly mostRequests: number;
  /** False for links that are not to be followed. */
  readonly mayFollow: (lead: Lead) => boolean;
  readonly onPage: (page: Page, lead: Lead) => void;
  /** Hears of what a page names and a GET does not lead to: forms, templates, other methods. */
  readonly onLead: (lead: Lead, foundAt: string) => void;
}

const deepest = 3;
/** Two of a kind show which part of a path is the id; more of them only cost requests. */
const mostPerTemplate = 2;

/** Follows links by GET within the origin, three links deep. False when it had to stop before it was through. */
export async function walk({ start, reader, mostRequests, mayFollow, onPage, onLead }: Walk): Promise<boolean> {
  const visits = new Map<string, number>();
  const before = reader.sent();
  let waiting: Lead[] = [{ method: 'GET', url: start, kind: 'link' }];
  for (let depth = 0; depth <= deepest; depth++) {
    const found: Lead[] = [];
    for (const lead of waiting) {
      if (!isToBeVisited(lead, visits)) continue;
      if (reader.sent() - before >= mostRequests) return false;
      const page = await reader.read(lead.url.href);
      if (page.kind !== 'page') continue;
      onPage(page, lead);
      if (page.response.status >= 400) continue;
      for (const next of leadsIn(page.url, page.response)) {
        if (!mayFollow(next)) continue;
        if (next.method === 'GET' && !/[{<]|\/:/.test(decodedPath(next.url))) found.push(next);
        else if (/^[A-Z]+$/.test(next.method)) onLead(next, page.url);
      }
    }
    waiting = found;
  }
  return true;
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
