import { narrowed } from './engine/narrow.ts';
import type { Listener } from './model/events.ts';
import type { Send } from './model/http.ts';
import type { Proof, SendAs, Session } from './model/identity.ts';
import type { OperationId, Surface } from './model/operation.ts';
import type { SignUp } from './model/world.ts';
import { authOperationsOf, openSession, proveIdentities, sendAs, signUpAccounts, type DeclaredIdentity } from './identity/index.ts';

export interface OpenInput {
  readonly surface: Surface;
  readonly declared: readonly DeclaredIdentity[];
  /** Acts when nobody is declared and nobody could be signed up. */
  readonly spare?: readonly DeclaredIdentity[];
  /** Sign two accounts up when none is declared. */
  readonly signUp: boolean;
  readonly send: Send;
  /** Milliseconds. */
  readonly now: () => number;
  readonly token: (salt: string) => string;
  /** Hears of sessions as soon as they exist, so that their secrets are kept out of recordings. */
  readonly onSession: (session: Session) => void;
}

/** Identities that may act, none of them proven. */
export interface Opened {
  readonly sessions: ReadonlyMap<string, Session>;
  readonly signUp?: SignUp;
  readonly authOperations: ReadonlySet<OperationId>;
  readonly sendAs: SendAs;
  readonly notes: readonly string[];
}

export interface Enrolled extends Opened {
  readonly proofs: readonly Proof[];
}

/** Makes identities usable: declared ones are opened; with consent and none declared, two are signed up. */
export async function openIdentities({ surface, declared, spare = [], signUp, send, now, token, onSession }: OpenInput): Promise<Opened> {
  const signedUp =
    signUp && declared.length === 0 ? await signUpAccounts({ surface, send, now, token, names: ['alice', 'bob'] }) : undefined;
  const lent = declared.length > 0 ? declared : spare;
  const isSignedUp = signedUp !== undefined && (signedUp.sessions.length > 0 || lent.length === 0);
  const opened = isSignedUp ? signedUp.sessions : lent.map((identity) => openSession(identity, { surface, send, now }));
  const sessions = new Map(opened.map((session) => [session.identity.name, session]));
  for (const session of opened) onSession(session);
  const logIns = opened.flatMap((session) => session.account?.logIn ?? []);
  return {
    sessions,
    ...(signedUp?.signUp ? { signUp: signedUp.signUp } : {}),
    authOperations: new Set([...(signedUp?.authOperations ?? authOperationsOf(surface)), ...logIns]),
    sendAs: narrowed(sendAs({ sessions, send, now })),
    notes: (signedUp?.notes ?? []).map((note) => `Sign-up: ${note}.`.replace(/\.\.$/, '.')),
  };
}

/** Proves each on the surface, which may have grown since they were opened. */
export async function proveOpened(opened: Opened, surface: Surface, onEvent: Listener): Promise<Enrolled> {
  const authOperations = new Set([...opened.authOperations, ...authOperationsOf(surface)]);
  const proofs = await proveIdentities({ surface, sessions: opened.sessions, sendAs: opened.sendAs, authOperations });
  for (const proof of proofs) onEvent({ type: 'identity', name: proof.identity, usable: proof.usable, why: proof.why });
  return { ...opened, authOperations, proofs };
}

/** Both at once, for a surface that stays as it is. */
export async function enroll(input: OpenInput & { readonly onEvent: Listener }): Promise<Enrolled> {
  return proveOpened(await openIdentities(input), input.surface, input.onEvent);
}
