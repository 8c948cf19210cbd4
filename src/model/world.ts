import type { Answer, Exchange, Request } from './http.ts';
import type { Call, Identity, Proof, Session } from './identity.ts';
import type { Json, JsonObject } from './json.ts';
import type { Operation, OperationId, Surface } from './operation.ts';
import type { Slot } from './slot.ts';
import type { Permissions } from './permissions.ts';

/** A random token that the scanner planted in one object, in one field. Long enough never to occur by chance. */
export interface Marker {
  /** Name of the field it was planted in. */
  readonly field: string;
  readonly value: string;
}

/** How an object came to be known. */
export type Learned = 'made' | 'signed-up' | 'seen';

/** An API object: a book, an order, an account. */
export interface ApiObject {
  /** Unique in a world and stable between runs: `book of alice`. */
  readonly id: string;
  /** Singular noun, lower case: `book`. */
  readonly type: string;
  /** The one identity that it belongs to; `null` when several see it. */
  readonly owner: string | null;
  /** Field name → value, for each field that may name the object: `{ id: '12', title: 'mb7…' }`. */
  readonly keys: Readonly<Record<string, string>>;
  readonly markers: readonly Marker[];
  readonly learned: Learned;
  /** The object as its owner sees it. */
  readonly record?: Json;
  /** What made it, when the scanner did. */
  readonly madeBy?: Exchange;
  /** What OpenAPI `links` say of it: operation id → parameter → value. */
  readonly links?: Readonly<Record<OperationId, Readonly<Record<string, string>>>>;
}

/** Values for the parameters of an operation, by place. `body` is sent as JSON unless the operation takes a form. */
export interface ParameterValues {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
  readonly cookie?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

/** The same request answered twice (or more) for the same caller, with what differs between the answers. */
export interface Baseline {
  readonly call: Call;
  readonly answers: readonly Answer[];
  /** JSON Pointers, array indices as `*`, whose values differ from answer to answer. */
  readonly noise: ReadonlySet<string>;
}

/** What a caller sees at an operation that needs no object: lists, "me", home. */
export interface Look {
  readonly operation: Operation;
  /** `null` is the anonymous caller. */
  readonly as: string | null;
  /** It shows somebody else, by a name that the caller was given. */
  readonly others?: true;
  readonly baseline: Baseline;
}

/** An operation that addresses an object, with the owner's own baseline of it. */
export interface Access {
  readonly operation: Operation;
  readonly object: ApiObject;
  /** Which parameter takes which of the object's values. */
  readonly values: ParameterValues;
  /** The slots that name the object itself (others name its parents). */
  readonly slots: readonly Slot[];
  /** Present for operations that read: what the owner gets. */
  readonly baseline?: Baseline;
}

/** A way to make another object of a type: what probes that destroy use, so that nothing else is lost. */
export interface Maker {
  readonly type: string;
  readonly operation: Operation;
  /**
   * A creating call with fresh markers; `salt` makes them differ. With the answer that refused an earlier attempt, the body is
   * mended by what that says, and `undefined` when that is nothing.
   */
  readonly make: (owner: string, salt: string, refusal?: Answer) => MakePlan | undefined;
}

export interface MakePlan {
  readonly call: Call;
  readonly markers: readonly Marker[];
  /** The properties sent. */
  readonly sent: Json;
  /** The object, from the answer that made it; `undefined` when it was refused or cannot be named. */
  readonly object: (answer: Answer) => ApiObject | undefined;
}

/** What was learned by ordinary calls, before any probe. */
export interface World {
  readonly surface: Surface;
  readonly identities: readonly Identity[];
  readonly sessions: ReadonlyMap<string, Session>;
  readonly proofs: readonly Proof[];
  readonly objects: readonly ApiObject[];
  readonly looks: readonly Look[];
  readonly accesses: readonly Access[];
  readonly makers: readonly Maker[];
  /** Requests for the operations that changes must not be sent to, or that were left out, by name and why. */
  readonly leftOut: readonly LeftOut[];
  /** Sign-up and log-in operations: their answers hold credentials by design. */
  readonly authOperations: ReadonlySet<OperationId>;
  /** What was sent to make accounts, for checks on sign-up. */
  readonly signUp?: SignUp;
  /** The values by which an operation addresses an object; `undefined` when it does not. */
  readonly address: (operation: Operation, object: ApiObject) => ParameterValues | undefined;
  /** What a person says is right, where a person said so. */
  readonly permissions?: Permissions;
  /** Seeded: the same salt gives the same token in every run with the same seed. */
  readonly token: (salt: string) => string;
  /** What the credentials of the identities are made of. */
  readonly lent?: readonly LentCredential[];
  /** The keys that checks of signed tokens need. */
  readonly keys?: TokenKeys;
}

/** What a credential shows without being given away. */
export interface LentCredential {
  readonly identity: string;
  /** Names of the cookies in it. */
  readonly cookies: readonly string[];
  /** Names of the headers in it, with the scheme of those that have one: `Authorization Basic`, `X-API-Key`. */
  readonly headers: readonly string[];
  /** Names of the query parameters in it. */
  readonly query: readonly string[];
  /** The JWT in it, unverified. */
  readonly jwt?: SeenJwt;
  /** The cookie in it that holds a session which the target signed, in the manner of Flask: `DATA.TIME.SIGNATURE`. */
  readonly signedSession?: { readonly cookie: string; readonly isSealed?: true };
}

/** What a JWT says openly, unverified. */
export interface SeenJwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** Length of its signature in bytes: that of the modulus for RSA. */
  readonly signatureBytes: number;
  /** It comes from a recording, where a stand-in took the place of its signature. */
  readonly isSealed?: true;
}

/** Keys for checks of signed tokens: found offline, published by the target, or our own. */
export interface TokenKeys {
  /** The HMAC key of an identity's JWT or signed session, when it is on the word list; searched when first asked. */
  readonly secretOf: (identity: string) => string | undefined;
  /** The target's public signing keys, in each of the ways in which an application may have read them from a file. */
  readonly published: readonly string[];
  /** A key pair of our own for an algorithm of public keys, made when first asked; `undefined` for other algorithms. */
  readonly own: (algorithm: string) => OwnKey | undefined;
  /** Where the target can fetch our public keys; why it cannot, as a phrase. */
  readonly hosted: HostedKeys | { readonly why: string };
}

/** A key pair that nobody else knows. */
export interface OwnKey {
  readonly jwk: JsonObject;
  /** The signature of a text, base64url. */
  readonly sign: (text: string) => string;
  /** A certificate of the public key, signed by itself: DER in base64. */
  readonly certificate: () => string;
}

/** An address of our own on this machine, for as long as the scan runs. */
export interface HostedKeys {
  /**
   * The URL of a folder, the same for the same salt, without a slash at its end. In it are `jwks.json`, `cert.pem`,
   * `.well-known/jwks.json` and `.well-known/openid-configuration`, with the key of our own for the algorithm.
   */
  readonly folder: (algorithm: string, salt: string) => string;
  /** Asks ourselves whether anything in a folder was fetched. The answer, `{"fetched": 2}`, never leaves this machine. */
  readonly asking: (folder: string) => Request;
}

export interface LeftOut {
  readonly operation: OperationId;
  readonly why: string;
  /** The user excluded it: it is never sent, to whatever end. */
  readonly excluded?: true;
}

/** The recipe by which accounts are made here. Each attempt takes values of its own. */
export interface SignUp {
  readonly operation: Operation;
  /** The sign-up of a fresh account; `extra` properties are added to the body. */
  readonly attempt: (salt: string, extra: Readonly<Record<string, Json>>) => SignUpAttempt;
}

export interface SignUpAttempt {
  readonly request: Request;
  /** The account's field values sent, without the password. */
  readonly facts: Readonly<Record<string, string>>;
  readonly password: string;
  /** The log-in that follows; `undefined` when sign-up itself gives the credential. */
  readonly logIn: Request | undefined;
  /** A request as the new account, from the answer that held its credential. */
  readonly as: (answer: Answer, request: Request) => Request | undefined;
}
