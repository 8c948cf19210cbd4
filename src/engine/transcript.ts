import type { Exhibit } from '../model/check.ts';
import type { Answer, Header } from '../model/http.ts';
import type { Transcript } from '../model/report.ts';
import type { Keep, Redactor } from './redact.ts';

/** In whose name an answer's request was sent. A `Call` is one. */
export interface Caller {
  readonly as: string | null;
  /** Set when the credential was changed before it was sent. */
  readonly tamper?: { readonly label: string };
}

export type CallerOf = (answer: Answer) => Caller | undefined;

const longestBody = 4096;
const dullRequestHeaders = new Set(['host', 'connection', 'user-agent', 'accept-encoding', 'content-length', 'accept', 'accept-language']);
const tellingResponseHeader =
  /^(?:content-type|location|www-authenticate|set-cookie|cache-control|server|x-powered-by|strict-transport-security|retry-after|allow|access-control-.*|.*ratelimit.*)$/i;

/**
 * The exchanges of a verdict as they are printed: secrets removed, bodies cut around the highlights, dull headers left out.
 * What the scanner itself sent (planted markers) stays legible wherever it turns up.
 */
export function transcriptsOf(exhibits: readonly Exhibit[], redactor: Redactor, callerOf: CallerOf): Transcript[] {
  const sent = exhibits.map(({ answer: { request } }) => `${request.path}\n${request.body ?? ''}`).join('\n');
  const planted = new Set(exhibits.flatMap((exhibit) => exhibit.highlights ?? []).filter((highlight) => sent.includes(highlight)));
  return exhibits.map((exhibit) => transcriptOf(exhibit, planted, redactor, callerOf(exhibit.answer)));
}

/** `alice`, `anonymous`, `alice, signature removed`; `forged credential` for a request that carries one of its own. */
export function callerName(answer: Answer, caller: Caller | undefined, redactor: Redactor): string {
  if (caller === undefined)
    return answer.request.headers.some(([name]) => redactor.isCredentialHeader(name)) ? 'forged credential' : 'anonymous';
  const name = caller.as ?? 'anonymous';
  return caller.tamper === undefined ? name : `${name}, ${caller.tamper.label}`;
}

function transcriptOf(exhibit: Exhibit, planted: ReadonlySet<string>, redactor: Redactor, caller: Caller | undefined): Transcript {
  const { answer } = exhibit;
  const wanted = (exhibit.highlights ?? []).filter((highlight) => highlight !== '');
  const masks = new Set<string>();
  const keep: Keep = {
    values: planted,
    onMask: (original, masked) => {
      if (wanted.some((highlight) => original.includes(highlight) || highlight.includes(original))) masks.add(masked);
    },
  };
  const request = redactor.request({ ...answer.request, headers: answer.request.headers.filter(isTelling) }, keep);
  const response = answer.kind === 'exchange' ? redactor.response(tellingPart(answer.response, wanted), keep) : undefined;
  const haystack = JSON.stringify([request.url, request.body ?? '', Object.values(request.headers), response?.body, response?.headers]);
  const isVisible = (text: string): boolean => haystack.includes(JSON.stringify(text).slice(1, -1));
  const highlights = [...new Set([...wanted.map(redactor.mask), ...masks])].filter((text) => text !== '' && isVisible(text));
  return {
    label: redactor.mask(exhibit.label),
    as: redactor.mask(callerName(answer, caller, redactor)),
    request: { ...request, ...(request.body === undefined ? {} : { body: cutAround(request.body, highlights) }) },
    ...(response ? { response: { ...response, body: cutAround(response.body, highlights) } } : {}),
    ...(answer.kind === 'silence' ? { silence: redactor.mask(answer.message) } : {}),
    highlights,
  };
}

function isTelling([name]: Header): boolean {
  return !dullRequestHeaders.has(name.toLowerCase());
}

function tellingPart<R extends { readonly headers: readonly Header[] }>(response: R, highlights: readonly string[]): R {
  const headers = response.headers.filter(
    ([name, value]) => tellingResponseHeader.test(name) || highlights.some((highlight) => value.includes(highlight) || name === highlight),
  );
  return { ...response, headers };
}

/** A text of about four thousand characters at most, with what surrounds the highlights; says how much was left out. */
export function cutAround(text: string, highlights: readonly string[]): string {
  if (text.length <= longestBody) return text;
  const found = highlights.map((highlight) => text.indexOf(highlight)).filter((at) => at >= 0);
  const places = (found.length > 0 ? found : [0]).toSorted((a, b) => a - b).slice(0, 4);
  const room = Math.floor(longestBody / places.length);
  const windows: [number, number][] = [];
  for (const at of places) {
    const start = Math.max(0, at - Math.floor(room / 4));
    const end = Math.min(text.length, start + room);
    const last = windows.at(-1);
    if (last && start <= last[1]) last[1] = end;
    else windows.push([start, end]);
  }
  const gap = (size: number): string => (size === 0 ? '' : `[… ${size} characters left out …]`);
  let shown = '';
  let read = 0;
  for (const [start, end] of windows) {
    shown += `${gap(start - read)}${text.slice(start, end)}`;
    read = end;
  }
  return shown + gap(text.length - read);
}
