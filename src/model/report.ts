import type { Category, Confidence, Severity } from './check.ts';
import type { SourceKind } from './operation.ts';
import type { SourceEvidence, SourceLocation } from './source.ts';
import type { Stack } from './stack.ts';

/** What the scan was allowed to do to the target. */
export type Allow = 'read' | 'write' | 'intrusive';

/** A request and its answer as printed: secrets already removed, long bodies cut. */
export interface Transcript {
  readonly label: string;
  /** `alice`, `bob` or `anonymous`. */
  readonly as: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  readonly response?: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** Why there is no response. */
  readonly silence?: string;
  /** Words in it that prove the point. */
  readonly highlights: readonly string[];
}

export interface Finding {
  /** Stable between runs: a hash of check, operation and part. */
  readonly fingerprint: string;
  readonly check: string;
  readonly category: Category;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly owasp: string;
  /** `CWE-639`. */
  readonly cwe: readonly string[];
  readonly operation: { readonly method: string; readonly path: string };
  /** JSON Pointer of the operation in the description, when there is one. */
  readonly pointer?: string;
  /** 1-based line of the operation in the description. */
  readonly line?: number;
  /** The line of source at fault: the file relative to the folder that was analysed, line and column 1-based. */
  readonly location?: SourceLocation;
  /** What the source shows of it, when it was read. */
  readonly source?: SourceEvidence;
  readonly identities: { readonly owner?: string; readonly stranger?: string };
  /** One sentence: what was proven. */
  readonly proof: string;
  readonly evidence: readonly Transcript[];
  /** Which of `evidence` the curl sends again; the first when absent. */
  readonly decisive?: number;
  /** Shell command that sends the decisive request again; secrets are `$NAME` variables. */
  readonly curl: string;
  readonly remedy: string;
  /** The repair of such a flaw in an application of the same framework and store, when there is one. */
  readonly fix?: Fix;
  /** The repair of the very lines at fault, where the source was read and it can be made from that alone. */
  readonly patch?: Patch;
}

/** A change of the source that was analysed. */
export interface Patch {
  /** In the imperative, without a full stop. */
  readonly title: string;
  /**
   * `patch`: with it the source still parses, the finding is gone, and none is new. `proposal`: something in it is for a person to
   * decide, so that it is shown and never written.
   */
  readonly kind: 'patch' | 'proposal';
  /** What it was made from: the place where the app does it right, or a template. */
  readonly basis: string;
  /** Unified diff with paths relative to the folder that was analysed; `git apply` takes it. */
  readonly diff: string;
  readonly replacements: readonly Replacement[];
}

/** Text that takes the place of other text; lines and columns are 1-based, in UTF-16 code units, and the end is exclusive. */
export interface Replacement {
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
  readonly text: string;
}

/** A repair that is run and scanned by this project's tests, as an example of what to do. */
export interface Fix {
  /** In the imperative, without a full stop. */
  readonly title: string;
  /** Of the application that it was cut from. */
  readonly stack: Stack;
  /** Two sentences. */
  readonly why: string;
  /** Unified diff of that application. */
  readonly diff: string;
  /** File and lines in this project's repository: `lab/…/app.py:12-17`. */
  readonly source: string;
}

export interface CategoryScore {
  /** 0–100; `null` when nothing of it was judged. */
  readonly score: number | null;
  readonly judged: number;
  readonly findings: number;
}

/** What an identity could reach. */
export interface Reach {
  readonly operation: string;
  readonly source: SourceKind;
  /** Identity name, or `anonymous` → what it got. */
  readonly access: Readonly<Record<string, 'served' | 'refused' | 'failed' | 'not-tried'>>;
}

export interface IdentityReport {
  readonly name: string;
  readonly role?: string;
  readonly tenant?: string;
  readonly source: 'file' | 'flag' | 'signed-up';
  readonly usable: boolean;
  /** How it was shown, or why it could not be. */
  readonly why: string;
}

export interface Skipped {
  /** A check id or an operation. */
  readonly what: string;
  readonly why: string;
  /** How many subjects. */
  readonly count: number;
}

export type Grade = 'A' | 'B' | 'C' | 'D' | 'F';

/** What the target deals in: shifts the weights of the categories in the score. */
export type Context = 'financial' | 'medical' | 'public' | 'internal';

/** What the source of the target added to a scan. */
export interface SourceCoverage {
  /** The folder that was read, as the user named it. */
  readonly folder: string;
  readonly files: number;
  readonly views: number;
  /** Views that no request of the scan got an answer from that was not a refusal. */
  readonly unreached: readonly (SourceLocation & {
    readonly operation: string;
    readonly got: 'refused' | 'failed' | 'not-tried';
  })[];
  /** Findings that comments in the source set aside. */
  readonly ignored: readonly (SourceLocation & { readonly rule: string; readonly reason: string })[];
}

/** The one result; every output is a function of it. */
export interface Report {
  readonly schemaVersion: '1.0';
  /** `source`: only source was read; nothing was sent, and there is no score. */
  readonly kind: 'scan' | 'source';
  readonly tool: { readonly name: 'middlebrick'; readonly version: string };
  readonly target: {
    readonly url: string;
    readonly title?: string;
    readonly description?: string;
    readonly dialect?: string;
    /** What it is built with, as far as it shows or was told; `seenIn` says what each part rests on. */
    readonly stack?: Stack & { readonly seenIn: readonly string[] };
  };
  readonly seed: string;
  readonly allow: Allow;
  /** The weights that the score was computed with; absent for the ordinary ones. */
  readonly context?: Context;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly outcome: 'done' | 'inconclusive';
  /** Sentences: why it is inconclusive. Empty when done. */
  readonly reasons: readonly string[];
  readonly score: number | null;
  readonly grade: Grade | null;
  readonly categories: Readonly<Partial<Record<Category, CategoryScore>>>;
  readonly identities: readonly IdentityReport[];
  readonly coverage: {
    readonly operations: number;
    /** Operations that answered somebody with something. */
    readonly reached: number;
    /** Judged verdicts by outcome. */
    readonly verdicts: Readonly<Record<'pass' | 'fail' | 'inconclusive' | 'skipped' | 'broken', number>>;
    readonly reach: readonly Reach[];
    /** With `--source`. */
    readonly source?: SourceCoverage;
  };
  readonly stats: { readonly requests: number; readonly seconds: number; readonly bytes: number };
  readonly findings: readonly Finding[];
  readonly skipped: readonly Skipped[];
  /** Sentences for people: repairs of the description, things made and not removed, … */
  readonly notes: readonly string[];
}
