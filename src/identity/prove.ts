import { isServed, meaningOf } from '../model/answer.ts';
import { graphqlAnswerOf } from '../model/graphql.ts';
import type { Answer } from '../model/http.ts';
import type { Proof, SendAs, Session } from '../model/identity.ts';
import type { OperationId, Surface } from '../model/operation.ts';
import { doorsOf, isLocked, isOpened, type Door } from './doors.ts';
import { isUnusable } from './grant.ts';
import { mintedAt } from './live-session.ts';
import { recordedDoors } from './recorded-doors.ts';
import { speaksOfExpiry } from './send-as.ts';

export interface ProveOptions {
  readonly surface: Surface;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly sendAs: SendAs;
  /** Sign-up and log-in operations, which prove nothing. */
  readonly authOperations: ReadonlySet<OperationId>;
}

/** Operations tried in all, and those of them whose path takes an id. */
const most = 8;
const mostPlaceholders = 4;

/**
 * Shows of each identity that it works: an operation refuses the anonymous caller and serves this one. Sends GET
 * requests only, stops at the first proof, and asks anonymously once per operation.
 */
export async function proveIdentities({ surface, sessions, sendAs, authOperations }: ProveOptions): Promise<Proof[]> {
  const all = doorsOf(surface, authOperations);
  const doors = [
    ...all.filter(({ placeholder }) => !placeholder).slice(0, most),
    ...all.filter(({ placeholder }) => placeholder).slice(0, mostPlaceholders),
  ];
  const asked = new Map<string, Promise<Answer>>();
  const anonymously = ({ operation, request }: Door): Promise<Answer> => {
    const key = `${request.path}\n${request.body ?? ''}`;
    const known = asked.get(key) ?? sendAs({ as: null, operation: operation.id, request });
    asked.set(key, known);
    return known;
  };
  const proofs: Proof[] = [];
  for (const [name, session] of sessions) {
    const own = [...recordedDoors(surface, authOperations, name), ...doors];
    proofs.push(await proofOf(name, session, { doors: own, anonymously, sendAs }));
  }
  return proofs;
}

interface Trial {
  readonly doors: readonly Door[];
  readonly anonymously: (door: Door) => Promise<Answer>;
  readonly sendAs: SendAs;
}

async function proofOf(name: string, session: Session, trial: Trial): Promise<Proof> {
  const credential = await session.credential();
  if (isUnusable(credential)) return { identity: name, usable: false, why: credential.unusable };
  if (trial.doors.length === 0) return { identity: name, usable: false, why: 'there is no GET operation on which it could be tried' };
  const loggedIn = session.identity.source === 'signed-up' || mintedAt(credential) !== undefined;
  const open: Door[] = [];
  const turnedAway: { door: Door; anonymous: Answer; answer: Answer }[] = [];
  for (const door of trial.doors) {
    if (turnedAway.length >= most) break;
    const anonymous = await trial.anonymously(door);
    if (!isLocked(door, anonymous)) {
      if (isServed(anonymous)) open.push(door);
      continue;
    }
    const answer = await trial.sendAs({ as: name, operation: door.operation.id, request: door.request });
    if (isOpened(door, answer))
      return proven(name, door, `${door.operation.id} answers ${said(anonymous)} to anonymous and ${said(answer)} to ${name}`);
    turnedAway.push({ door, anonymous, answer });
  }
  const refusals = turnedAway.filter(({ door, anonymous }) => isRefusal(door, anonymous));
  if (refusals.length > 0) return fromRefusals(name, loggedIn, refusals);
  return withoutDoors(name, session, loggedIn, open, trial);
}

// A missing page is the same for everybody; only a refusal speaks against the credential.
function isRefusal(door: Door, anonymous: Answer): boolean {
  return isLocked({ ...door, placeholder: true }, anonymous);
}

function fromRefusals(name: string, loggedIn: boolean, refusals: readonly { door: Door; anonymous: Answer; answer: Answer }[]): Proof {
  // Logged in, known to the target, and not allowed here: every operation tried wants more rights.
  const known = refusals.find(({ anonymous, answer }) => said(anonymous) === '401' && said(answer) === '403' && !speaksOfExpiry(answer));
  if (known && loggedIn)
    return proven(name, known.door, `${known.door.operation.id} answers 401 to anonymous and 403 to ${name}, whose log-in was accepted`);
  const seen = refusals.map(({ door, answer }) => `${door.operation.id}: ${said(answer)}`).slice(0, 4);
  return { identity: name, usable: false, why: `every operation that refuses anonymous refused ${name} too (${seen.join(', ')})` };
}

async function withoutDoors(name: string, session: Session, loggedIn: boolean, open: readonly Door[], trial: Trial): Promise<Proof> {
  const facts = Object.values(session.identity.facts).filter((fact) => fact.length >= 4);
  for (const door of facts.length === 0 ? [] : open.slice(0, most)) {
    const anonymous = await trial.anonymously(door);
    const answer = await trial.sendAs({ as: name, operation: door.operation.id, request: door.request });
    const nobody = anonymous.kind === 'exchange' ? anonymous.response.body : '';
    if (
      answer.kind === 'exchange' &&
      isServed(answer) &&
      facts.some((fact) => answer.response.body.includes(fact) && !nobody.includes(fact))
    )
      return proven(name, door, `${door.operation.id} names the account of ${name}, and does not for anonymous`);
  }
  if (loggedIn)
    return { identity: name, usable: true, why: 'its log-in was accepted; no operation that was tried refuses anonymous callers' };
  return {
    identity: name,
    usable: false,
    why: 'no operation that was tried refuses anonymous callers, so nothing shows that this credential counts',
  };
}

function proven(identity: string, door: Door, why: string): Proof {
  return { identity, usable: true, operation: door.operation.id, why };
}

function said(answer: Answer): string {
  if (answer.kind === 'silence') return answer.reason;
  return `${answer.response.status}${graphqlAnswerOf(answer) ? ` (${meaningOf(answer)})` : ''}`;
}
