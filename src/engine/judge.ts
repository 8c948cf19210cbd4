import type { Judged } from '../model/check.ts';
import type { Listener } from '../model/events.ts';
import type { Ran } from './run-probes.ts';

/** Reads the answers. Pure: a check that throws is `broken`, which is our bug and never the target's finding. */
export function judge(ran: readonly Ran[], onEvent: Listener): Judged[] {
  return ran.flatMap(({ planned: { check, subject }, results }) => {
    const judged = verdictsOf(() => check.judge(subject, results)).map((verdict): Judged => ({ check, subject, verdict }));
    for (const { verdict } of judged)
      onEvent({ type: 'verdict', check: check.id, category: check.category, operation: subject.operation.id, outcome: verdict.outcome });
    return judged;
  });
}

function verdictsOf(run: () => ReturnType<Ran['planned']['check']['judge']>): Judged['verdict'][] {
  try {
    const verdict = run();
    return 'outcome' in verdict ? [verdict] : [...verdict];
  } catch (error) {
    return [{ outcome: 'broken', error: error instanceof Error ? (error.stack ?? error.message) : String(error) }];
  }
}
