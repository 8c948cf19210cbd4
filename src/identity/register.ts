import { meaningOf } from '../model/answer.ts';
import type { Exchange, Send } from '../model/http.ts';
import { plainName } from '../model/names.ts';
import type { Operation } from '../model/operation.ts';
import { composeSignUp, homeOf, mediaTypesOf, type Plan, type Sent } from './compose.ts';
import { complaintsOf, saysTaken, type Complaints } from './complaints.ts';
import { fieldsOf, roleOf } from './fields.ts';
import { personOf, type Person } from './person.ts';

/** An account that was made, or that is there from an earlier run with the same values. */
export interface Registered {
  readonly operation: Operation;
  readonly plan: Plan;
  readonly person: Person;
  readonly sent: readonly Sent[];
  readonly answer: Exchange;
  /** The target says that it was there before. */
  readonly existed: boolean;
}

export interface RegisterContext {
  readonly origin: string;
  readonly send: Send;
  readonly token: (salt: string) => string;
}

const mostAttempts = 6;

/** Signs a person up, changing the request as the answers ask for; a sentence when it does not work. Sends at most six requests. */
export async function register(context: RegisterContext, operation: Operation, start: Plan, salt: string): Promise<Registered | string> {
  const person = personOf(context.token, salt);
  const tried = new Set<string>();
  let plan: Plan | undefined = start;
  let why = `${operation.id} was not tried`;
  while (plan && tried.size < mostAttempts) {
    tried.add(JSON.stringify(plan));
    const { request, sent } = composeSignUp(context.origin, operation, plan, person);
    const answer = await context.send(request);
    if (answer.kind === 'silence') return `${operation.id} had no answer: ${answer.message}`;
    if (saysTaken(answer)) return { operation, plan, person, sent, answer, existed: true };
    // Forms send the browser on, mostly to the log-in: whether it worked, the log-in will tell.
    if (meaningOf(answer) === 'served' || isSentOn(answer)) return { operation, plan, person, sent, answer, existed: false };
    const complaints = complaintsOf(answer);
    why = describe(operation, answer, complaints);
    const meaning = meaningOf(answer);
    if (meaning === 'refused' && complaints.missing.length + complaints.unknown.length === 0) return why;
    if (meaning === 'busy' || answer.response.status === 404 || answer.response.status === 405) return why;
    plan = nextPlans(operation, plan, sent, answer, complaints).find((next) => !tried.has(JSON.stringify(next)));
  }
  return why;
}

function isSentOn({ response }: Exchange): boolean {
  return response.status === 302 || response.status === 303;
}

function nextPlans(operation: Operation, plan: Plan, sent: readonly Sent[], answer: Exchange, { missing, unknown }: Complaints): Plan[] {
  const others = mediaTypesOf(operation).filter((type) => type !== plan.mediaType);
  const retyped = others.map((mediaType): Plan => ({ ...plan, mediaType }));
  if (answer.response.status === 415) return retyped;
  const known = new Set(sent.map(({ name }) => plainName(name)));
  const home = homeOf(sent);
  const added = missing
    .filter((path) => !known.has(plainName(path.at(-1) ?? '')) && path.every(isName))
    .map((path) => (path.length === 1 && home.length > 0 ? [...home, ...path] : path));
  // The password by another name takes the place of the one that was guessed; a repetition stands beside it.
  const renamed = added.some((path) => roleOf(path.at(-1) ?? '') === 'password' && !/confirm|repeat|again|2$|^re/i.test(path.at(-1) ?? ''));
  const guessed = renamed && fieldsOf(operation).length === 0 ? ['password'] : [];
  const removed = [...unknown.map(plainName).filter((name) => known.has(name) && name !== 'password'), ...guessed];
  const mended: Plan = { ...plan, added: [...plan.added, ...added.slice(0, 8)], removed: [...plan.removed, ...removed] };
  const isMended = added.length > 0 || removed.length > 0;
  // A target that misses everything that was sent does not read this media type.
  const blind = missing.length > 0 && missing.every((path) => known.has(plainName(path.at(-1) ?? '')));
  return [...(isMended ? [mended] : []), ...(blind ? retyped : []), { ...plan, sparse: true }, ...retyped];
}

function describe(operation: Operation, answer: Exchange, { missing }: Complaints): string {
  const names = missing.map((path) => path.join('.')).filter((name) => name.split('.').every(isName));
  return `${operation.id} answered ${answer.response.status}${names.length === 0 ? '' : ` (it asks for ${names.slice(0, 6).join(', ')})`}`;
}

function isName(text: string): boolean {
  return /^[A-Za-z_][\w-]{0,40}$/.test(text);
}

/** True for an answer to a log-in that let the account in, as far as status and words go. */
export function isLetIn(answer: Exchange): boolean {
  const meaning = meaningOf(answer);
  return meaning === 'served' || (isSentOn(answer) && meaning !== 'refused');
}
