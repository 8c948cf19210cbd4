import type { Stack } from '../model/stack.ts';

/** A repair that a tested application holds: cut from the twins of a seed system. */
export interface Remedy {
  /** Unique and stable while the code keeps its names: `flask-mongodb-identification/foreign-object-read/read_profile`. */
  readonly id: string;
  /** What it mends, most important first. Most weaknesses are named like the check that finds them. */
  readonly weaknesses: readonly string[];
  /** Ids of the checks whose findings it answers. */
  readonly checks: readonly string[];
  /** What to do, without a full stop. */
  readonly title: string;
  /** Two sentences. */
  readonly why: string;
  /** Of the application that it was cut from. */
  readonly stack: Required<Stack>;
  /** Only definitions that other remedies use; those show it, too. */
  readonly definesOnly: boolean;
  /** The route that it repairs, where it stands in one; the path as the framework writes it. */
  readonly route?: { readonly method: string; readonly path: string };
  /** Unified diff from the vulnerable twin to the repaired one, with the imports and definitions that it needs. */
  readonly diff: string;
  /** Where its region stands: file in the repository, 1-based first and last line. */
  readonly source: { readonly file: string; readonly lines: readonly [first: number, last: number] };
  /** `CWE-639`. */
  readonly cwe: readonly string[];
  /** `API1:2023`. */
  readonly owasp: readonly string[];
}
