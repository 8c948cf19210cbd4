import { singular, wordsOf } from '../../model/names.ts';
import { isIdShaped, nameAfter, templateOf, type Template } from '../crawl/template.ts';
import { decoded, maySegmentBeId } from './key-values.ts';
import type { TracedRequest } from './trace.ts';

/** Finds the ids in the paths of requests. All of them are looked at first: what varies between requests that are otherwise equal is an id. */
export function pathTemplates(requests: readonly TracedRequest[]): (request: TracedRequest) => Template {
  const varying = varyingSegments(requests);
  const names = new Map<string, string>();
  return (request) => {
    const template = templateOf(request.path, (segments, index) => slotName(request, segments, index, varying));
    const values = template.slots.map(({ name, value }) => {
      const known = request.slots?.[name] ?? value;
      return known === undefined ? { name } : { name, value: decoded(known) };
    });
    return renamed({ path: template.path, slots: values }, names);
  };
}

function slotName(
  { named }: TracedRequest,
  segments: readonly string[],
  index: number,
  varying: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  const text = decoded(segments[index] ?? '');
  const before = segments.slice(0, index);
  const key = named?.[String(index)];
  if (key !== undefined && !isIdShaped(text)) return /id$/i.test(key) ? nameAfter(before) : key;
  if (isIdShaped(text)) return nameAfter(before);
  return varying.get(placeOf(segments, index))?.has(text) === true ? singular(wordsOf(before.at(-1) ?? '').at(-1) ?? 'id') : undefined;
}

/** Literal values after a plural noun that were answered with objects of the same properties, by their place. */
function varyingSegments(requests: readonly TracedRequest[]): ReadonlyMap<string, ReadonlySet<string>> {
  const alike = new Map<string, { readonly place: string; readonly values: Set<string> }>();
  for (const { method, path, answered } of requests) {
    if (method !== 'GET' || answered === undefined || answered.length < 2) continue;
    const segments = path.split('/');
    segments.forEach((segment, index) => {
      if (/[{}]/.test(segment) || isIdShaped(decoded(segment)) || !maySegmentBeId(segments, index)) return;
      const place = placeOf(segments, index);
      const key = `${place} ${segments.slice(index + 1).join('/')} ${answered.join(',')}`;
      const group = alike.get(key) ?? { place, values: new Set() };
      group.values.add(decoded(segment));
      alike.set(key, group);
    });
  }
  const found = new Map<string, Set<string>>();
  for (const { place, values } of alike.values()) {
    if (values.size < 2) continue;
    const known = found.get(place) ?? new Set();
    for (const value of values) known.add(value);
    found.set(place, known);
  }
  return found;
}

/** What stands before a segment, ids left out. */
function placeOf(segments: readonly string[], index: number): string {
  return segments
    .slice(0, index)
    .map((segment) => (isIdShaped(decoded(segment)) ? '{}' : segment))
    .join('/');
}

/** Paths that differ in nothing but the names of their slots take the names that were seen first. */
function renamed(template: Template, names: Map<string, string>): Template {
  const key = template.path.replaceAll(/\{[^{}]*\}/g, '{}');
  const path = names.get(key) ?? template.path;
  names.set(key, path);
  if (path === template.path) return template;
  const known = [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
  return { path, slots: template.slots.map((slot, index) => ({ ...slot, name: known[index] ?? slot.name })) };
}
