import type { Judged } from '../model/check.ts';

/**
 * Takes back the failures of which another check proves the root at the same operation, so that one flaw is one finding; the root
 * says what else fails for its sake.
 */
export function withoutOffshoots(judged: readonly Judged[]): Judged[] {
  const roots = new Map<string, string[]>();
  for (const { check, subject, verdict } of judged) {
    if (verdict.outcome === 'fail' && verdict.confidence !== 'tentative') roots.set(siteOf(check.id, subject.operation.id), []);
  }
  const kept = judged.map((each): Judged => {
    const { check, subject, verdict } = each;
    if (verdict.outcome !== 'fail') return each;
    const root = check.yieldsTo?.find((id) => roots.has(siteOf(id, subject.operation.id)));
    if (root === undefined) return each;
    roots.get(siteOf(root, subject.operation.id))?.push(check.id);
    return { check, subject, verdict: { outcome: 'skipped', why: `${root} is the root of it, and is reported` } };
  });
  return kept.map((each): Judged => {
    const { check, subject, verdict } = each;
    const offshoots = roots.get(siteOf(check.id, subject.operation.id)) ?? [];
    if (verdict.outcome !== 'fail' || offshoots.length === 0) return each;
    const names = [...new Set(offshoots)].toSorted().join(' and ');
    return { check, subject, verdict: { ...verdict, proof: `${verdict.proof} For the same reason ${names} fails here.` } };
  });
}

function siteOf(check: string, operation: string): string {
  return `${check} ${operation}`;
}
