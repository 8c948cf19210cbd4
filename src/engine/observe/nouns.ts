import { isAccountNoun, isHollowSegment, nounOf, singular, wordsOf } from '../../model/names.ts';
import type { Operation } from '../../model/operation.ts';

/** The noun of a name in an API: its last word, or all of them where others of its things end in the same word. */
export type NounOf = (name: string) => string;

/**
 * The nouns of an API. `orders` and `work-orders` are two things, `blog-posts` alone are posts: names are told apart by all of their
 * words where several that paths name objects under end in one.
 */
export function nounsOf(operations: readonly Operation[]): NounOf {
  const byLast = new Map<string, Set<string>>();
  for (const { path } of operations) {
    const segments = path.split('?')[0]?.split('/') ?? [];
    for (const [at, segment] of segments.entries()) {
      if (segment === '' || segment.includes('{') || isHollowSegment(segment) || segments[at + 1]?.startsWith('{') !== true) continue;
      byLast.set(nounOf(segment), (byLast.get(nounOf(segment)) ?? new Set()).add(compound(segment)));
    }
  }
  const compounds = new Set([...byLast].flatMap(([last, full]) => (full.size > 1 && !isAccountNoun(last) ? [...full] : [])));
  if (compounds.size === 0) return nounOf;
  return (name) => (compounds.has(compound(name)) ? compound(name) : nounOf(name));
}

/** `work_orders` → `workorder`. */
export function compound(name: string): string {
  const words = wordsOf(name);
  return [...words.slice(0, -1), singular(words.at(-1) ?? '')].join('');
}
