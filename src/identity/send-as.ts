import { isLoginPage, meaningOf } from '../model/answer.ts';
import { graphqlAnswerOf } from '../model/graphql.ts';
import { headerOf, type Answer, type Send } from '../model/http.ts';
import type { Call, Credential, SendAs, Session } from '../model/identity.ts';
import { applyCredential } from './apply.ts';
import { noCredential } from './credentials.ts';
import { isUnusable } from './grant.ts';
import { mintedAt } from './live-session.ts';

export interface SendAsOptions {
  readonly sessions: ReadonlyMap<string, Session>;
  readonly send: Send;
  /** Milliseconds. */
  readonly now: () => number;
}

/** A credential younger than this (milliseconds) is not what an answer complains about. */
const fresh = 1000;

const calls = new WeakMap<Answer, Call>();

/** In whose name an answer was got; `undefined` for requests that were not sent by a `SendAs`. */
export function callOf(answer: Answer): Call | undefined {
  return calls.get(answer);
}

/**
 * Sends calls with their credentials. An answer that speaks of an expired credential is met by one renewal as the
 * same account, except where the call was tampered with or a renewal has already not helped at this operation.
 */
export function sendAs({ sessions, send, now }: SendAsOptions): SendAs {
  const unhelped = new Set<string>();

  const inName = async (call: Call, name: string): Promise<Answer> => {
    const session = sessions.get(name);
    if (!session) return silent(call, `there is no identity called ${name}`, now());
    const credential = await session.credential();
    if (isUnusable(credential)) return silent(call, credential.unusable, now());
    const answer = await send(applyCredential(call.request, call.tamper ? call.tamper.change(credential) : credential));
    const memory = `${name}\n${call.operation}`;
    const age = now() - (mintedAt(credential) ?? -Infinity);
    if (call.tamper || unhelped.has(memory) || age < fresh || !speaksOfExpiry(answer)) return answer;
    const renewed = await renewedSince(session, credential);
    if (renewed === undefined) {
      unhelped.add(memory);
      return answer;
    }
    const second = await send(applyCredential(call.request, renewed));
    if (speaksOfExpiry(second)) unhelped.add(memory);
    return second;
  };

  return async (call) => {
    const answer = call.as === null ? await send(anonymous(call)) : await inName(call, call.as);
    calls.set(answer, call);
    return answer;
  };
}

function anonymous({ request, tamper }: Call): Call['request'] {
  return tamper ? applyCredential(request, tamper.change(noCredential)) : request;
}

// Somebody else's call may have renewed it meanwhile: one log-in serves them all.
async function renewedSince(session: Session, used: Credential): Promise<Credential | undefined> {
  const current = await session.credential();
  if (!isUnusable(current) && current !== used) return current;
  const renewed = await session.renew();
  return isUnusable(renewed) ? undefined : renewed;
}

function silent(call: Call, message: string, at: number): Answer {
  return { kind: 'silence', request: call.request, reason: 'no-credential', message, startedAt: at, ms: 0 };
}

const expiryWords: readonly RegExp[] = [
  /\b(?:token|session|jwt|signature|credentials?|log-?in)\b[^.{}]{0,40}\b(?:expired|invalid|revoked|no longer valid|not valid|timed out)\b/i,
  /\b(?:expired|invalid|revoked|stale)\b[^.{}]{0,20}\b(?:token|session|jwt|credentials?|signature)\b/i,
];

/** True for an answer that a renewed credential may mend: 401, a way to the log-in, or words about an expired token. */
export function speaksOfExpiry(answer: Answer): boolean {
  if (answer.kind === 'silence') return false;
  const { status, headers, body } = answer.response;
  if (status === 401) return true;
  if (status >= 300 && status < 400) return /log-?in|sign-?in/i.test(headerOf(headers, 'location') ?? '');
  if (isLoginPage(answer.response)) return true;
  if (meaningOf(answer) === 'served' || status >= 500 || status === 404 || status === 429) return false;
  const said = body.slice(0, 2000);
  if (graphqlAnswerOf(answer) && /"UNAUTHENTICATED"/i.test(said)) return true;
  return expiryWords.some((words) => words.test(said));
}
