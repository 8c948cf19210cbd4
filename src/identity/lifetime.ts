import { headerOf, jsonOf, type Response } from '../model/http.ts';
import { leaves } from '../model/json.ts';
import { plainName } from '../model/names.ts';
import { claimsOf } from './credentials.ts';

const unit: Readonly<Record<string, number>> = { '': 1, s: 1, sec: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/**
 * Seconds that a token lives from its receipt, as a length and not as a date, so that the clocks of target and
 * scanner need not agree: what the user declared, else the least of what answer and token say.
 */
export function lifetimeOf(response: Response, token: string | undefined, declared: number | undefined): number | undefined {
  if (declared !== undefined) return declared;
  const said = [statedLife(response), token === undefined ? undefined : claimedLife(token, response)];
  const known = said.flatMap((seconds) => (seconds !== undefined && seconds > 0 ? [seconds] : []));
  return known.length === 0 ? undefined : Math.min(...known);
}

function statedLife(response: Response): number | undefined {
  const json = jsonOf(response);
  const leaf = json === undefined ? undefined : leaves(json, 500).find(({ name }) => plainName(name) === 'expiresin');
  const match = /^(\d+(?:\.\d+)?)\s*(s|sec|m|min|h|d|)$/.exec(String(leaf?.value ?? ''));
  const seconds = Number(match?.[1] ?? Number.NaN) * (unit[match?.[2] ?? ''] ?? 1);
  if (!(seconds > 0)) return undefined;
  // A number this large is not seconds: nobody issues tokens for four months, many count in milliseconds.
  return seconds > 10_000_000 ? seconds / 1000 : seconds;
}

function claimedLife(token: string, response: Response): number | undefined {
  const claims = claimsOf(token);
  const end = claims?.['exp'];
  if (typeof end !== 'number') return undefined;
  const start = claims?.['iat'];
  if (typeof start === 'number') return end - start;
  const date = Date.parse(headerOf(response.headers, 'date') ?? '');
  return Number.isNaN(date) ? undefined : end - date / 1000;
}

/** When to renew, from when the life began and how long it lasts (milliseconds): with a margin, yet not at once. */
export function renewalTime(start: number, life: number): number {
  return start + Math.max(life / 2, Math.min(life * 0.8, life - 5000));
}
