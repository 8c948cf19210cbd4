import { isDenied, isServed } from '../model/answer.ts';
import type { OperationSubject } from '../model/check.ts';
import type { Header } from '../model/http.ts';
import type { Call, Credential, Tamper } from '../model/identity.ts';
import { parseJson, isObject, type JsonObject } from '../model/json.ts';
import type { Baseline, Look } from '../model/world.ts';

/** A place where a credential makes the difference: the anonymous caller is refused, and this identity is served. */
export interface Guarded {
  readonly as: string;
  readonly call: Call;
  readonly baseline: Baseline;
}

/** The looks at which somebody is served and the anonymous caller was refused. */
export function guardedLooks(looks: readonly Look[]): readonly Guarded[] {
  const known = guarded.get(looks) ?? guardedAmong(looks);
  guarded.set(looks, known);
  return known;
}

// Each operation is asked about with all looks of the world.
const guarded = new WeakMap<readonly Look[], readonly Guarded[]>();

function guardedAmong(looks: readonly Look[]): readonly Guarded[] {
  const denied = new Set(
    looks.flatMap(({ as, operation, baseline: { answers } }) => (as === null && answers[0] && isDenied(answers[0]) ? operation.id : [])),
  );
  return looks.flatMap(({ as, operation, baseline }): Guarded[] =>
    as !== null && denied.has(operation.id) && baseline.answers.length > 0 && baseline.answers.every(isServed)
      ? [{ as, call: baseline.call, baseline }]
      : [],
  );
}

/** The first request of an operation that addresses an object and serves its owner. */
export function servedAccess(subject: OperationSubject): Guarded | undefined {
  const access = subject.accesses.find(
    (candidate) => candidate.object.owner !== null && candidate.baseline?.answers.every(isServed) === true,
  );
  return access?.baseline && access.object.owner !== null
    ? { as: access.object.owner, call: access.baseline.call, baseline: access.baseline }
    : undefined;
}

/** A tamper that rewrites each secret text of a credential: header values after their scheme, cookie and query values. */
export function rewriting(label: string, rewrite: (secret: string) => string): Tamper {
  return {
    label,
    change: (credential: Credential): Credential => ({
      ...credential,
      headers: credential.headers.map(([name, value]): Header => {
        const space = value.indexOf(' ');
        return space < 0 ? [name, rewrite(value)] : [name, value.slice(0, space + 1) + rewrite(value.slice(space + 1))];
      }),
      cookies: credential.cookies.map(([name, value]) => [name, rewrite(value)] as const),
      query: credential.query.map(([name, value]) => [name, rewrite(value)] as const),
    }),
  };
}

/**
 * As long as the secret and nobody's; of a JWT, the signature alone (a made-up one where it had none); of a user name and password,
 * the password. It depends on nothing but the length (and on what a JWT says openly), so that a recording with its secrets taken
 * out is judged as the scan was.
 */
export function garbled(secret: string): string {
  const parts = secret.split('.');
  const filler = (length: number): string => 'wR0ngKey5'.repeat(Math.ceil(length / 9)).slice(0, length);
  const [, name, password] = /^([\x20-\x7e]+?:)([\x20-\x7e]+)$/.exec(decodeBase64(secret) ?? '') ?? [];
  if (name !== undefined && password !== undefined) return btoa(name + filler(password.length));
  return parts.length === 3 && decodeJwtPart(parts[0] ?? '')
    ? `${parts[0]}.${parts[1]}.${filler(parts[2]?.length || 43)}`
    : filler(secret.length);
}

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}

/** The header or claims of a JWT; `undefined` when the text is none. */
export function decodeJwtPart(part: string): JsonObject | undefined {
  try {
    const value = parseJson(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
