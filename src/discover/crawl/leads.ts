import { headersOf, jsonOf, type Response } from '../../model/http.ts';
import { isObject, leaves, objects, type Json } from '../../model/json.ts';
import { htmlLeads, scriptLeads } from './html-leads.ts';
import { isIdShaped } from './template.ts';

/** Something that may be an operation, as an answer names it. */
export interface Lead {
  readonly method: string;
  /** Absolute URL of the target's origin; its path may hold slots. */
  readonly url: URL;
  /** `page`: to read for more leads. `guess`: nobody named it; it counts only when it answers. */
  readonly kind: 'link' | 'page' | 'guess';
  /** Names of form fields, with the values they come with. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly mediaType?: string;
}

/** A lead before its reference is resolved. */
export type RawLead = Omit<Lead, 'url'> & { readonly reference: string };

const methodAndPath = /\b(GET|POST|PUT|PATCH|DELETE)\s+(\/[\w\-./{}:~%<>]*)/g;
const absolutePath = /^\/(?!\/)[\w\-.~%/{}:@+<>]*(?:\?[\w\-.~%=&+:,@/]*)?$/;
const mostLeads = 300;

/** Every lead in an answer that stays within the origin, in the order in which it is named. */
export function leadsIn(url: string, response: Response): readonly Lead[] {
  const json = jsonOf(response);
  const raw = [
    ...linkHeaderLeads(response),
    ...(json === undefined || typeof json !== 'object' ? textLeads(response.body) : jsonLeads(json, url)),
  ];
  const { origin } = new URL(url);
  const leads = raw.slice(0, mostLeads).flatMap(({ reference, ...lead }): Lead[] => {
    if (reference.startsWith('#') || !URL.canParse(reference, url)) return [];
    const resolved = new URL(reference, url);
    return resolved.origin === origin ? [{ ...lead, url: resolved }] : [];
  });
  return leads;
}

function linkHeaderLeads(response: Response): RawLead[] {
  return headersOf(response.headers, 'link')
    .flatMap((value) => [...value.matchAll(/<([^<>]{1,500})>/g)])
    .map((match) => ({ method: 'GET', reference: match[1] ?? '', kind: 'link' }));
}

function textLeads(text: string): RawLead[] {
  return text.trimStart().startsWith('<') ? [...htmlLeads(text), ...scriptLeads(text)] : scriptLeads(text);
}

function jsonLeads(json: Json, url: string): RawLead[] {
  const texts = leaves(json, 2000).flatMap(({ value }) => (typeof value === 'string' && value.length < 2000 ? [value] : []));
  const names = objects(json, 500).flatMap(({ value }) => Object.keys(value).filter((key) => key.includes('/')));
  return [...[...names, ...texts].flatMap(referencesIn), ...itemLeads(json, url)];
}

function referencesIn(text: string): RawLead[] {
  if (absolutePath.test(text) || /^https?:\/\/\S+$/i.test(text)) return [{ method: 'GET', reference: text, kind: 'link' }];
  return [...text.matchAll(methodAndPath)].map(([, method = '', path = '']) => ({
    method,
    reference: path.replace(/[.,;:]+$/, ''),
    kind: 'link',
  }));
}

/** A list of things with ids is usually a collection, its items one segment further. */
function itemLeads(json: Json, url: string): RawLead[] {
  const lists = isObject(json) ? Object.values(json).filter((value) => Array.isArray(value)) : [json];
  const [list] = lists;
  const [item] = lists.length === 1 && Array.isArray(list) ? (list as readonly Json[]) : [];
  if (!isObject(item)) return [];
  const id = item['id'] ?? item['_id'] ?? item['uuid'] ?? Object.entries(item).find(([name]) => /(?:_id|Id)$/.test(name))?.[1];
  if ((typeof id !== 'string' && typeof id !== 'number') || !isIdShaped(String(id))) return [];
  return [{ method: 'GET', reference: `${new URL(url).pathname.replace(/\/$/, '')}/${id}`, kind: 'guess' }];
}
