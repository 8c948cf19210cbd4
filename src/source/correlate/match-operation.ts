import { plainName } from '../../model/names.ts';
import type { View } from '../../model/source.ts';
import { createRouter, routedViews, type Routed } from './router.ts';
import type { RulePart } from './rule-parts.ts';

/** A method and a path template: `/users/{user_id}`. */
export interface Described {
  readonly method: string;
  readonly path: string;
}

/** Finds views by operation and by request. */
export interface Matcher {
  /** Under which the app is mounted; '' for none. */
  readonly prefix: string;
  /** The view that serves an operation; `undefined` when the source has none. */
  readonly ofOperation: (operation: Described) => Routed | undefined;
  /** The view that a request reaches: its path as it was sent. */
  readonly ofRequest: (method: string, path: string) => Routed | undefined;
}

/**
 * Matches operations with views. A prefix that all operations have and no rule does (the app is mounted behind a proxy, or under a
 * script root) is found out from the operations.
 */
export function createMatcher(views: readonly View[], operations: readonly Described[]): Matcher {
  const routed = routedViews(views);
  const router = createRouter(views);
  const prefix = prefixOf(operations, routed);
  const below = (path: string): string => (prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path);
  return {
    prefix,
    ofOperation: ({ method, path }) => best(routed, method, below(path)),
    ofRequest: (method, path) => router(method, below(path)),
  };
}

/** The prefix under which most operations have a view; none where it makes no difference. */
function prefixOf(operations: readonly Described[], routed: readonly Routed[]): string {
  const candidates = new Set(['']);
  for (const { path } of operations) {
    const segments = path.split('/').slice(1, 4);
    for (let count = 1; count <= segments.length; count += 1) {
      const prefix = `/${segments.slice(0, count).join('/')}`;
      if (!prefix.includes('{')) candidates.add(prefix);
    }
  }
  let found = { prefix: '', served: -1 };
  for (const prefix of candidates) {
    const served = operations.filter(
      ({ method, path }) => path.startsWith(`${prefix}/`) && best(routed, method, path.slice(prefix.length)) !== undefined,
    ).length;
    if (served > found.served) found = { prefix, served };
  }
  return found.prefix;
}

function best(routed: readonly Routed[], method: string, template: string): Routed | undefined {
  const segments = (template.split('?')[0] ?? '').split('/');
  const trimmed = segments.length > 2 && segments.at(-1) === '' ? segments.slice(0, -1) : segments;
  let found: { readonly routed: Routed; readonly likeness: number } | undefined;
  for (const each of routed) {
    if (!each.view.methods.includes(method) && !(method === 'HEAD' && each.view.methods.includes('GET'))) continue;
    const likeness = likenessOf(each.parts, segments) ?? likenessOf(withoutSlash(each.parts), trimmed);
    if (likeness !== undefined && (!found || likeness > found.likeness)) found = { routed: each, likeness };
  }
  return found?.routed;
}

function withoutSlash(parts: readonly RulePart[]): readonly RulePart[] {
  return parts.length > 2 && parts.at(-1)?.text === '' ? parts.slice(0, -1) : parts;
}

/** How well a rule fits a template; `undefined` when it does not. Equal names of variables decide between rules that take the same paths. */
function likenessOf(parts: readonly RulePart[], segments: readonly string[]): number | undefined {
  let likeness = 0;
  for (const [index, part] of parts.entries()) {
    const segment = part.isFinal ? segments.slice(index).join('/') : segments[index];
    if (segment === undefined || (part.isFinal && segment === '')) return undefined;
    const fit = fitOf(part, segment);
    if (fit === undefined) return undefined;
    likeness += fit;
    if (part.isFinal) return likeness;
  }
  return parts.length === segments.length ? likeness : undefined;
}

function fitOf(part: RulePart, segment: string): number | undefined {
  const slots = [...segment.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
  if (!part.pattern) return slots.length === 0 && part.text === segment ? 4 : undefined;
  // A path as it was sent, or a value that the description writes out.
  if (slots.length === 0) return part.pattern.test(segment) ? 0 : undefined;
  if (anonymous(part.text) !== anonymous(segment) && !(part.isFinal && slots.length > 0)) return undefined;
  return 2 + slots.filter((name, index) => plainName(name) === plainName(part.variables[index] ?? '')).length;
}

function anonymous(text: string): string {
  return text.replaceAll(/\{[^{}]*\}/g, '{}');
}
