import type { Fix } from '../model/report.ts';
import { stackPhrase, type Framework, type Stack, type Store } from '../model/stack.ts';
import { remedies } from './generated/index.ts';
import type { Remedy } from './remedy.ts';

export { remedies } from './generated/index.ts';
export type { Remedy } from './remedy.ts';

/** How near a remedy is to a stack: all the same; framework and store; framework; store only; nothing, or nothing known. */
export type Fit = 'exact' | 'store' | 'framework' | 'other-framework' | 'other';

export interface FittedRemedy extends Remedy {
  readonly fit: Fit;
  /** A sentence where the remedy is not of the stack that was asked for: what must be shown with it. */
  readonly caveat?: string;
}

const order: readonly Fit[] = ['exact', 'store', 'framework', 'other-framework', 'other'];

/** The weaknesses that have remedies, and the checks that these answer, by name. */
export function knownNames(): string[] {
  return [...new Set(remedies.flatMap((remedy) => [...remedy.weaknesses, ...remedy.checks]))].toSorted();
}

/** The stores that there are remedies for in a framework. */
export function storesOf(framework: Framework): Store[] {
  return [...new Set(remedies.flatMap(({ stack }) => (stack.framework === framework ? stack.store : [])))].toSorted();
}

/**
 * The remedies of a weakness or of a check, best first: those of the exact stack, then of the same framework and store, then of
 * the same framework. Those of another framework or an unknown one come last and say so in `caveat`. Without a stack nothing is
 * claimed to fit. Empty when there is none.
 */
export function remediesFor(weaknessOrCheck: string, stack?: Stack): FittedRemedy[] {
  return remedies
    .filter((remedy) => remedy.weaknesses.includes(weaknessOrCheck) || remedy.checks.includes(weaknessOrCheck))
    .map((remedy) => fitted(remedy, stack))
    .toSorted((a, b) => order.indexOf(a.fit) - order.indexOf(b.fit) || nearness(a, b, weaknessOrCheck));
}

/**
 * The best remedy that was written for this framework and this store, of a route like that of the operation if there is one;
 * `undefined` when either part of the stack is unknown, or there is none.
 */
export function fixOf(check: string, stack: Stack, operation: { readonly method: string; readonly path: string }): Fix | undefined {
  const own = remediesFor(check, stack).filter(({ fit }) => fit === 'exact' || fit === 'store');
  const best = own.filter(({ fit, definesOnly }) => fit === own[0]?.fit && definesOnly === own[0].definesOnly);
  const [remedy] = best.toSorted((a, b) => likeness(b, operation) - likeness(a, operation));
  if (!remedy) return undefined;
  return { title: remedy.title, stack: remedy.stack, why: remedy.why, diff: remedy.diff, source: sourceOf(remedy) };
}

/** Where a remedy was cut: `lab/…/app.py:12-17`. */
export function sourceOf({ source: { file, lines } }: Remedy): string {
  return `${file}:${lines.join('-')}`;
}

function fitted(remedy: Remedy, stack: Stack | undefined): FittedRemedy {
  if (!stack) return { ...remedy, fit: 'other' };
  const fit = fitOf(remedy.stack, stack);
  const caveat = caveatOf(fit, remedy.stack, stack);
  return { ...remedy, fit, ...(caveat === undefined ? {} : { caveat }) };
}

function fitOf(own: Remedy['stack'], { framework, store, auth }: Stack): Fit {
  const isSameStore = own.store === store;
  if (own.framework !== framework) return isSameStore ? 'other-framework' : 'other';
  if (!isSameStore) return 'framework';
  return own.auth === auth ? 'exact' : 'store';
}

function caveatOf(fit: Fit, own: Remedy['stack'], asked: Stack): string | undefined {
  if (fit === 'exact' || fit === 'store') return undefined;
  const from = `Written for ${stackPhrase(own)}`;
  if (fit === 'framework') {
    return asked.store === undefined
      ? `${from}; the store in use is not known.`
      : `${from}, not for ${stackPhrase({ store: asked.store })}.`;
  }
  if (asked.framework !== undefined) return `${from}, not for ${stackPhrase({ framework: asked.framework })}: take the idea, not the code.`;
  return `${from}; the framework in use is not known.`;
}

/** How much a remedy's route is like an operation: the same method, and as many ids in the path. */
function likeness({ route }: Remedy, { method, path }: { readonly method: string; readonly path: string }): number {
  if (!route) return 0;
  const slots = (text: string): number => text.split(/[<{]/).length;
  return (route.method === method ? 2 : 0) + (slots(route.path) === slots(path) ? 1 : 0);
}

/** Among equals: what repairs before what only defines, then what the name means first; then as they stand. */
function nearness(a: FittedRemedy, b: FittedRemedy, name: string): number {
  const first = (remedy: FittedRemedy): number => (remedy.weaknesses[0] === name ? 0 : remedy.weaknesses.includes(name) ? 1 : 2);
  return Number(a.definesOnly) - Number(b.definesOnly) || first(a) - first(b);
}
