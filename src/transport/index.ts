import type { Send } from '../model/http.ts';
import { openGuard } from './guard.ts';
import { paced, type PaceOptions } from './paced.ts';
import { recorded, type Recorder } from './recording.ts';
import { openUndici, type UndiciOptions } from './undici.ts';
import { openBudget, withinBudget, type Limits, type Spent } from './within-budget.ts';
import { withinScope } from './within-scope.ts';

export { systemClock, type Clock } from './clock.ts';
export { openGuard, type Guard } from './guard.ts';
export { openLogbook, openOwnAddress, type OwnAddress } from './own-address.ts';
export { paced, type PaceOptions } from './paced.ts';
export { openRecorder, recorded, type Recorder } from './recording.ts';
export type { Mask } from './recording-format.ts';
export { followRedirects } from './redirects.ts';
export { readRecording, replayed, type Recording } from './replay.ts';
export { retryAfterMs } from './retry-after.ts';
export { openUndici, type Engine, type UndiciOptions } from './undici.ts';
export { openBudget, withinBudget, type Budget, type Limits, type Spent } from './within-budget.ts';
export { withinScope } from './within-scope.ts';

export interface TransportOptions {
  /** What the user declared: the only origins that are sent to. */
  readonly origins: ReadonlySet<string>;
  /** For each request as a whole. Default 15,000. */
  readonly timeoutMs?: number;
  /** For each body, compressed and decompressed. Default 8 MiB. */
  readonly maxBodyBytes?: number;
  /** Accept any certificate. Default false. */
  readonly insecure?: boolean;
  /** URL of an HTTP proxy. */
  readonly proxy?: string;
  /** Default `middlebrick/<version>`. */
  readonly userAgent?: string;
  /** Default: 10,000 requests, 600 seconds, 512 MiB of responses. */
  readonly budget?: Partial<Limits>;
  /** Default: at most 16 at once to each origin, beginning with 8; no rate limit. */
  readonly pace?: Pick<PaceOptions, 'maxConcurrency' | 'startConcurrency' | 'requestsPerSecond' | 'retries' | 'maxPauseMs'>;
  /** Refuse private addresses even for the declared origins: for a scanner that serves others. Default false. */
  readonly publicOnly?: boolean;
  /** Closed by whoever opened it. */
  readonly recorder?: Recorder;
  readonly signal?: AbortSignal;
}

/** A way to the target, with every limit in place. */
export interface Transport {
  readonly send: Send;
  readonly spent: () => Spent;
  /** Ends everything under way and closes all connections. */
  readonly close: () => Promise<void>;
}

const mebibyte = 1024 * 1024;

/** Opens the way to the declared origins. Nothing is connected before the first request. */
export function openTransport(options: TransportOptions): Transport {
  const { origins, timeoutMs = 15_000, maxBodyBytes = 8 * mebibyte, insecure = false, recorder, signal } = options;
  const limits = { requests: 10_000, seconds: 600, bytes: 512 * mebibyte, ...options.budget };
  const stop = signal ? { signal } : {};
  const engineOptions: UndiciOptions = {
    timeoutMs,
    maxBodyBytes,
    insecure,
    connections: options.pace?.maxConcurrency ?? 16,
    guard: openGuard(options.publicOnly ? new Set() : origins),
    ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
    ...(options.userAgent === undefined ? {} : { userAgent: options.userAgent }),
    ...stop,
  };
  const engine = openUndici(engineOptions);
  const budget = openBudget(limits);
  const pace = paced({ ...options.pace, remainingMs: budget.remainingMs, ...stop });
  const send = pace(withinBudget(budget)(withinScope({ origins })(engine.send)));
  return { send: recorder ? recorded(recorder)(send) : send, spent: budget.spent, close: engine.close };
}
