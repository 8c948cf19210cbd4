import type { OperationId } from './operation.ts';

/** What a caller got at an operation. */
export interface Sighting {
  readonly operation: OperationId;
  /** `null` is the anonymous caller. */
  readonly as: string | null;
  /** Whose object it was used on; `null` where it names none, or makes one. */
  readonly on: string | null;
  /** `unproven`: answered as if served, and nothing shows that it was. */
  readonly got: 'served' | 'unproven' | 'refused' | 'not-reached';
  /** Why it was not reached, or what a refusal or a claim looked like. */
  readonly why?: string;
}
