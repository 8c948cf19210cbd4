import { isDenied, isServed } from '../model/answer.ts';
import type { Answer, Request, Send } from '../model/http.ts';
import type { Account, Credential, Identity, Session, Unusable } from '../model/identity.ts';
import type { OperationId } from '../model/operation.ts';
import { applyCredential } from './apply.ts';
import { secretsOf } from './credentials.ts';
import { isUnusable, type Grant } from './grant.ts';
import { renewalTime } from './lifetime.ts';

/** A log-in that can be repeated. */
export interface LogIn {
  readonly operation: OperationId | undefined;
  /** `undefined` when no field of the request looks like a password. */
  readonly passwordField: string | undefined;
  /** The password it starts with; '' when there is none. */
  readonly password: string;
  readonly request: (password: string) => Request;
  /** The credential in an answer, or what is wrong with it. `receivedAt`: milliseconds, our clock. */
  readonly grant: (answer: Answer, receivedAt: number) => Grant | Unusable;
}

export interface LiveSessionOptions {
  readonly identity: Identity;
  readonly logIn: LogIn;
  /** A credential that is there already, minted now. */
  readonly first?: Grant;
  readonly send: Send;
  readonly now: () => number;
  readonly secrets?: readonly string[];
}

/** How long a refused log-in is not repeated: targets lock accounts, and every operation would ask again. */
const restAfterRefusal = 30_000;
/** The same after a silence or a failure, which pass. */
const restAfterFailure = 2_000;

const births = new WeakMap<Credential, number>();

/** When a credential was minted (milliseconds, our clock); `undefined` for fixed ones. */
export function mintedAt(credential: Credential): number | undefined {
  return births.get(credential);
}

/** A session with a credential that stays as it is. `account` is the log-in known beside it. */
export function fixedSession(
  identity: Identity,
  credential: Credential,
  secrets: readonly string[],
  rest: Pick<Session, 'account'> = {},
): Session {
  const all = [...new Set([...secrets, ...secretsOf(credential)])];
  return {
    identity,
    credential: async () => credential,
    renew: async () => ({ unusable: `${identity.name} has a fixed credential, and no log-in to renew it with` }),
    ...rest,
    mayHavePassword: () => {},
    secrets: () => all,
  };
}

/** A session that logs in when it is first asked, again before its credential expires, and on demand. */
export function liveSession(options: LiveSessionOptions): Session {
  const { identity, logIn, first, send, now } = options;
  const secrets = new Set([...(options.secrets ?? []), ...(logIn.password === '' ? [] : [logIn.password])]);
  const passwords = [logIn.password];
  let known = identity;
  let lease: { readonly credential: Credential; readonly renewAt: number } | undefined;
  let pending: Promise<Credential | Unusable> | undefined;
  let refusal: { readonly answer: Unusable; readonly until: number } | undefined;

  const take = (grant: Grant, at: number): Credential => {
    const { credential } = grant;
    const { expiresAt } = credential;
    lease = { credential, renewAt: expiresAt === undefined ? Infinity : renewalTime(at, expiresAt - at) };
    births.set(credential, at);
    known = { ...known, facts: { ...grant.facts, ...known.facts } };
    for (const secret of grant.secrets) secrets.add(secret);
    refusal = undefined;
    return credential;
  };
  const logInNow = async (): Promise<Credential | Unusable> => {
    let why: Unusable | undefined;
    let rest = restAfterRefusal;
    // A copy: the one that works moves to the front, and a probe may add another meanwhile.
    for (const password of passwords.slice()) {
      const answer = await send(logIn.request(password));
      const at = now();
      const grant = logIn.grant(answer, at);
      if (!isUnusable(grant)) {
        passwords.splice(passwords.indexOf(password), 1);
        passwords.unshift(password);
        return take(grant, at);
      }
      why ??= { unusable: `${identity.name}: ${grant.unusable}` };
      // Another password helps only where this one was turned down.
      if (!isDenied(answer)) {
        if (!isServed(answer)) rest = restAfterFailure;
        break;
      }
    }
    const said = why ?? { unusable: `${identity.name}: there is nothing to log in with` };
    refusal = { answer: said, until: now() + rest };
    return said;
  };
  const renew = async (): Promise<Credential | Unusable> => {
    if (refusal && now() < refusal.until) return refusal.answer;
    pending ??= logInNow().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  const credential = async (): Promise<Credential | Unusable> => {
    if (lease && now() < lease.renewAt) return lease.credential;
    const held = lease?.credential;
    const renewed = await renew();
    const stillGood = held !== undefined && now() < (held.expiresAt ?? Infinity);
    return isUnusable(renewed) && stillGood ? held : renewed;
  };

  if (first) take(first, now());
  const account = accountOf(logIn, () => passwords[0] ?? logIn.password, now);
  return {
    get identity() {
      return known;
    },
    credential,
    renew,
    ...(account ? { account } : {}),
    mayHavePassword: (password) => {
      secrets.add(password);
      if (!passwords.includes(password)) passwords.push(password);
      refusal = undefined;
    },
    secrets: () => [...secrets],
  };
}

/** The account behind a log-in; `undefined` when the request has no password to vary. */
export function accountOf(logIn: LogIn, password: () => string, now: () => number): Account | undefined {
  const { passwordField } = logIn;
  if (passwordField === undefined) return undefined;
  return {
    logIn: logIn.operation,
    passwordField,
    get password() {
      return password();
    },
    logInWith: logIn.request,
    accepted: (answer) => !isUnusable(logIn.grant(answer, now())),
    as: (answer, request) => {
      const grant = logIn.grant(answer, now());
      return isUnusable(grant) ? undefined : applyCredential(request, grant.credential);
    },
  };
}
