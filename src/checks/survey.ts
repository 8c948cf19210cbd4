import type { OperationSubject, Probe, Results, Probes } from '../model/check.ts';
import type { Sighting } from '../model/sighting.ts';
import { isTrial, type Trial, type Unreached } from './trial.ts';
import { trialAt, ownersAt } from './trial-at.ts';
import { defineCheck } from './support.ts';

const salt = 'survey';

/**
 * Tries every operation as everybody, on everybody's objects: what a permission map is learned from. It is no check of the
 * registry, and finds nothing: `sightingsAt` reads its answers.
 */
export const survey = defineCheck({
  id: 'survey',
  category: 'bflaAuthorization',
  severity: 'info',
  docs: { title: 'Who is served where', risk: '', remedy: '', cwe: [285], owasp: 'API5:2023' },
  needs: [],
  subject: 'operation',
  phase: 'by-method',
  applies: (subject: OperationSubject) => !isDoor(subject),
  plan: (subject): Probes => {
    const probes: Record<string, Probe> = {};
    for (const { name, trial } of trialsAt(subject)) if (isTrial(trial)) probes[name] = trial.probe;
    return probes;
  },
  judge: () => ({ outcome: 'pass' }),
  examples: { vulnerable: [], safe: [] },
});

interface Named {
  readonly name: string;
  readonly as: string | null;
  readonly on: string | null;
  readonly trial: Trial | Unreached;
}

function trialsAt(subject: OperationSubject): Named[] {
  const callers = [...subject.world.identities.map(({ name }) => name), null];
  return callers.flatMap((as) =>
    ownersAt(subject).map((on) => ({ name: JSON.stringify([as, on]), as, on, trial: trialAt(subject, as, on, salt) })),
  );
}

/** What the answers to the survey of an operation tell of each caller. */
export function sightingsAt(subject: OperationSubject, results: Results<Probes>): Sighting[] {
  return trialsAt(subject).map(({ name, as, on, trial }): Sighting => {
    const at = { operation: subject.operation.id, as, on };
    if (!isTrial(trial)) return { ...at, got: 'not-reached', why: trial.unreached };
    const outcome = trial.outcome(results[name] ?? []);
    if (outcome.got === 'served') return { ...at, got: 'served' };
    return { ...at, got: outcome.got === 'unknown' ? 'not-reached' : outcome.got, why: outcome.why };
  });
}

/** Sign-up, log-in and the like are for everybody, and are not tried. */
function isDoor({ world, operation }: OperationSubject): boolean {
  return world.authOperations.has(operation.id);
}
