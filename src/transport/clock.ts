import { setTimeout as delay } from 'node:timers/promises';

/** Time as the transport sees it; tests hand in their own. */
export interface Clock {
  /** Milliseconds since the Unix epoch, never going backwards. */
  readonly now: () => number;
  /** Resolves after `ms`, or at once when `signal` is aborted. Never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const origin = performance.timeOrigin;

/** Monotonic, so that a clock set back in mid-scan neither stretches a pause nor makes a request take negative time. */
export const systemClock: Clock = {
  now: () => origin + performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
};
