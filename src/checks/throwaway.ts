import { isDenied, isServed, meaningOf } from '../model/answer.ts';
import type { NextStep, Probe, Step } from '../model/check.ts';
import { jsonOf, type Answer, type Request } from '../model/http.ts';
import { leaves } from '../model/json.ts';
import { plainName } from '../model/names.ts';
import type { OperationId } from '../model/operation.ts';
import type { SignUpAttempt, World } from '../model/world.ts';
import type { Guarded } from './credential-probes.ts';

/** An account that a check makes for itself, to do with it what would end the session of an identity. */
export interface Throwaway {
  readonly attempt: SignUpAttempt;
  /** Sign-up, and the log-in where there is one. A probe starts with them. */
  readonly enter: readonly [Step, ...NextStep[]];
  /** Position of the answer that holds the credential. */
  readonly entered: number;
  /** A request as this account, with the credential that it entered with. */
  readonly send: (request: Request, label: string) => NextStep;
}

/** An account of its own for a check at an operation; `undefined` where nobody can sign up. */
export function throwaway(world: World, operation: OperationId, salt: string): Throwaway | undefined {
  const { signUp } = world;
  if (!signUp) return undefined;
  const attempt = signUp.attempt(`${salt}/${operation}`, {});
  const { logIn } = attempt;
  const signUpStep = bare(attempt.request, signUp.operation.id, 'sign-up of a throwaway account');
  const logInStep: NextStep = ([made]) => (logIn && made && isTaken(made) ? bare(logIn, operation, 'its log-in') : null);
  const entered = logIn ? 1 : 0;
  return {
    attempt,
    enter: logIn ? [signUpStep, logInStep] : [signUpStep],
    entered,
    send: (request, label) => (previous) => {
      const credential = previous[entered];
      const sent = credential && attempt.as(credential, request);
      return sent ? bare(sent, operation, label) : null;
    },
  };
}

/** A request that carries its own credential, or none. */
export function bare(request: Request, operation: OperationId, label: string): Step {
  return { bare: request, operation, label };
}

/** A probe as the throwaway account: it enters, and takes the steps. */
export function probeAs(account: Throwaway, ...steps: readonly (Step | NextStep)[]): Probe {
  const [first, ...rest] = account.enter;
  return [first, ...rest, ...steps];
}

/** A request that tells a caller from nobody, and that names no account: the same for every account. */
export function ownPage(world: World): Guarded | undefined {
  const facts = world.identities.flatMap(({ facts }) => Object.values(facts)).filter((value) => value.length >= 3);
  for (const { operation, as, baseline } of world.looks) {
    const anonymous = world.looks.find((look) => look.as === null && look.operation.id === operation.id)?.baseline.answers[0];
    if (as === null || operation.method !== 'GET' || !anonymous || !isDenied(anonymous) || !baseline.answers.every(isServed)) continue;
    const { path, body = '' } = baseline.call.request;
    if (!facts.some((value) => path.includes(encodeURIComponent(value)) || body.includes(JSON.stringify(value))))
      return { as, call: baseline.call, baseline };
  }
  return undefined;
}

/** A log-in or sign-up request with another password in it; `undefined` where the password cannot be found. */
export function withPassword(request: Request, password: string, other: string): Request | undefined {
  const spellings = [
    (text: string): string => text,
    encodeURIComponent,
    (text: string): string => String(new URLSearchParams([['', text]])).slice(1),
  ];
  for (const spelled of spellings) {
    const [from, to] = [spelled(password), spelled(other)];
    if (request.body?.includes(from)) return { ...request, body: request.body.replaceAll(from, to) };
    if (request.path.includes(from)) return { ...request, path: request.path.replaceAll(from, to) };
  }
  return undefined;
}

/** True when a form was taken: served, or sent on to another page than the log-in, as browsers are. */
export function isTaken(answer: Answer): boolean {
  if (isServed(answer)) return true;
  return answer.kind === 'exchange' && [302, 303].includes(answer.response.status) && meaningOf(answer) !== 'refused';
}

/** True when an answer to a log-in let the account in. */
export function letsIn({ attempt }: Throwaway, answer: Answer | undefined): boolean {
  return answer !== undefined && isTaken(answer) && attempt.as(answer, attempt.request) !== undefined;
}

/** A value of the account by name: what was sent at sign-up, else what the answers told. */
export function factOf({ attempt }: Throwaway, name: string, answers: readonly Answer[]): string | undefined {
  const plain = plainName(name);
  const sent = Object.entries(attempt.facts).find(([field]) => plainName(field) === plain)?.[1];
  if (sent !== undefined) return sent;
  const told = answers.flatMap((answer) => (answer.kind === 'exchange' ? leaves(jsonOf(answer.response) ?? null, 200) : []));
  const exact = told.find((leaf) => plainName(leaf.name) === plain);
  const id = /^(?:user|account|member|customer)?id$/.test(plain) ? told.find((leaf) => plainName(leaf.name) === 'id') : undefined;
  const value = exact?.value ?? id?.value;
  return value === undefined || typeof value === 'boolean' ? undefined : String(value);
}
