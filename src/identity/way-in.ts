import { meaningOf } from '../model/answer.ts';
import { headerOf, type Answer, type Exchange, type Send } from '../model/http.ts';
import type { Unusable } from '../model/identity.ts';
import { plainName } from '../model/names.ts';
import type { Operation, Surface } from '../model/operation.ts';
import { applyCredential } from './apply.ts';
import { complaintsOf } from './complaints.ts';
import { composeLogIn, waysToName, type LogInPlan } from './compose-log-in.ts';
import { firstPlan, mediaTypesOf, passwordOf } from './compose.ts';
import { basicCredential, secretsOf } from './credentials.ts';
import type { TokenUse } from './declared-identity.ts';
import { isOpened, type LockedDoor } from './doors.ts';
import { isIdentifying, roleOf } from './fields.ts';
import { findTokens } from './find-token.ts';
import { grantOf, isUnusable, type Grant } from './grant.ts';
import { declaresBasic, declaresCookies, usesOf } from './placements.ts';
import { isLetIn, type Registered } from './register.ts';

/** How accounts that sign up here get their credential: the same for every account. */
export interface WayIn {
  /** `basic`: the user name and password themselves. */
  readonly use: TokenUse | 'basic';
  /** Whose answer holds it. */
  readonly from: 'sign-up' | 'log-in';
  /** The log-in that was accepted, if any. */
  readonly logIn?: { readonly operation: Operation; readonly plan: LogInPlan };
}

export interface WayInContext {
  readonly surface: Surface;
  readonly send: Send;
  /** Milliseconds. */
  readonly now: () => number;
  readonly logIns: readonly Operation[];
  readonly lockedDoors: () => Promise<readonly LockedDoor[]>;
}

/** A way in that was found, with the first credential that it gave. */
export interface Entry {
  readonly wayIn: WayIn;
  readonly grant: Grant;
}

interface Candidate extends Entry {
  readonly weight: number;
}

const mostLogInRequests = 6;
const mostCandidates = 12;

/** Finds how a registered account gets in: logs in, looks for tokens in all answers, and tries them at doors that are locked. */
export async function findWayIn(context: WayInContext, account: Registered): Promise<Entry | string> {
  const notes: string[] = [];
  let accepted: { readonly operation: Operation; readonly plan: LogInPlan; readonly answer: Exchange } | undefined;
  for (const operation of context.logIns.slice(0, 3)) {
    const result = await tryLogIn(context, operation, account);
    if (typeof result === 'string') notes.push(result);
    else {
      accepted = { operation, ...result };
      if (findTokens(result.answer).length > 0) break;
    }
  }
  const logIn = accepted ? { logIn: { operation: accepted.operation, plan: accepted.plan } } : {};
  const candidates = [
    ...(accepted ? candidatesIn(context, accepted.answer, { from: 'log-in', ...logIn }, 5) : []),
    ...(account.existed ? [] : candidatesIn(context, account.answer, { from: 'sign-up', ...logIn }, 0)),
    ...basicCandidate(context, account, logIn),
  ]
    .toSorted((one, other) => other.weight - one.weight)
    .slice(0, mostCandidates);
  const [first, ...rest] = candidates;
  if (!first) return notes.length > 0 ? notes.join('; ') : 'no credential was found in the answers, and no log-in';
  if (rest.length === 0) return first;
  for (const door of await context.lockedDoors()) {
    for (const candidate of candidates) {
      const answer = await context.send(applyCredential(door.request, candidate.grant.credential));
      if (isOpened(door, answer)) return candidate;
    }
  }
  return first;
}

/** The credential of an account by a known way in, from the answer to its log-in or sign-up. */
export function grantBy(wayIn: WayIn, account: Pick<Registered, 'sent'>, answer: Answer, receivedAt: number): Grant | Unusable {
  return wayIn.use === 'basic' ? basicGrant(account) : grantOf(answer, wayIn.use, receivedAt);
}

function basicGrant({ sent }: Pick<Registered, 'sent'>): Grant {
  const name = ['username', 'email', 'name'].map((role) => sent.find((field) => field.role === role)).find((field) => field !== undefined);
  const credential = basicCredential(String(name?.value ?? ''), passwordOf(sent));
  return { credential, facts: {}, secrets: secretsOf(credential) };
}

function candidatesIn({ surface, now }: WayInContext, answer: Exchange, base: Omit<WayIn, 'use'>, bonus: number): Candidate[] {
  return findTokens(answer).flatMap((token) =>
    usesOf(token, surface).flatMap((use): Candidate[] => {
      const grant = grantOf(answer, use, now());
      if (isUnusable(grant)) return [];
      const wanted = token.kind === 'cookies' && declaresCookies(surface) ? 50 : 0;
      return [{ wayIn: { ...base, use }, grant, weight: token.weight + bonus + wanted }];
    }),
  );
}

function basicCandidate({ surface }: WayInContext, account: Registered, logIn: Pick<WayIn, 'logIn'>): Candidate[] {
  if (!declaresBasic(surface)) return [];
  return [{ wayIn: { use: 'basic', from: 'sign-up', ...logIn }, grant: basicGrant(account), weight: 60 }];
}

async function tryLogIn(
  { surface, send }: WayInContext,
  operation: Operation,
  account: Registered,
): Promise<{ plan: LogInPlan; answer: Exchange } | string> {
  const base: LogInPlan = { ...firstPlan(operation), by: undefined, basic: false };
  const ways = waysToName(operation, account.sent);
  const queue = mediaTypesOf(operation).flatMap((mediaType) => ways.map((by): LogInPlan => ({ ...base, mediaType, by })));
  const tried = new Set<string>();
  let why = `${operation.id} was not tried`;
  while (queue.length > 0 && tried.size < mostLogInRequests) {
    const plan = queue.shift();
    if (!plan || tried.has(JSON.stringify(plan))) continue;
    tried.add(JSON.stringify(plan));
    const { request } = composeLogIn(surface.origin, operation, plan, { ...account, password: passwordOf(account.sent) });
    const answer = await send(request);
    if (answer.kind === 'silence') return `${operation.id} had no answer: ${answer.message}`;
    if (isLetIn(answer) && (meaningOf(answer) === 'served' || findTokens(answer).length > 0)) return { plan, answer };
    const { status, headers } = answer.response;
    why = `${operation.id} answered ${status} to the account that was signed up`;
    if (meaningOf(answer) === 'busy' || status === 405) return why;
    if (/^basic\b/i.test(headerOf(headers, 'www-authenticate') ?? '')) queue.unshift({ ...plan, basic: true });
    const added = askedFor(answer, account, request.body ?? '');
    if (added.length > 0) queue.unshift({ ...plan, added: [...plan.added, ...added] });
  }
  return why;
}

// Fields of the account that the answer names and the request does not have.
function askedFor(answer: Exchange, { sent }: Registered, body: string): (readonly string[])[] {
  const known = new Set(sent.map(({ name }) => plainName(name)));
  return complaintsOf(answer).missing.filter((path) => {
    const name = path.at(-1) ?? '';
    const role = roleOf(name);
    return (
      (isIdentifying(role) || role === 'password' || known.has(plainName(name))) &&
      !new RegExp(`["&]?${plainName(name)}["=]`, 'i').test(body)
    );
  });
}
