import type { Category, Confidence, Severity } from '../../model/check.ts';
import type { SourceEvidence } from '../../model/source.ts';
import type { AppRuns } from '../flask/app.ts';
import type { Run } from '../flask/run-route.ts';
import type { Site } from '../flow/access.ts';
import type { Resources } from './resources.ts';

/** An app as the rules see it. */
export interface App extends AppRuns {
  readonly resources: Pick<Resources, 'get' | 'has'>;
  /** Places that reach objects of several kinds, or for several purposes: what is wrong there is wrong in those who call. */
  readonly shared: Pick<ReadonlySet<string>, 'has'>;
  /** True for a table or collection that everybody may read, as the app's people say. */
  readonly isPublic: (resource: string) => boolean;
  /** At least one route knows its caller. */
  readonly hasCallers: boolean;
  /** Documents are made into JSON by a provider or encoder of the app's own. */
  readonly encodesDocuments: boolean;
}

/** The same, with everything in it. */
export interface KnownApp extends App {
  readonly resources: Resources;
  readonly shared: ReadonlySet<string>;
}

/** Where a rule fires. */
export interface Match {
  readonly site: Site;
  readonly severity?: Severity;
  readonly confidence: Confidence;
  /** One sentence: what was found, about this route. */
  readonly proof: string;
  /** What is done with the object. */
  readonly does?: SourceEvidence['does'];
  /** Where another route does it right. */
  readonly better?: { readonly site: Site; readonly operation: string } | undefined;
  /** Tells apart several findings of one rule in one route. */
  readonly part?: string;
}

/** A rule: pure metadata and a function. Its examples are Python whose lines end in `# finding` where it must fire. */
export interface Rule {
  /** The file's name; a noun for the failing state. */
  readonly id: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly docs: {
    /** A sentence that states the failing condition. */
    readonly title: string;
    readonly risk: string;
    readonly remedy: string;
    readonly cwe: readonly number[];
    /** `API1:2023`. */
    readonly owasp: string;
  };
  readonly match: (run: Run, app: App) => readonly Match[];
  readonly examples: readonly string[];
}

export function defineRule(rule: Rule): Rule {
  return rule;
}
