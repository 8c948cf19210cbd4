import type { Plan } from './plan.ts';

/** One probe of a plan, for people. */
export interface PlanLine {
  readonly check: string;
  readonly operation: string;
  /** The request-target as it would be sent. */
  readonly request: string;
  /** `alice`, `anonymous`, … */
  readonly as: string;
  readonly probe: string;
  readonly phase: string;
  /** How many more requests may follow, depending on the answers. */
  readonly more: number;
}

/** A plan as lines: what is sent in whose name, and how many requests may follow from the answers. */
export function planLines(plan: Plan): PlanLine[] {
  return plan.planned.flatMap(({ check, subject, probes, phase }) =>
    Object.entries(probes).map(([probe, [step, ...rest]]): PlanLine => {
      const bare = 'bare' in step;
      const request = bare ? step.bare : step.request;
      const as = bare ? step.label : `${step.as ?? 'anonymous'}${step.tamper ? `, ${step.tamper.label}` : ''}`;
      return {
        check: check.id,
        operation: subject.operation.id,
        request: `${request.method} ${request.path}`,
        as,
        probe,
        phase,
        more: rest.length,
      };
    }),
  );
}
