import { nameOf, type FieldComparison } from './field-compare.ts';
import { isSamePlace } from './field-place.ts';
import type { Expectations } from './field-truth.ts';
import type { Finding } from '../src/index.ts';

/**
 * Sentences about what is not as it was expected to be; empty when all is. A known miss that is found counts, too: it is to be
 * moved, so that it cannot be lost again unnoticed.
 */
export function surprises({ held, unexpected }: FieldComparison, { found, missed, beside }: Expectations): string[] {
  const foundIds = new Set(found);
  const missedIds = new Set(missed.map(({ id }) => id));
  const ofTruth = held.flatMap(({ weakness: { id }, outcome }): string[] => {
    if (foundIds.has(id) && missedIds.has(id)) return [`${id} is expected to be found and to be missed`];
    if (foundIds.has(id)) return outcome === 'found' ? [] : [`${id} is no longer found`];
    if (!missedIds.has(id)) return [`nothing is said of ${id}, which is ${outcome}: add it to found or missed`];
    return outcome === 'found' ? [`${id} is found: move it to found`] : [];
  });
  const unjudged = unexpected.filter((finding) => !beside.some((known) => isSame(known, finding)));
  const gone = beside.filter((known) => !unexpected.some((finding) => isSame(known, finding)));
  return [
    ...ofTruth,
    ...unjudged.map((finding) => `${nameOf(finding)} is not in the truth: judge it by hand, and add it to beside`),
    ...gone.map(({ check, operation }) => `${operation}: ${check} is no longer reported: take it out of beside`),
  ];
}

/** What a person found the finding to be, where somebody has looked. */
export function verdictOn(finding: Finding, { beside }: Expectations): boolean | undefined {
  return beside.find((known) => isSame(known, finding))?.verdict;
}

function isSame({ check, operation }: Expectations['beside'][number], finding: Finding): boolean {
  const [method = '', path = ''] = operation.split(' ');
  return check === finding.check && isSamePlace({ method, path }, finding.operation);
}
