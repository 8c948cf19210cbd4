import type { Answer, Header, Request } from './http.ts';
import type { OperationId } from './operation.ts';

/** Someone the scanner can act as. Holds no secret: those live in its `Session`. */
export interface Identity {
  readonly name: string;
  readonly role?: string;
  readonly tenant?: string;
  readonly source: 'file' | 'flag' | 'signed-up';
  /** What is known of the account: field name → value (`username`, `email`, `id`). Without the password. */
  readonly facts: Readonly<Record<string, string>>;
}

/** What is added to a request to act as someone. */
export interface Credential {
  readonly headers: readonly Header[];
  readonly cookies: readonly (readonly [name: string, value: string])[];
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Milliseconds since the Unix epoch, by our clock. */
  readonly expiresAt?: number;
}

/** The account that a log-in uses, where there is one: what effect proofs on credentials need. */
export interface Account {
  readonly logIn: OperationId | undefined;
  /** Name of the field that holds the password in the log-in request. */
  readonly passwordField: string;
  /** The password now in force. */
  readonly password: string;
  /** The log-in request with another password: what is sent to see whether a password is in force. */
  readonly logInWith: (password: string) => Request;
  /** True when an answer to the log-in request means that it was accepted. */
  readonly accepted: (answer: Answer) => boolean;
  /** A request with the credential that an answer to a log-in request gave; `undefined` when it gave none. */
  readonly as: (answer: Answer, request: Request) => Request | undefined;
}

/** The live side of an identity: lends credentials and renews them. One per identity, for the length of a scan. */
export interface Session {
  readonly identity: Identity;
  /** The credential now in force, renewed first when it is about to expire; a `Silence` or a refusal is said in `why`. */
  readonly credential: () => Promise<Credential | Unusable>;
  /** Logs in again as the same account. `Unusable` when it cannot. */
  readonly renew: () => Promise<Credential | Unusable>;
  readonly account?: Account;
  /** Passwords that a probe may have put in force by accident: tried, in turn, when a log-in is refused. */
  readonly mayHavePassword: (password: string) => void;
  /** Every secret lent or minted so far: credentials, tokens, passwords. What redaction removes. */
  readonly secrets: () => readonly string[];
}

/** Why an identity cannot be used, as a sentence. */
export interface Unusable {
  readonly unusable: string;
}

/** How it was shown that an identity works. */
export interface Proof {
  readonly identity: string;
  readonly usable: boolean;
  /** The operation that refused the anonymous caller and accepted this one. */
  readonly operation?: OperationId;
  /** A sentence for people. */
  readonly why: string;
}

/** Changes a credential before it is applied: what token checks send. */
export interface Tamper {
  /** Shown in plans: `signature removed`. */
  readonly label: string;
  readonly change: (credential: Credential) => Credential;
}

/**
 * A request in somebody's name. The credential is added when it is sent, because tokens expire;
 * so a plan holds no secret.
 */
export interface Call {
  /** Identity name; `null` is the anonymous caller. */
  readonly as: string | null;
  readonly operation: OperationId;
  /** Without credentials. */
  readonly request: Request;
  readonly tamper?: Tamper;
  /** Set on calls that make something: what the journal needs to undo it. */
  readonly makes?: Makes;
}

/** What a creating call leaves behind. */
export interface Makes {
  /** Singular noun: `book`. */
  readonly type: string;
  /** The request that removes it, from the answer; `undefined` when the target offers none. */
  readonly undo: (answer: Answer) => Request | undefined;
}

/** Sends a call: credential added, 401 answered by one renewal, writes journalled. Never rejects. */
export type SendAs = (call: Call) => Promise<Answer>;
