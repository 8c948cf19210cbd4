import { isServed } from '../../model/answer.ts';
import type { Answer } from '../../model/http.ts';
import { headerOf, jsonOf } from '../../model/http.ts';
import { wordsOf } from '../../model/names.ts';
import { isSafe, type Operation } from '../../model/operation.ts';

const readingWords = new Set([
  'search',
  'query',
  'lookup',
  'look',
  'find',
  'filter',
  'list',
  'get',
  'fetch',
  'retrieve',
  'export',
  'download',
  'detail',
  'details',
  'show',
  'preview',
  'browse',
]);

/** True for a word that says that something is asked for and nothing changed. */
export function isReadingWord(word: string | undefined): boolean {
  return word !== undefined && readingWords.has(word);
}

/**
 * True when calling an operation is not meant to change anything: by its method or its description, or because a POST is named
 * after asking: `POST /orders/search`, `POST /rpc/getOrder`, `POST /orders/export`.
 */
export function isReading(operation: Operation): boolean {
  const known = memo.get(operation);
  if (known !== undefined) return known;
  const reads = readsBySign(operation);
  memo.set(operation, reads);
  return reads;
}

// Each operation is asked about for each object.
const memo = new WeakMap<Operation, boolean>();

function readsBySign(operation: Operation): boolean {
  if (isSafe(operation)) return operation.method !== 'HEAD' && operation.method !== 'OPTIONS';
  if (operation.method !== 'POST') return false;
  const last = operation.path
    .split('?')[0]
    ?.split('/')
    .findLast((segment) => segment !== '' && !segment.startsWith('{'));
  const words = wordsOf(last ?? '');
  if (isReadingWord(words[0]) || (words.length > 1 && isReadingWord(words.at(-1)))) return true;
  const named = wordsOf(operation.operationId?.split(/[./]/).at(-1) ?? '');
  return named.length > 1 && isReadingWord(named[0]) && isReadingWord(wordsOf(operation.summary ?? '')[0] ?? named[0]);
}

/** True when an answer speaks against it: something was made, or is under way. */
export function showsEffect(answer: Answer, method: string): boolean {
  if (answer.kind !== 'exchange' || method === 'GET') return false;
  const { status, headers } = answer.response;
  return status === 201 || status === 202 || status === 204 || (status < 300 && headerOf(headers, 'location') !== undefined);
}

/** Served, and with more than nothing: `null` for an object tells that it was not found. */
export function showsSomething(answer: Answer): boolean {
  if (answer.kind === 'silence' || !isServed(answer)) return false;
  const json = jsonOf(answer.response);
  return json === undefined ? answer.response.body !== '' : !/^(?:null|\{\}|\[\]|"")$/.test(JSON.stringify(json));
}
