import { isAccountNoun, isHollowSegment, isPlural, nounOf, singular, wordsOf } from '../../model/names.ts';
import type { Operation } from '../../model/operation.ts';

/** The noun of a name in an API: its last word, or all of them where others of its things end in the same word. */
export type NounOf = (name: string) => string;

/**
 * The nouns of an API. `orders` and `work-orders` are two things, `blog-posts` alone are posts: names are told apart by all of their
 * words where several things end in one.
 */
export function nounsOf(operations: readonly Operation[]): NounOf {
  const byLast = new Map<string, Set<string>>();
  for (const segment of collections(operations))
    byLast.set(nounOf(segment), (byLast.get(nounOf(segment)) ?? new Set()).add(compound(segment)));
  const compounds = new Set([...byLast].flatMap(([last, full]) => (full.size > 1 && !isAccountNoun(last) ? [...full] : [])));
  if (compounds.size === 0) return nounOf;
  return (name) => (compounds.has(compound(name)) ? compound(name) : nounOf(name));
}

/** The segments that stand for things: those before a parameter, and those at which things are listed and made. `/place-order` is a deed. */
function collections(operations: readonly Operation[]): Set<string> {
  const lists = new Set(operations.flatMap(({ method, path }) => (method === 'GET' ? [path] : [])));
  const found = operations.flatMap(({ method, path }) => {
    const segments = path.split('?')[0]?.split('/') ?? [];
    const isMade = method === 'POST' && (lists.has(path) || isPlural(wordsOf(segments.at(-1) ?? '').at(-1) ?? ''));
    return segments.filter((_, at) => segments[at + 1]?.startsWith('{') === true || (isMade && at === segments.length - 1));
  });
  return new Set(found.filter((segment) => segment !== '' && !segment.includes('{') && !isHollowSegment(segment)));
}

/** `work_orders` → `workorder`. */
export function compound(name: string): string {
  const words = wordsOf(name);
  return [...words.slice(0, -1), singular(words.at(-1) ?? '')].join('');
}
