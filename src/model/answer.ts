import { graphqlAnswerOf, type GraphqlAnswer } from './graphql.ts';
import { headerOf, jsonOf, type Answer, type Response } from './http.ts';
import { isObject, leaves, type Json } from './json.ts';

/** What an answer amounts to, whatever its status code claims. */
export type Meaning =
  /** The caller got what was asked for. */
  | 'served'
  /** The caller is not let in: 401, 403, a log-in page, an error body that speaks of permission. */
  | 'refused'
  /** There is no such thing, or so the target says. */
  | 'absent'
  /** The request was not understood, or clashed: 400, 409, 415, 422. */
  | 'rejected'
  /** The target is busy: 429, 503. */
  | 'busy'
  /** 5xx, silence, an answer that was cut because it had no end. */
  | 'failed';

const denial =
  /\b(?:un-?auth(?:ori[sz]ed|enticated)|not (?:authori[sz]ed|allowed|permitted|logged)|forbidden|access denied|permission|denied|log ?in (?:again|first|required)|please log ?in|sign in|invalid (?:token|credentials?|api.?key)|token (?:is )?(?:invalid|expired|missing|required)|authentication (?:required|failed))\b/i;
const absence = /\b(?:not found|no such|does ?n[o']t exist|unknown|could not be found|cannot be found)\b/i;
const errorNames = new Set(['error', 'errors', 'error_message', 'errormessage', 'exception', 'fault']);
const statusNames = new Set(['status', 'success', 'ok', 'result', 'outcome']);
const failureValues = new Set(['fail', 'failed', 'failure', 'error', 'false', 'ko', 'denied', 'not_found', 'forbidden', 'unauthorized']);
const messageNames = new Set(['message', 'msg', 'detail', 'details', 'title', 'reason', 'description', ...errorNames]);

/** Reads status, redirect and body together. */
export function meaningOf(answer: Answer): Meaning {
  if (answer.kind === 'silence') return 'failed';
  const { response } = answer;
  const { status } = response;
  if (response.truncated) return 'failed';
  if (status === 401 || status === 403 || status === 407) return 'refused';
  if (status === 404 || status === 410) return 'absent';
  if (status === 429 || status === 503) return 'busy';
  const told = graphqlAnswerOf(answer);
  if (told) return graphqlMeaning(told, status);
  if (status >= 500) return 'failed';
  if (status >= 400) return errorMeaning(response) ?? 'rejected';
  if (status >= 300) return redirectMeaning(response);
  if (isLoginPage(response)) return 'refused';
  return errorMeaning(response) ?? 'served';
}

const denialCode = /UNAUTH|FORBIDDEN|ACCESS_DENIED|NOT_ALLOWED|PERMISSION|INVALID_TOKEN|JWT/i;
const absenceCode = /NOT_?FOUND|DOES_?NOT_?EXIST/i;
const busyWords = /\b(?:rate.?limit(?:ed)?|throttled|too many requests)\b/i;
const denialStated = /\b(?:must (?:be )?(?:log(?:ged)?|sign(?:ed)?)[- ]?in|must be authenticated|(?:do|does) ?n[o']t have access)\b/i;

/** GraphQL answers 200 whatever happened: what counts is whether the field has a value, and which errors stand beside it. */
function graphqlMeaning({ kind, values, errors }: GraphqlAnswer, status: number): Meaning {
  const present = values.filter((value) => value !== null);
  if (present.length > 0) {
    const [value] = present;
    if (kind === 'query') return 'served';
    const failed =
      value === false || (isObject(value) && Object.entries(value).some(([name, item]) => isErrorFlag(plainErrorName(name), item)));
    if (!failed) return 'served';
    // A mutation that says no and nothing else did not find what it should change.
    const words = value === undefined || value === false ? '' : messagesIn(value);
    return wordsMeaning(words) ?? (words === '' ? 'absent' : 'rejected');
  }
  if (errors.length === 0) return 'absent';
  const codes = leaves(errors)
    .filter((leaf) => /\/extensions\/|\/(?:code|type|errorType)$/.test(leaf.pointer) && typeof leaf.value === 'string')
    .map((leaf) => String(leaf.value))
    .filter((code) => code.length < 60);
  const messages = messagesIn(errors);
  if (busyWords.test(messages) || codes.some((code) => busyWords.test(code.replaceAll('_', ' ')))) return 'busy';
  if (codes.some((code) => denialCode.test(code)) || denialStated.test(messages)) return 'refused';
  if (codes.some((code) => absenceCode.test(code)) || /cannot return null for non-nullable/i.test(messages)) return 'absent';
  return wordsMeaning(messages) ?? (status >= 500 ? 'failed' : 'rejected');
}

/** Payloads of mutations name what went wrong in lists such as `userErrors`. */
function plainErrorName(name: string): string {
  return /errors$/i.test(name) ? 'errors' : name.toLowerCase();
}

/** True when the caller got what was asked for. */
export function isServed(answer: Answer): boolean {
  return meaningOf(answer) === 'served';
}

/** True when the answer says, in whatever way, that the caller may not have it, or that it does not exist. */
export function isDenied(answer: Answer): boolean {
  const meaning = meaningOf(answer);
  return meaning === 'refused' || meaning === 'absent' || meaning === 'rejected';
}

function redirectMeaning(response: Response): Meaning {
  const location = headerOf(response.headers, 'location') ?? '';
  if (/log-?in|sign-?in|auth|sso|oauth/i.test(location)) return 'refused';
  return jsonOf(response) === undefined ? 'absent' : (errorMeaning(response) ?? 'served');
}

/** The meaning of a body that reports an error in its own words, such as `{"success": false}` with 200. */
function errorMeaning(response: Response): Meaning | undefined {
  const json = jsonOf(response);
  if (!isObject(json)) return undefined;
  const flagged = Object.entries(json).some(([name, value]) => isErrorFlag(name.toLowerCase(), value));
  if (!flagged && !(response.status >= 400)) return undefined;
  return wordsMeaning(messagesIn(json)) ?? 'rejected';
}

function messagesIn(json: Json): string {
  return leaves(json)
    .filter((leaf) => messageNames.has(leaf.name.toLowerCase()) && typeof leaf.value === 'string')
    .map((leaf) => String(leaf.value))
    .join(' ');
}

function wordsMeaning(words: string): Meaning | undefined {
  if (denial.test(words)) return 'refused';
  return absence.test(words) ? 'absent' : undefined;
}

function isErrorFlag(name: string, value: Json): boolean {
  if (errorNames.has(name)) return value !== null && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0);
  if (!statusNames.has(name)) return false;
  if (value === false) return true;
  if (typeof value === 'number') return value >= 400 && value < 600;
  return typeof value === 'string' && failureValues.has(value.toLowerCase());
}

/** An HTML page with a password field: the answer of applications that send everybody to the log-in form with 200. */
export function isLoginPage(response: Response): boolean {
  return /html/i.test(headerOf(response.headers, 'content-type') ?? '') && /<input[^>]+type=["']?password/i.test(response.body);
}
