import { atPointer, isObject, type Json, type JsonObject } from '../../model/json.ts';
import { absoluteUri, type Scan } from './scan.ts';

/** Follows `$ref` in one document, or in several that were read beforehand. Reads nothing itself. */
export interface References {
  /** What a reference object points at, one step on; `undefined` when it points at nothing. */
  readonly follow: (reference: JsonObject) => Target | undefined;
  /** The end of a chain of references; `undefined` when the chain dangles or bites its tail. */
  readonly resolve: (raw: Json | undefined) => Target | undefined;
}

export interface Target {
  readonly raw: Json;
  /** The component's name: the last token of the pointer. */
  readonly name?: string;
  /** JSON Pointer in the main document; absent when it lies elsewhere, or was not reached by a reference. */
  readonly pointer?: string;
}

/** True for an object with a `$ref` that is a string. */
export function isReference(raw: Json | undefined): raw is JsonObject {
  return isObject(raw) && typeof raw['$ref'] === 'string';
}

/** `uri` is the main document's own; `scans` holds the scan of each document by its URI. */
export function createReferences(uri: string, scans: ReadonlyMap<string, Scan>): References {
  const all = [...scans.values()];
  const memo = new Map<string, Target | undefined>();

  const resourceOf = (absolute: string): Json | undefined => {
    for (const { resources } of all) {
      const found = resources.get(absolute);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const find = (ref: string, base: string): Target | undefined => {
    const hash = ref.indexOf('#');
    const path = hash === -1 ? ref : ref.slice(0, hash);
    const fragment = decoded(hash === -1 ? '' : ref.slice(hash + 1));
    const absolute = path === '' ? base : absoluteUri(path, base);
    const resource = resourceOf(absolute);
    if (resource === undefined) return hash === -1 ? byBareName(ref) : undefined;
    if (fragment === '') return named(resource, /([^/]+?)(?:\.\w+)?$/.exec(path)?.[1]);
    if (!fragment.startsWith('/')) {
      const raw = all.map((scan) => scan.anchors.get(`${absolute}#${fragment}`)).find((node) => node !== undefined);
      return raw === undefined ? undefined : named(raw, fragment);
    }
    return atFragment(resource, fragment, absolute === uri);
  };

  const atFragment = (resource: Json, fragment: string, isMain: boolean): Target | undefined => {
    for (const pointer of [fragment, otherDialect(fragment)]) {
      const raw = pointer === undefined ? undefined : atPointer(resource, pointer);
      if (pointer !== undefined && raw !== undefined) return { ...named(raw, lastToken(pointer)), ...(isMain ? { pointer } : {}) };
    }
    // Authors count pointers from the document even inside a schema that has an `$id` of its own.
    const root = resourceOf(uri);
    return root === undefined || root === resource ? undefined : atFragment(root, fragment, true);
  };

  const byBareName = (ref: string): Target | undefined => {
    if (!/^[\w.-]+$/.test(ref)) return undefined;
    const root = resourceOf(uri);
    return root === undefined ? undefined : atFragment(root, `/definitions/${ref}`, true);
  };

  const follow = (reference: JsonObject): Target | undefined => {
    const ref = reference['$ref'];
    if (typeof ref !== 'string') return undefined;
    const base = all.map((scan) => scan.bases.get(reference)).find((found) => found !== undefined) ?? uri;
    const key = base === uri ? ref : `${base} ${ref}`;
    if (!memo.has(key)) memo.set(key, find(ref, base));
    return memo.get(key);
  };

  const resolve = (raw: Json | undefined): Target | undefined => {
    if (raw === undefined) return undefined;
    let target: Target = { raw };
    const seen = new Set<Json>();
    while (isReference(target.raw)) {
      if (seen.has(target.raw)) return undefined;
      seen.add(target.raw);
      const next = follow(target.raw);
      if (next === undefined) return undefined;
      target = next;
    }
    return target;
  };
  return { follow, resolve };
}

function named(raw: Json, name: string | undefined): Target {
  return name === undefined ? { raw } : { raw, name };
}

function lastToken(pointer: string): string {
  return pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}

/** Documents that were converted by hand keep pointers of the dialect that they came from. */
function otherDialect(pointer: string): string | undefined {
  if (pointer.startsWith('/definitions/')) return `/components/schemas/${pointer.slice('/definitions/'.length)}`;
  if (pointer.startsWith('/components/schemas/')) return `/definitions/${pointer.slice('/components/schemas/'.length)}`;
  return undefined;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
