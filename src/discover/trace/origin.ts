import { UserError } from '../../model/user-error.ts';
import type { Notes } from '../notes.ts';
import type { Trace, TracedRequest } from './trace.ts';

/** A request with the file that it is in. */
export interface Traced {
  readonly request: TracedRequest;
  readonly trace: Trace;
}

/** The requests that go to the target, and where that is. */
export interface Aimed {
  readonly origin: string;
  readonly requests: readonly Traced[];
}

/**
 * Picks the requests to the target. Recorded traffic says where it went, so it must have gone to `wanted`; a collection is a
 * description, and is sent to `wanted` whatever it says. Throws `UserError` when there are none, or nothing says which are meant.
 */
export function aim(traces: readonly Trace[], wanted: string | undefined, notes: Notes): Aimed {
  const all = traces.flatMap((trace) => trace.requests.map((request): Traced => ({ request, trace })));
  const origin = wanted ?? onlyOrigin(traces, all);
  const requests = traces.flatMap((trace) => {
    const own = all.filter((traced) => traced.trace === trace);
    const main = mainOrigin(trace, own, origin);
    const [kept, left] = [own.filter(({ request }) => isSent(request, main)), own.filter(({ request }) => !isSent(request, main))];
    if (kept.length === 0) throw otherOrigin(trace, origin, own);
    if (!isSameOrigin(main, origin)) notes.add(`Requests go to ${origin}, not to the server that ${trace.location} names`, main);
    for (const [other, count] of countedOrigins(left)) notes.add('Requests to other origins were left out', `${other} (${count})`);
    return kept;
  });
  return { origin, requests };
}

function isSent(request: TracedRequest, main: string): boolean {
  return request.origin === '' || isSameOrigin(request.origin, main);
}

/** A collection may name another server than the target: its own commonest one is meant. */
function mainOrigin(trace: Trace, own: readonly Traced[], origin: string): string {
  const hasTarget = own.some(({ request }) => isSameOrigin(request.origin, origin));
  return trace.kind === 'har' || hasTarget ? origin : (countedOrigins(own)[0]?.[0] ?? origin);
}

/** Without a target: the one origin of recorded traffic, else the commonest that a collection names. */
function onlyOrigin(traces: readonly Trace[], all: readonly Traced[]): string {
  const recorded = countedOrigins(all.filter(({ trace }) => trace.kind === 'har'));
  if (recorded.length > 1) throw severalOrigins(recorded.map(([origin, count]) => `${origin} (${count})`));
  const origin = recorded[0]?.[0] ?? countedOrigins(all)[0]?.[0];
  if (origin !== undefined) return origin;
  throw new UserError(
    'target-unknown',
    `${traces[0]?.location ?? 'The collection'} does not say where the API runs: its address is a variable.`,
    {
      hint: 'Give the URL of the API as well, or the environment that holds it with --environment FILE.',
    },
  );
}

/** Origins with how many requests went there, commonest first. */
export function countedOrigins(requests: readonly { readonly request: { readonly origin: string } }[]): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { request } of requests) if (request.origin !== '') counts.set(request.origin, (counts.get(request.origin) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one);
}

/** Which origin is meant, when nobody says so and there are several. */
export function severalOrigins(origins: readonly string[]): UserError {
  return new UserError('target-unknown', `The recording went to several origins: ${origins.slice(0, 6).join(', ')}.`, {
    hint: 'Say which of them is the API: middlebrick scan URL ….',
  });
}

function otherOrigin({ location }: Trace, origin: string, own: readonly Traced[]): UserError {
  const others = countedOrigins(own).map(([other, count]) => `${other} (${count})`);
  return new UserError('other-origin', `${location} has no request to ${origin}, only to ${others.slice(0, 6).join(', ')}.`, {
    hint: 'Give the URL that was recorded, or record again against this one.',
  });
}

/** True for the same origin, whichever of its names this machine is called by. */
export function isSameOrigin(one: string, other: string): boolean {
  return plainOrigin(one) === plainOrigin(other);
}

function plainOrigin(origin: string): string {
  return origin.toLowerCase().replace(/\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?=:|$)/, '//localhost');
}
