import type { Send } from '../model/http.ts';
import { systemClock, type Clock } from './clock.ts';
import { normalOrigin } from './guard.ts';
import { Lane, type Pace } from './lane.ts';

export interface PaceOptions {
  /** Most requests under way at once, to each origin. Default 16. */
  readonly maxConcurrency?: number;
  /** Requests under way at once to begin with; grows while all goes well. Default 8. */
  readonly startConcurrency?: number;
  /** For each origin, evenly spaced. Unlimited when absent. */
  readonly requestsPerSecond?: number;
  /** How often a request is repeated that a 429 or 503 with Retry-After put off. Default 2. */
  readonly retries?: number;
  /** The longest wait that a Retry-After can bring about. Default 30 s. */
  readonly maxPauseMs?: number;
  /** What is left of the scan's time: no wait outlasts it, and at 0 requests are passed on without pacing. */
  readonly remainingMs?: () => number;
  /** Ends all waiting; what waited is passed on, for the engine to refuse. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Sends no faster than the target bears. For each origin: first in, first out; evenly spaced when a rate is set (GCRA); one more
 * at a time after each window of successes, half as many after a 429, a 503 or a timeout (AIMD). A 429 or 503 with Retry-After
 * makes the whole origin wait, and the request is then repeated: any request after a 429, safe ones only after a 503.
 * An answer that stays so is given as it is.
 */
export function paced(options: PaceOptions = {}): (send: Send) => Send {
  const max = Math.max(1, options.maxConcurrency ?? 16);
  const pace: Pace = {
    max,
    start: Math.max(1, Math.min(options.startConcurrency ?? 8, max)),
    spacingMs: options.requestsPerSecond ? 1000 / options.requestsPerSecond : 0,
    retries: options.retries ?? 2,
    maxPauseMs: options.maxPauseMs ?? 30_000,
    remainingMs: options.remainingMs ?? (() => Infinity),
    signal: options.signal,
    clock: options.clock ?? systemClock,
  };
  return (send) => {
    const lanes = new Map<string, Lane>();
    const laneFor = (origin: string): Lane => {
      const key = normalOrigin(origin);
      const lane = lanes.get(key) ?? new Lane(pace, send);
      lanes.set(key, lane);
      lanes.set(origin, lane);
      return lane;
    };
    return (request) =>
      new Promise((resolve, reject) => {
        const lane = lanes.get(request.origin) ?? laneFor(request.origin);
        lane.enter({ request, resolve, reject, retries: 0, number: 0 });
      });
  };
}
