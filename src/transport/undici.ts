import { Pool } from 'undici';
import type { Answer, Header, Request, Send } from '../model/http.ts';
import { systemClock } from './clock.ts';
import { directConnector, type Connector } from './connector.ts';
import { Flight, type Sky } from './flight.ts';
import type { Guard } from './guard.ts';
import { proxyConnector, proxyUrl } from './proxy.ts';
import { unsent, type Failure } from './silence.ts';
import { defaultUserAgent } from './user-agent.ts';

export interface UndiciOptions {
  /** For the whole request, from hand-over to the last byte of the body. */
  readonly timeoutMs: number;
  /** For the body, on the wire and decompressed; the rest is cut off and the connection dropped. */
  readonly maxBodyBytes: number;
  /** Accept any certificate. */
  readonly insecure: boolean;
  /** URL of an HTTP proxy, with user and password where it wants them. */
  readonly proxy?: string;
  readonly guard: Guard;
  /** Most connections to each origin; unlimited when absent. */
  readonly connections?: number;
  /** Sent with requests that bring none of their own. */
  readonly userAgent?: string;
  /** Ends everything under way; later requests are not sent. */
  readonly signal?: AbortSignal;
}

/** The end of the line: sends over kept-alive connections, one request at a time on each. */
export interface Engine {
  /**
   * Sends a request as it is written: the request-target, the case, order and repetition of headers, any method, a body with
   * GET. Redirects are not followed. `host` (unless given), `connection` and `content-length` are added.
   */
  readonly send: Send;
  /** Ends everything under way and closes all connections. */
  readonly close: () => Promise<void>;
}

const stopped: Failure = { reason: 'aborted', message: 'The scan was stopped.' };

/** Opens an engine. It connects when first used. Throws `UserError` for a proxy that is not an HTTP URL. */
export function openUndici(options: UndiciOptions): Engine {
  const connecting = { fresh: false };
  const inFlight = new Set<Flight>();
  const { timeoutMs, maxBodyBytes, signal } = options;
  const sky: Sky = { timeoutMs, maxBodyBytes, now: systemClock.now, isFreshConnection: () => connecting.fresh, inFlight };
  const proxy = options.proxy === undefined ? undefined : proxyUrl(options.proxy);
  const pools = new Map<string, Pool>();
  const userAgent: Header = ['user-agent', options.userAgent ?? defaultUserAgent()];

  const poolFor = (origin: string): Pool => {
    let pool = pools.get(origin);
    if (!pool) {
      const connect = noticing(connecting, connectorFor(origin, proxy, options));
      // The flight has a clock of its own, for the whole; those of undici would only cost time.
      pool = new Pool(origin, { connect, connections: options.connections ?? null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
      pools.set(origin, pool);
    }
    return pool;
  };

  const launch = (request: Request, settle: (answer: Answer) => void): void => {
    let pool: Pool;
    try {
      pool = poolFor(request.origin);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return settle(unsent(request, 'protocol', `${request.origin} cannot be connected to: ${why}.`, sky.now()));
    }
    const headers = flatHeaders(request.headers, userAgent);
    const parcel = { method: request.method, path: request.path, headers, body: request.body ?? null };
    new Flight(sky, request, pool, parcel, settle).launch();
  };

  let closed = false;
  const halt = (): void => {
    for (const flight of inFlight) flight.fail(stopped);
  };
  signal?.addEventListener('abort', halt, { once: true });

  return {
    send: (request) =>
      new Promise((settle) => {
        if (closed || signal?.aborted) settle(unsent(request, stopped.reason, stopped.message, sky.now()));
        else launch(request, settle);
      }),
    close: async () => {
      closed = true;
      signal?.removeEventListener('abort', halt);
      halt();
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy()));
    },
  };
}

function connectorFor(origin: string, proxy: URL | undefined, options: UndiciOptions): Connector {
  // Sooner than the request's own clock, so that the sentence can say that it was the connection that took so long.
  const connect = { timeoutMs: Math.min(options.timeoutMs * 0.9, 10_000), insecure: options.insecure, guard: options.guard };
  return proxy ? proxyConnector(origin, proxy, connect) : directConnector(origin, connect);
}

/** undici writes the waiting request inside the callback: `fresh` is true while it does, and so tells a new connection. */
function noticing(connecting: { fresh: boolean }, connect: Connector): Connector {
  return (target, callback) => {
    connect(target, (...result) => {
      connecting.fresh = true;
      try {
        callback(...result);
      } finally {
        connecting.fresh = false;
      }
    });
  };
}

function flatHeaders(headers: readonly Header[], userAgent: Header): string[] {
  const flat: string[] = [];
  let named = false;
  for (const [name, value] of headers) {
    flat.push(name, value);
    named ||= name.length === 10 && name.toLowerCase() === 'user-agent';
  }
  if (!named) flat.push(userAgent[0], userAgent[1]);
  return flat;
}
