import type { Answer, Request } from './http.ts';
import type { Call } from './identity.ts';
import { isSafe, type Operation, type OperationId } from './operation.ts';
import type { ExampleApi } from './example.ts';
import type { Access, Look, World } from './world.ts';

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
export type Confidence = 'certain' | 'firm' | 'tentative';

/** The twelve categories, in the order that reports list them. */
export const categories = [
  'authentication',
  'bolaAuthorization',
  'bflaAuthorization',
  'propertyAuthorization',
  'inputValidation',
  'rateLimiting',
  'dataExposure',
  'encryption',
  'ssrf',
  'inventoryManagement',
  'unsafeConsumption',
  'llmSecurity',
] as const;
export type Category = (typeof categories)[number];

/** What a check must be lent to run; it is skipped by name otherwise. */
export type Need = 'identity' | 'second-identity' | 'single-identity' | 'write' | 'intrusive';

/** An operation that addresses an object of `owner`, and someone else. */
export interface ObjectSubject {
  readonly kind: 'object';
  readonly world: World;
  readonly operation: Operation;
  readonly access: Access;
  readonly owner: string;
  /** `null` when only one identity was lent. */
  readonly stranger: string | null;
}

/** An operation, with everything that was seen of it. */
export interface OperationSubject {
  readonly kind: 'operation';
  readonly world: World;
  readonly operation: Operation;
  readonly looks: readonly Look[];
  readonly accesses: readonly Access[];
}

export type Subject = ObjectSubject | OperationSubject;

/** The next request, from the answers of the steps before it; `null` ends the probe. */
export type NextStep = (previous: readonly Answer[]) => Step | null;
/** One request of a probe: in an identity's name, or bare (it carries its own credential or none). */
export type Step = Call | { readonly bare: Request; readonly operation: OperationId; readonly label: string };
/** A request, followed by steps that may depend on the answers before them. Sent in order. */
export type Probe = readonly [Step, ...(Step | NextStep)[]];
export type Probes = Readonly<Record<string, Probe>>;
/** The answers of a probe, one per step that was sent. */
export type Results<P extends Probes> = { readonly [K in keyof P]: readonly Answer[] };

/** An answer that speaks for a verdict, with the words in it that matter. */
export interface Exhibit {
  /** Who and what: `stranger reads it`. */
  readonly label: string;
  readonly answer: Answer;
  /** Text in the request or response that proves the point. */
  readonly highlights?: readonly string[];
}

export type Verdict =
  | { readonly outcome: 'pass'; readonly why?: string }
  | {
      readonly outcome: 'fail';
      readonly confidence: Confidence;
      /** When it differs from the check's own. */
      readonly severity?: Severity;
      /** One sentence: what was proven, about this operation. */
      readonly proof: string;
      readonly exhibits: readonly Exhibit[];
      /** Which of the exhibits to replay; the first when absent. */
      readonly replay?: number;
      /** Tells apart several findings of one check at one operation: a property name. */
      readonly part?: string;
    }
  | { readonly outcome: 'inconclusive'; readonly why: string }
  | { readonly outcome: 'skipped'; readonly why: string };

/** `read` probes run first, `write` probes one at a time afterwards, `destroy` last. */
export type Phase = 'read' | 'write' | 'destroy';

/** When the probes of a check at an operation are sent; `by-method`: as the operation's method says, and only what consent allows. */
export function phaseAt(phase: Phase | 'by-method', operation: Operation): Phase {
  if (phase !== 'by-method') return phase;
  return isSafe(operation) ? 'read' : operation.method === 'DELETE' ? 'destroy' : 'write';
}

export interface CheckDocs {
  /** A sentence that states the failing condition. */
  readonly title: string;
  readonly risk: string;
  readonly remedy: string;
  readonly cwe: readonly number[];
  /** `API1:2023`. */
  readonly owasp: string;
}

/** A check: pure metadata and functions. `plan` names probes, the engine sends them, `judge` reads the answers. */
export interface Check<S extends Subject = Subject, P extends Probes = Probes> {
  /** The file's name; a noun for the failing state. */
  readonly id: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly docs: CheckDocs;
  readonly needs: readonly Need[];
  readonly subject: S['kind'];
  readonly phase: Phase | 'by-method';
  /** Checks that prove the root of what this one sees: where one of them fails at the same operation, this one is not reported. */
  readonly yieldsTo?: readonly string[];
  /** Its subjects are operations that ordinary probing leaves out, such as log-outs: it sends them for throwaway accounts alone. */
  readonly ofLeftOut?: true;
  readonly applies: (subject: S) => boolean;
  readonly plan: (subject: S) => P;
  /** One verdict, or several when one operation fails in several parts. */
  readonly judge: (subject: S, results: Results<P>) => Verdict | readonly Verdict[];
  readonly examples: Examples;
}

export interface Examples {
  /** Each must end in `fail`. */
  readonly vulnerable: readonly ExampleApi[];
  /** Each must end in anything but `fail`: one for each way in which the judge could be fooled. */
  readonly safe: readonly ExampleApi[];
}

/** A check whose types are forgotten: what the registry holds. */
export interface AnyCheck extends Omit<Check, 'applies' | 'plan' | 'judge'> {
  readonly applies: (subject: Subject) => boolean;
  readonly plan: (subject: Subject) => Probes;
  readonly judge: (subject: Subject, results: Results<Probes>) => Verdict | readonly Verdict[];
}

/** One verdict with what it is about: what scoring and the report are made of. */
export interface Judged {
  readonly check: AnyCheck;
  readonly subject: Subject;
  readonly verdict: Verdict | { readonly outcome: 'broken'; readonly error: string };
}
