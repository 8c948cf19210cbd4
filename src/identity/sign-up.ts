import { isServed } from '../model/answer.ts';
import { jsonOf, type Answer, type Send } from '../model/http.ts';
import type { Identity, Session, Unusable } from '../model/identity.ts';
import type { OperationId, Surface } from '../model/operation.ts';
import type { SignUp } from '../model/world.ts';
import { applyCredential } from './apply.ts';
import { composeLogIn } from './compose-log-in.ts';
import { composeSignUp, factsOfSent, firstPlan, passwordOf, type Plan } from './compose.ts';
import { noCredential } from './credentials.ts';
import { doorsOf, lockedDoors, type LockedDoor } from './doors.ts';
import { factsIn } from './facts.ts';
import { isUnusable, type Grant } from './grant.ts';
import { accountOf, fixedSession, liveSession, type LogIn } from './live-session.ts';
import { personOf } from './person.ts';
import { recogniseDoorways } from './recognise.ts';
import { register, type Registered } from './register.ts';
import { findWayIn, grantBy, type Entry, type WayIn, type WayInContext } from './way-in.ts';

export interface SignUpOptions {
  readonly surface: Surface;
  readonly send: Send;
  /** Milliseconds. */
  readonly now: () => number;
  /** Lower-case letters and digits, the first a letter; the same salt gives the same token. */
  readonly token: (salt: string) => string;
  /** Names of the identities to make. */
  readonly names: readonly string[];
}

export interface SignedUp {
  readonly sessions: readonly Session[];
  /** How further accounts are made; absent when none could be. */
  readonly signUp?: SignUp;
  /** Sign-up and log-in operations. */
  readonly authOperations: Set<OperationId>;
  /** Sentences for people: what was tried, and why it failed. No values. */
  readonly notes: readonly string[];
}

const mostCandidates = 4;
/** Accounts of earlier runs with the same seed that are stepped over. */
const mostSalts = 3;

interface Recipe {
  readonly plan: Plan;
  readonly wayIn: WayIn;
}

interface Context extends WayInContext {
  readonly token: (salt: string) => string;
  readonly notes: string[];
}

/** Signs up an account for each name where the target lets people sign up. Writes to the target: ask for consent first. */
export async function signUpAccounts({ surface, send, now, token, names }: SignUpOptions): Promise<SignedUp> {
  const { signUps, logIns, all: authOperations } = recogniseDoorways(surface);
  const notes: string[] = [];
  let locked: Promise<readonly LockedDoor[]> | undefined;
  const context: Context = {
    surface,
    send,
    now,
    token,
    logIns,
    notes,
    lockedDoors: () => (locked ??= lockedDoors(doorsOf(surface, authOperations), send, 3)),
  };
  if (signUps.length === 0) notes.push('no operation was recognised as a sign-up');
  for (const operation of signUps.slice(0, mostCandidates)) {
    const sessions: Session[] = [];
    let recipe: Recipe | undefined;
    for (const name of names) {
      const made = await enrol(context, operation, name, recipe);
      if (!made) break;
      sessions.push(made.session);
      recipe ??= made.recipe;
    }
    if (!recipe) continue;
    if (sessions.length < names.length) notes.push(`${operation.id} made ${sessions.length} of ${names.length} accounts`);
    return { sessions, signUp: signUpBy(context, operation, recipe), authOperations, notes };
  }
  return { sessions: [], authOperations, notes };
}

async function enrol(
  context: Context,
  operation: Registered['operation'],
  name: string,
  known: Recipe | undefined,
): Promise<{ session: Session; recipe: Recipe } | undefined> {
  const { surface, send, token, notes } = context;
  for (let round = 1; round <= mostSalts; round += 1) {
    const salt = round === 1 ? `account/${name}` : `account/${name}/${round}`;
    const account = await register({ origin: surface.origin, send, token }, operation, known?.plan ?? firstPlan(operation), salt);
    if (typeof account === 'string') {
      notes.push(`${name}: ${account}`);
      return undefined;
    }
    const entry = (known && (await enterBy(context, known.wayIn, account))) ?? (await findWayIn(context, account));
    if (typeof entry !== 'string') {
      if (account.existed) notes.push(`${name}: ${operation.id} says that the account exists from an earlier run; it is used again`);
      return { session: sessionOf(context, name, account, entry), recipe: { plan: account.plan, wayIn: entry.wayIn } };
    }
    notes.push(`${name}: ${operation.id} answered ${account.answer.response.status}; ${entry}`);
    if (!account.existed) return undefined;
  }
  return undefined;
}

async function enterBy({ surface, send, now }: Context, wayIn: WayIn, account: Registered): Promise<Entry | undefined> {
  if (wayIn.from === 'sign-up' && account.existed && wayIn.use !== 'basic') return undefined;
  const answer = wayIn.from === 'log-in' && wayIn.logIn ? await send(logInRequest(surface, wayIn.logIn, account)) : account.answer;
  const grant = grantBy(wayIn, account, answer, now());
  return isUnusable(grant) ? undefined : { wayIn, grant };
}

function logInRequest(
  surface: Surface,
  { operation, plan }: NonNullable<WayIn['logIn']>,
  account: Registered,
  password = passwordOf(account.sent),
) {
  return composeLogIn(surface.origin, operation, plan, { ...account, password }).request;
}

function sessionOf({ surface, send, now }: Context, name: string, account: Registered, { wayIn, grant }: Entry): Session {
  const password = passwordOf(account.sent);
  const told = account.existed ? {} : factsIn(jsonOf(account.answer.response));
  const identity: Identity = { name, source: 'signed-up', facts: { ...grant.facts, ...told, ...factsOfSent(account.sent) } };
  const { logIn: way } = wayIn;
  if (!way) return fixedSession(identity, grant.credential, [...grant.secrets, password]);
  const { passwordField } = composeLogIn(surface.origin, way.operation, way.plan, { ...account, password });
  const logIn: LogIn = {
    operation: way.operation.id,
    passwordField,
    password,
    request: (given) => logInRequest(surface, way, account, given),
    grant: (answer, receivedAt) => (wayIn.from === 'log-in' ? grantBy(wayIn, account, answer, receivedAt) : letIn(answer)),
  };
  if (wayIn.from === 'log-in') return liveSession({ identity, logIn, first: grant, send, now });
  const beside = accountOf(logIn, () => password, now);
  return fixedSession(identity, grant.credential, [...grant.secrets, password], beside ? { account: beside } : {});
}

// The log-in of an account whose credential came with sign-up: only whether it is accepted matters.
function letIn(answer: Answer): Grant | Unusable {
  return isServed(answer) ? { credential: noCredential, facts: {}, secrets: [] } : { unusable: 'the log-in was refused' };
}

function signUpBy({ surface, token, now }: Context, operation: Registered['operation'], { plan, wayIn }: Recipe): SignUp {
  return {
    operation,
    attempt: (salt, extra) => {
      const person = personOf(token, salt);
      const { request, sent } = composeSignUp(surface.origin, operation, plan, person, extra);
      const account = { operation, plan, person, sent };
      return {
        request,
        facts: factsOfSent(sent),
        password: passwordOf(sent),
        logIn:
          wayIn.from === 'log-in' && wayIn.logIn
            ? composeLogIn(surface.origin, wayIn.logIn.operation, wayIn.logIn.plan, { ...account, password: passwordOf(sent) }).request
            : undefined,
        as: (answer, bare) => {
          const grant = grantBy(wayIn, account, answer, now());
          return isUnusable(grant) ? undefined : applyCredential(bare, grant.credential);
        },
      };
    },
  };
}
