import { isDenied, meaningOf } from '../model/answer.ts';
import type { Exhibit, Probe } from '../model/check.ts';
import type { Answer } from '../model/http.ts';

/** What came of using an operation as somebody. */
export type Outcome =
  /** Content that was seen, or an effect that was read back: `seen` completes "alice …". */
  | { readonly got: 'served'; readonly seen: string; readonly exhibits: readonly Exhibit[]; readonly replay: number }
  /** Answered as if served, and nothing shows that it was. */
  | { readonly got: 'unproven'; readonly why: string }
  | { readonly got: 'refused'; readonly why: string; readonly answer: Answer }
  | { readonly got: 'unknown'; readonly why: string };

/** The use of an operation by somebody, with the steps that show whether it did what it says. */
export interface Trial {
  /** `null` is the anonymous caller. */
  readonly as: string | null;
  /** Whose object it is used on; `null` where it names none, or makes one. */
  readonly on: string | null;
  readonly probe: Probe;
  readonly outcome: (answers: readonly Answer[]) => Outcome;
}

/** Why an operation cannot be tried, as a sentence without its full stop. */
export interface Unreached {
  readonly unreached: string;
}

export function isTrial(trial: Trial | Unreached | undefined): trial is Trial {
  return trial !== undefined && 'probe' in trial;
}

/** What an answer comes to that is not served. */
export function unserved(answer: Answer | undefined): Outcome {
  if (!answer) return { got: 'unknown', why: 'nothing was sent' };
  if (answer.kind === 'silence') return { got: 'unknown', why: answer.message };
  const why = `answered ${answer.response.status}`;
  return isDenied(answer) ? { got: 'refused', why, answer } : { got: 'unknown', why: `${why} (${meaningOf(answer)})` };
}

/** A caller for a sentence. */
export function callerName(as: string | null): string {
  return as ?? 'the anonymous caller';
}
