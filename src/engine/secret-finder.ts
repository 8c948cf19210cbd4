import { decodedViews } from './decoded-views.ts';

/** A stretch of a text: start, and the position after its end. */
export type Span = readonly [start: number, end: number];

/** Shorter secrets occur in any text by chance; they are removed only from the places where credentials go. */
export const shortestSecret = 4;

/**
 * Finds secrets in a text, however they are written there: plain, percent-encoded, JSON- or HTML-escaped, or as part of
 * something in base64. Spans come sorted and do not overlap. Time is linear in the text.
 */
export function secretFinder(secrets: readonly string[]): (text: string) => Span[] {
  const parts = secrets.flatMap(partsOf).filter((part) => part.length >= shortestSecret);
  if (parts.length === 0) return () => [];
  // In URLs and forms a space is a plus: both are read as a plus, in the text as in the needles.
  const needles = new Map<string, Kind>();
  for (const core of parts.flatMap(base64Cores)) needles.set(core, 'base64');
  for (const part of parts) needles.set(plussed(part), 'plain');
  const search = searchFor(needles);
  return (text) => {
    const spans: Span[] = [];
    for (const view of decodedViews(text)) {
      const read = plussed(view.text);
      for (const [start, end, kind] of search(read)) {
        const [from, to] = kind === 'base64' ? widened(view.text, start, end) : [start, end];
        spans.push([view.origin(from), view.origin(to)]);
      }
    }
    return united(spans);
  };
}

/** A secret and the parts of it that are secret by themselves: the token of `Bearer …`, values of cookies, a password. */
function partsOf(secret: string): string[] {
  const parts = [secret, secret.trim(), Buffer.from(secret).toString()];
  const token = /^(?:bearer|basic|token|apikey|digest|jwt)\s+(\S.*)$/i.exec(secret)?.[1];
  if (token !== undefined) parts.push(token);
  const basic = /^basic\s+([\w+/=-]+)$/i.exec(secret)?.[1];
  const pair = basic === undefined ? secret : Buffer.from(basic, 'base64').toString();
  const password = /^[^\s:]+:(?!\/\/)(.+)$/.exec(pair)?.[1];
  if (password !== undefined) parts.push(password);
  if (/^[\w.-]+=[^;\s]+(?:; ?[\w.-]+=[^;\s]*)*$/.test(secret)) {
    for (const cookie of secret.split(/; ?/)) parts.push(cookie.slice(cookie.indexOf('=') + 1));
  }
  return [...new Set(parts)];
}

/** What base64 of anything that contains the secret must contain, at each of the three alignments, in both alphabets. */
function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const cores = [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
    return whole.toString('base64').slice([0, 2, 3][offset], Math.floor((whole.length * 8) / 6));
  });
  return cores.filter((core) => core.length >= shortestSecret).flatMap((core) => [core, core.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** The characters beside a core hold bits of the secret, too. */
function widened(text: string, start: number, end: number): Span {
  let from = start;
  let to = end;
  while (from > 0 && start - from < 3 && /[\w+/-]/.test(text.charAt(from - 1))) from -= 1;
  while (to < text.length && to - end < 4 && /[\w+/=-]/.test(text.charAt(to))) to += 1;
  return [from, to];
}

type Kind = 'plain' | 'base64';
type Found = readonly [start: number, end: number, kind: Kind];

/** Searches for many needles in one pass: a table of their first four characters, then a comparison. */
function searchFor(needles: ReadonlyMap<string, Kind>): (text: string) => Generator<Found> {
  const starts = new Uint8Array(65_536);
  const byStart = new Map<string, { needle: string; kind: Kind }[]>();
  for (const [needle, kind] of needles) {
    const start = needle.slice(0, shortestSecret);
    starts[slotAt(start, 0)] = 1;
    byStart.set(
      start,
      [...(byStart.get(start) ?? []), { needle, kind }].toSorted((a, b) => b.needle.length - a.needle.length),
    );
  }
  return function* search(text) {
    for (let at = 0; at + shortestSecret <= text.length; at += 1) {
      if (starts[slotAt(text, at)] === 0) continue;
      const found = byStart.get(text.slice(at, at + shortestSecret))?.find(({ needle }) => text.startsWith(needle, at));
      if (found) yield [at, at + found.needle.length, found.kind];
    }
  };
}

function slotAt(text: string, at: number): number {
  const mixed =
    Math.imul(text.charCodeAt(at), 0x9e3779b1) ^
    Math.imul(text.charCodeAt(at + 1), 0x85ebca6b) ^
    Math.imul(text.charCodeAt(at + 2), 0xc2b2ae35) ^
    Math.imul(text.charCodeAt(at + 3), 0x27d4eb2f);
  return mixed >>> 16;
}

function plussed(text: string): string {
  return text.includes(' ') ? text.replaceAll(' ', '+') : text;
}

function united(spans: Span[]): Span[] {
  const sorted = spans.toSorted((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  for (const [start, end] of sorted) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}
