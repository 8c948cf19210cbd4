import type { NextStep, Phase, Probe, Probes, Results, Step } from '../model/check.ts';
import type { Listener } from '../model/events.ts';
import type { Answer, Send } from '../model/http.ts';
import type { SendAs } from '../model/identity.ts';
import type { Planned } from './plan.ts';
import { phases } from './plan.ts';

export interface RunInput {
  readonly sendAs: SendAs;
  /** For steps that carry their own credential or none. */
  readonly send: Send;
  readonly onEvent: Listener;
}

export interface Ran {
  readonly planned: Planned;
  readonly results: Results<Probes>;
}

/** Sends all probes: reading ones side by side, each request once; changing ones afterwards, one at a time. */
export async function runProbes(planned: readonly Planned[], input: RunInput): Promise<Ran[]> {
  const ran: Ran[] = [];
  let done = 0;
  const finish = (item: Ran): void => {
    ran.push(item);
    input.onEvent({ type: 'probe', done: ++done, of: planned.length });
  };
  for (const phase of phases) {
    const group = planned.filter((item) => item.phase === phase);
    if (phase === 'read') {
      const sender = once(input);
      const results = await Promise.all(group.map((item) => runAll(item, sender)));
      for (const result of results) finish(result);
    } else {
      for (const item of group) finish(await runAll(item, stepSender(input)));
    }
  }
  return ran;
}

type StepSender = (step: Step) => Promise<Answer>;

function stepSender({ sendAs, send }: RunInput): StepSender {
  return (step) => ('bare' in step ? send(step.bare) : sendAs(step));
}

/** A sender that sends identical steps once. */
function once(input: RunInput): StepSender {
  const sender = stepSender(input);
  const answers = new Map<string, Promise<Answer>>();
  return (step) => {
    const key = keyOf(step);
    let answer = answers.get(key);
    if (!answer) {
      answer = sender(step);
      answers.set(key, answer);
    }
    return answer;
  };
}

function keyOf(step: Step): string {
  const request = 'bare' in step ? step.bare : step.request;
  const who = 'bare' in step ? ['bare'] : [step.as, step.tamper?.label ?? ''];
  return JSON.stringify([...who, request.method, request.origin, request.path, request.headers, request.body ?? '']);
}

async function runAll(planned: Planned, sender: StepSender): Promise<Ran> {
  const sequential = planned.phase !== 'read';
  const entries: [string, readonly Answer[]][] = [];
  if (sequential) {
    for (const [name, probe] of Object.entries(planned.probes)) entries.push([name, await runProbe(probe, sender)]);
  } else {
    entries.push(
      ...(await Promise.all(
        Object.entries(planned.probes).map(async ([name, probe]): Promise<[string, readonly Answer[]]> => [
          name,
          await runProbe(probe, sender),
        ]),
      )),
    );
  }
  return { planned, results: Object.fromEntries(entries) };
}

async function runProbe(probe: Probe, sender: StepSender): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const item of probe) {
    const step: Step | null = isNext(item) ? item(answers) : item;
    if (step === null) break;
    answers.push(await sender(step));
  }
  return answers;
}

function isNext(item: Step | NextStep): item is NextStep {
  return typeof item === 'function';
}

/** How many requests a plan is sure to send in a phase; steps that depend on answers are not counted. */
export function plannedRequests(planned: readonly Planned[], phase: Phase): number {
  const keys = new Set<string>();
  let repeated = 0;
  for (const item of planned) {
    if (item.phase !== phase) continue;
    for (const probe of Object.values(item.probes)) {
      for (const step of probe) {
        if (isNext(step)) continue;
        if (phase === 'read') keys.add(keyOf(step));
        else repeated++;
      }
    }
  }
  return keys.size + repeated;
}
