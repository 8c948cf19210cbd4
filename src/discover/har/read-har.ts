import { z } from 'zod';
import type { Exchange, Header } from '../../model/http.ts';
import { isObject } from '../../model/json.ts';
import { UserError } from '../../model/user-error.ts';
import { parseText } from '../parse-text.ts';

/** One entry of a HAR file. */
export interface Recorded {
  readonly exchange: Exchange;
  /** JSON Pointer of the entry. */
  readonly pointer: string;
}

/** The exchanges of a HAR file in their order, credentials and all. */
export interface Har {
  readonly location: string;
  readonly text: string;
  readonly version: string;
  readonly recorded: readonly Recorded[];
  /** Entries without a request that could be read. */
  readonly unreadable: number;
}

const pairs = z
  .array(
    z
      .object({ name: z.string(), value: z.string().catch('') })
      .optional()
      .catch(undefined),
  )
  .catch([])
  .transform((list) => list.flatMap((item): Header[] => (item === undefined ? [] : [[item.name, item.value]])));
const entry = z.object({
  startedDateTime: z.string().catch(''),
  time: z.number().catch(0),
  request: z.object({
    method: z.string().min(1),
    url: z.string().refine((url) => URL.canParse(url) && /^https?:/i.test(url)),
    headers: pairs.optional(),
    cookies: pairs.optional(),
    postData: z
      .object({ mimeType: z.string().catch(''), text: z.string().optional().catch(undefined), params: pairs.optional() })
      .optional()
      .catch(undefined),
  }),
  response: z
    .object({
      status: z.number().catch(0),
      headers: pairs.optional(),
      content: z
        .object({ mimeType: z.string().catch(''), text: z.string().catch(''), encoding: z.string().optional().catch(undefined) })
        .partial()
        .catch({}),
    })
    .partial()
    .catch({}),
});

const howToRecord = 'Record the traffic of the API with the network panel of a browser, or with a proxy, and export it as HAR.';

/** True for the text of a HAR file, also of a broken one. */
export function isHar(text: string): boolean {
  return /^\uFEFF?\s*\{\s*"log"\s*:/.test(text.slice(0, 1000));
}

/** Reads a HAR file (1.1, 1.2). Throws `UserError` when it is none, is cut short, or holds no request. */
export function readHar(text: string, location: string): Har {
  if (!/^\uFEFF?\s*\{/.test(text)) throw notAHar(location);
  const { value } = parseText(text, location);
  const log = isObject(value) && isObject(value['log']) ? value['log'] : undefined;
  const entries = log?.['entries'];
  if (log === undefined || !Array.isArray(entries)) {
    throw notAHar(location);
  }
  const read = entries.map((raw) => entry.safeParse(raw));
  const recorded = read.flatMap(({ data }, index): Recorded[] =>
    data === undefined ? [] : [{ exchange: exchangeOf(data), pointer: `/log/entries/${index}` }],
  );
  if (recorded.length === 0) {
    const what =
      entries.length === 0 ? 'is empty: it holds no requests' : `holds no request to an HTTP address among its ${entries.length} entries`;
    throw new UserError('har-empty', `${location} ${what}.`, { hint: howToRecord });
  }
  const version = typeof log['version'] === 'string' ? log['version'].slice(0, 10) : '1.2';
  return { location, text, version, recorded, unreadable: entries.length - recorded.length };
}

function notAHar(location: string): UserError {
  return new UserError('not-a-har', `${location} is no HAR recording: it has no "log" with "entries".`, { hint: howToRecord });
}

function exchangeOf({ request, response, startedDateTime, time }: z.infer<typeof entry>): Exchange {
  const url = new URL(request.url);
  const headers = (request.headers ?? []).filter(([name]) => !name.startsWith(':'));
  const cookies = (request.cookies ?? []).map(([name, value]) => `${name}=${value}`).join('; ');
  const hasCookies = headers.some(([name]) => name.toLowerCase() === 'cookie');
  const mediaType = request.postData?.mimeType ?? '';
  const typed: Header[] = [
    ...headers,
    ...(cookies === '' || hasCookies ? [] : [['cookie', cookies] as const]),
    ...(mediaType === '' || headers.some(([name]) => name.toLowerCase() === 'content-type') ? [] : [['content-type', mediaType] as const]),
  ];
  const body = bodyText(request.postData);
  const { content = {} } = response;
  const text = content.encoding === 'base64' ? Buffer.from(content.text ?? '', 'base64').toString('utf8') : (content.text ?? '');
  const hasType = (response.headers ?? []).some(([name]) => name.toLowerCase() === 'content-type');
  const startedAt = Date.parse(startedDateTime);
  return {
    kind: 'exchange',
    request: {
      method: request.method.toUpperCase(),
      origin: url.origin,
      path: url.pathname + url.search,
      headers: typed,
      ...(body === undefined ? {} : { body }),
    },
    response: {
      status: response.status ?? 0,
      headers: [...(response.headers ?? []), ...(hasType || !content.mimeType ? [] : [['content-type', content.mimeType] as const])],
      body: text,
      bytes: text.length,
      truncated: false,
    },
    startedAt: Number.isNaN(startedAt) ? 0 : startedAt,
    ms: time,
  };
}

function bodyText(data: z.infer<typeof entry>['request']['postData']): string | undefined {
  if (data === undefined) return undefined;
  if (data.text !== undefined && data.text !== '') return data.text;
  return data.params === undefined || data.params.length === 0
    ? undefined
    : new URLSearchParams(data.params.map(([name, value]): [string, string] => [name, value])).toString();
}
