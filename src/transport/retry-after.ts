import { headerOf, type Header } from '../model/http.ts';

/** How long a response asks to wait, in milliseconds; `undefined` when it does not, or not in seconds or as an HTTP date. */
export function retryAfterMs(headers: readonly Header[], now: number): number | undefined {
  const value = headerOf(headers, 'retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
