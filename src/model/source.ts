import type { Confidence, Severity } from './check.ts';

/** A line of the target's source. The file is relative to the folder that was read; line and column are 1-based. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly function: string;
}

/** A line on the way to a flaw: what it does there, and its text. */
export interface SourceStep extends SourceLocation {
  /** `the view`, `calls`, `the access`. */
  readonly label: string;
  readonly text: string;
}

/** A view that comes by the line at fault. */
export interface SourceView extends SourceLocation {
  readonly method: string;
  readonly path: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Of the finding at this view alone: the same, whichever other views come by the line. */
  readonly fingerprint: string;
}

/** What the source shows of a finding. */
export interface SourceEvidence {
  readonly kind: 'source';
  /** `shown`: probes showed it on the running target. `unproven`: the analysis says so, and no probe of this run showed it. */
  readonly standing: 'shown' | 'unproven';
  /** What the location of the finding names: the line at fault, or only the view that the operation is served by. */
  readonly at: 'fault' | 'view';
  /** What the line at fault does with the object, where that is known. */
  readonly does?: 'read' | 'use' | 'change' | 'delete';
  /** The rules of the analysis that fire there; none when only the view is known. */
  readonly rules: readonly string[];
  /** What the analysis says of it; for what is unproven, why no probe showed it. */
  readonly says: readonly string[];
  /** From the view to the line at fault. */
  readonly trace: readonly SourceStep[];
  /** All views that come by the line at fault, the gravest first; those beside its own, for a finding of a proof. */
  readonly views?: readonly SourceView[];
  /** The line of another view of the target that does it right. */
  readonly sibling?: SourceStep & { readonly operation: string };
}

/** Where a view takes an input from. */
export const inputPlaces = ['query', 'header', 'cookie', 'form', 'json', 'file'] as const;
export type InputPlace = (typeof inputPlaces)[number];
export type InputType = 'string' | 'integer' | 'number' | 'boolean';

/** Something that a view reads from a request, beside the variables of its path. */
export interface ViewInput {
  readonly in: InputPlace;
  readonly name: string;
  /** The view fails without it. */
  readonly required: boolean;
  /** A schema of the app names it; else it is read by its name, somewhere on the way. */
  readonly declared?: true;
  /** Absent where the source does not tell. */
  readonly type?: InputType;
}

/** A parameter by which a view looks an object up. */
export interface ObjectKey {
  readonly in: 'path' | 'query' | 'header' | 'body';
  readonly name: string;
  /** Singular noun of the table or collection: `loan`. */
  readonly type: string;
  /** The stored field that it is compared with: `_id`. */
  readonly field: string;
}

/** What the source says of an operation: where to look, never a proof. */
export interface SourceHints {
  readonly view: SourceLocation;
  /** Rules that fire in it, the gravest first. */
  readonly suspects: readonly string[];
  readonly keys: readonly ObjectKey[];
  /** Properties that the server decides for what this view writes, and that a body could override. */
  readonly assignable: readonly string[];
}

/** A view of the target, as its source has it. */
export interface View extends SourceHints {
  /** Upper case. */
  readonly methods: readonly string[];
  /** As Werkzeug reads it, with the prefixes of its blueprints: `/users/<int:user_id>`. */
  readonly rule: string;
  /** Parts of the rule are computed, and not known. */
  readonly isPartial: boolean;
  /** The caller must be somebody. */
  readonly isAuthenticated: boolean;
  readonly inputs: readonly ViewInput[];
  /** First line of its documentation string. */
  readonly summary?: string;
}
