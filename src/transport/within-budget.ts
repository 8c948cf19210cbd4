import type { Answer, Send } from '../model/http.ts';
import { systemClock } from './clock.ts';
import { unsent } from './silence.ts';

/** How much a scan may cost. */
export interface Limits {
  readonly requests: number;
  /** From the first request on. */
  readonly seconds: number;
  /** Of response bodies, on the wire. */
  readonly bytes: number;
}

/** What a scan has cost. */
export interface Spent {
  readonly requests: number;
  readonly bytes: number;
  /** Since the first request; 0 before it. */
  readonly ms: number;
}

/** An account of requests, bytes and time. Requests under way when it runs out are finished. */
export interface Budget {
  readonly spent: () => Spent;
  /** Time left for requests; 0 as soon as any of the limits is reached. */
  readonly remainingMs: () => number;
  readonly within: (send: Send) => Send;
}

/** Opens an account. The clock starts with the first request. */
export function openBudget(limits: Limits, now = systemClock.now): Budget {
  const used = { requests: 0, bytes: 0, since: 0 };
  const allowedMs = limits.seconds * 1000;
  const elapsed = (): number => (used.since === 0 ? 0 : now() - used.since);

  const refusal = (): string | undefined => {
    if (used.requests >= limits.requests) return sentence(`${limits.requests} requests`);
    if (used.bytes >= limits.bytes) return sentence(`${Math.round(limits.bytes / 1e6)} MB of responses`);
    return elapsed() >= allowedMs ? sentence(`${limits.seconds} seconds`) : undefined;
  };

  const settle = (answer: Answer): Answer => {
    if (answer.kind === 'exchange') used.bytes += answer.response.bytes;
    else if (answer.reason === 'out-of-scope') used.requests--;
    return answer;
  };

  return {
    spent: () => ({ requests: used.requests, bytes: used.bytes, ms: elapsed() }),
    remainingMs: () => (refusal() === undefined ? allowedMs - elapsed() : 0),
    within: (send) => (request) => {
      if (used.since === 0) used.since = now();
      const why = refusal();
      if (why !== undefined) return Promise.resolve(unsent(request, 'out-of-budget', why, now()));
      used.requests++;
      return send(request).then(settle);
    },
  };
}

/** Sends until the budget is spent; from then on everything is answered by silence and nothing leaves. */
export function withinBudget(budget: Budget): (send: Send) => Send {
  return budget.within;
}

function sentence(what: string): string {
  return `The budget of ${what} is spent. Raise it, or scan fewer operations.`;
}
