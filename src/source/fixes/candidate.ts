import type { ParsedFile } from '../project/parse-files.ts';
import type { KnownApp } from '../rules/rule.ts';
import type { Edit } from './edit.ts';
import type { Import } from './imports.ts';
import type { Problem } from './inspection.ts';
import type { Practice } from './practice.ts';

/** What repairs are made from. */
export interface Project {
  readonly app: KnownApp;
  readonly files: ReadonlyMap<string, ParsedFile>;
  /** What the app does itself where it does it right. */
  readonly practice: Practice;
}

/** A repair that is still to be verified. */
export interface Candidate {
  /** In the imperative, without a full stop. */
  readonly title: string;
  /** What it is made from: `like read_note (app.py:12)`, or `template for pymongo`. */
  readonly basis: string;
  readonly edits: readonly Edit[];
  readonly imports: readonly Import[];
  /** Something in it is for a person to decide, so that it is shown and never written. */
  readonly isProposal?: boolean;
}

/** Makes repairs for the findings of a rule, the best first. */
export type Fixer = (problem: Problem, project: Project) => readonly Candidate[];

/** A candidate of edits that could all be made; nothing where one of them could not. */
export function candidate(
  title: string,
  basis: string,
  edits: readonly (Edit | undefined)[],
  imports: readonly (Import | undefined)[] = [],
): readonly Candidate[] {
  const possible = edits.flatMap((edit) => edit ?? []);
  if (possible.length < edits.length || possible.length === 0) return [];
  return [{ title, basis, edits: possible, imports: imports.flatMap((each) => each ?? []) }];
}
