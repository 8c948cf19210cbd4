import { lookup as resolve, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ConnectFailure } from './silence.ts';

/**
 * Decides which addresses may be connected to. What the user declared is exempt; everything else was learned from the
 * target, which may want to turn the scanner against its own network (a redirect, a `$ref`, a DNS name that points inside).
 */
export interface Guard {
  /** True for an origin that the user declared. */
  readonly exempts: (origin: string) => boolean;
  /** Why an address may not be connected to, as a sentence; `undefined` when it may. Anything but an IP address is refused. */
  readonly refusal: (address: string) => string | undefined;
  /** Tells where a declared origin turned out to live: other hosts of that private range are then reachable, too. */
  readonly learn: (address: string) => void;
  /** `dns.lookup` that fails with `ConnectFailure` when any of the addresses is refused. */
  readonly lookup: LookupFunction;
}

/** Ranges that a declared target may open for its neighbours. Link-local (cloud metadata) is never among them. */
const openable = new Set(['loopback', 'private', 'uniqueLocal']);

/** A guard for a scan of `declared` origins. With an empty set nothing is exempt, which is what a hosted scanner wants. */
export function openGuard(declared: ReadonlySet<string>): Guard {
  const origins = new Set([...declared].map(normalOrigin));
  const opened = new Set<string>();
  const learn = (address: string): void => {
    const range = rangeOf(address);
    if (range !== undefined && openable.has(range)) opened.add(range);
  };
  const refusal = (address: string): string | undefined => {
    const range = rangeOf(address);
    if (range === 'unicast' || (range !== undefined && opened.has(range))) return undefined;
    if (range === undefined) return `${address || 'The peer'} is not an IP address.`;
    return `${address} lies in a range (${range}) that only a declared target may be in.`;
  };
  for (const origin of origins) learn(hostOf(origin));
  return { exempts: (origin) => origins.has(normalOrigin(origin)), refusal, learn, lookup: guardedLookup(refusal) };
}

/** The scheme, host and port of a URL as `URL` writes them; the text itself when it is not a URL. */
export function normalOrigin(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** The host of a URL without the brackets of an IPv6 literal; '' when it is not a URL. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? bare(new URL(url).hostname) : '';
}

/** An IPv6 literal without its brackets. */
export function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

/** The kind of address, IPv4 inside IPv6 counted as IPv4; `undefined` for what is not an address. */
function rangeOf(address: string): string | undefined {
  if (isIP(address) === 0) return undefined;
  try {
    return ipaddr.process(address).range();
  } catch {
    return undefined;
  }
}

function guardedLookup(refusal: Guard['refusal']): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: readonly LookupAddress[]) => {
      const why = error ?? failureAmong(hostname, addresses, refusal);
      const [first] = addresses ?? [];
      if (why || !first) callback(why ?? new ConnectFailure('ADDRESS_REFUSED', `${hostname} has no address.`), '', 0);
      else if (options.all) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
  };
}

/** All are checked, not the first: a name with one harmless and one inner address would get through on a retry. */
function failureAmong(hostname: string, addresses: readonly LookupAddress[], refusal: Guard['refusal']): ConnectFailure | undefined {
  for (const { address } of addresses) {
    const why = refusal(address);
    if (why !== undefined) return new ConnectFailure('ADDRESS_REFUSED', `${hostname} resolves to ${address}. ${why}`);
  }
  return undefined;
}
