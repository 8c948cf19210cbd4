import { z } from 'zod';
import type { Answer, Header, Request } from '../model/http.ts';

/** Takes the secrets out of a text. */
export type Mask = (text: string) => string;

const header = z.tuple([z.string(), z.string()]);
const request = z.object({
  method: z.string(),
  origin: z.string(),
  path: z.string(),
  headers: z.array(header),
  body: z.exactOptional(z.string()),
});
const response = z.object({
  status: z.number(),
  headers: z.array(header),
  body: z.string(),
  bytes: z.number(),
  truncated: z.boolean(),
});
const times = { startedAt: z.number(), ms: z.number() };
const reasons = [
  'timeout',
  'refused',
  'reset',
  'unresolved',
  'tls',
  'protocol',
  'out-of-scope',
  'out-of-budget',
  'not-recorded',
  'no-credential',
  'aborted',
] as const;

/** One line of a recording after the first. */
export const recordedAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exchange'), request, response, ...times }),
  z.object({ kind: z.literal('silence'), request, reason: z.enum(reasons), message: z.string(), ...times }),
]);

/** The first line of a recording; what else is in it belongs to whoever recorded. */
export const recordingHeader = z.looseObject({ kind: z.literal('middlebrick-recording'), version: z.number() });

/** An answer as a line of a recording, masked. */
export function lineOf(answer: Answer, mask: Mask): string {
  const masked = maskRequest(answer.request, mask);
  if (answer.kind === 'silence') return `${JSON.stringify({ ...answer, request: masked, message: mask(answer.message) })}\n`;
  const { headers, body } = answer.response;
  const told = { ...answer.response, headers: maskHeaders(headers, mask), body: mask(body) };
  return `${JSON.stringify({ ...answer, request: masked, response: told })}\n`;
}

/** What makes two requests the same for a replay: all but the order of headers and the case of their names. */
export function keyOf(asked: Request, mask: Mask): string {
  const { method, origin, path, body, headers } = maskRequest(asked, mask);
  const pairs = headers.map(([name, value]) => JSON.stringify([name.toLowerCase(), value])).sort();
  return JSON.stringify([method, origin, path, body ?? null, pairs]);
}

function maskRequest(asked: Request, mask: Mask): Request {
  const masked = { ...asked, origin: mask(asked.origin), path: mask(asked.path), headers: maskHeaders(asked.headers, mask) };
  return asked.body === undefined ? masked : { ...masked, body: mask(asked.body) };
}

function maskHeaders(headers: readonly Header[], mask: Mask): Header[] {
  return headers.map(([name, value]) => [name, mask(value)]);
}
