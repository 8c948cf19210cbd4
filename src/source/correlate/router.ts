import type { View } from '../../model/source.ts';
import { partsOf, type RulePart } from './rule-parts.ts';

/** A view with its rule taken apart. */
export interface Routed {
  readonly view: View;
  /** Position of the view in the report of the analysis. */
  readonly index: number;
  readonly parts: readonly RulePart[];
}

/** The views whose rule is known. */
export function routedViews(views: readonly View[]): readonly Routed[] {
  return views.flatMap((view, index): Routed[] => {
    const parts = view.isPartial ? undefined : partsOf(view.rule);
    return parts ? [{ view, index, parts }] : [];
  });
}

/** What Werkzeug has read of a path, and how it may go on. */
interface State {
  readonly fixed: Map<string, State>;
  readonly open: { readonly part: RulePart; readonly next: State }[];
  readonly ends: Routed[];
}

/** Finds the view that a request reaches, as Werkzeug does. `path` is as sent: encoded, and perhaps with a query. */
export type Router = (method: string, path: string) => Routed | undefined;

/** A router over views, with the specificity of Werkzeug: a fixed part before a variable one, at each slash from the left. */
export function createRouter(views: readonly View[]): Router {
  const root = newState();
  for (const routed of routedViews(views)) add(root, routed);
  sort(root);
  return (method, path) => {
    const parts = decoded(path.split(/[?#]/)[0] ?? '').split('/');
    const methods = method === 'HEAD' ? ['HEAD', 'GET'] : [method];
    // Where slashes are not taken strictly, one too many at the end does not matter.
    const lenient = parts.length > 2 && parts.at(-1) === '' ? parts.slice(0, -1) : undefined;
    return firstOf(methods, (each) => find(root, parts, each) ?? (lenient && find(root, lenient, each)));
  };
}

function newState(): State {
  return { fixed: new Map(), open: [], ends: [] };
}

function add(root: State, routed: Routed): void {
  let state = root;
  for (const part of routed.parts) {
    const known = part.pattern ? state.open.find((each) => isSame(each.part, part))?.next : state.fixed.get(part.text);
    const next = known ?? newState();
    if (!known && part.pattern) state.open.push({ part, next });
    else if (!known) state.fixed.set(part.text, next);
    state = next;
  }
  state.ends.push(routed);
}

function isSame(one: RulePart, other: RulePart): boolean {
  return one.pattern?.source === other.pattern?.source && one.weight.join() === other.weight.join();
}

function sort(state: State): void {
  state.open.sort((one, other) => compareWeights(one.part.weight, other.part.weight));
  for (const next of [...state.fixed.values(), ...state.open.map((each) => each.next)]) sort(next);
}

function compareWeights(one: readonly number[], other: readonly number[]): number {
  for (let index = 0; index < Math.min(one.length, other.length); index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function find(state: State, parts: readonly string[], method: string): Routed | undefined {
  const serves = ({ view }: Routed): boolean => view.methods.includes(method);
  const [part, ...others] = parts;
  // A path that lacks its last slash is sent on to the one that has it.
  if (part === undefined) return state.ends.find(serves) ?? state.fixed.get('')?.ends.find(serves);
  const fixed = state.fixed.get(part);
  const found = fixed && find(fixed, others, method);
  if (found) return found;
  for (const { part: open, next } of state.open) {
    const target = open.isFinal ? parts.join('/') : part;
    const reached = open.pattern?.test(target) === true ? find(next, open.isFinal ? [] : others, method) : undefined;
    if (reached) return reached;
  }
  return undefined;
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As a server hands it to Werkzeug, where an encoded slash is a slash. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
