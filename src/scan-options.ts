import type { Listener } from './model/events.ts';
import type { Allow, Context } from './model/report.ts';
import type { DeclaredIdentity } from './identity/index.ts';

/** What a scan may be told. Everything but the target has a default. */
export interface ScanOptions {
  /** URL of the API. May be absent when the description names its server. */
  readonly target?: string;
  /** URL or file of the description, or `-` for standard input; looked for when absent. */
  readonly spec?: string;
  readonly stdin?: () => Promise<string>;
  /** Follow `$ref` to other files and addresses. */
  readonly allowExternalRefs?: boolean;
  /** Who to act as; with `allow: 'write'` and none given, two accounts are signed up. */
  readonly identities?: readonly DeclaredIdentity[];
  /** Default `read`: GET, HEAD and OPTIONS only. */
  readonly allow?: Allow;
  /** Decides every generated value. Random when absent; the report names it. */
  readonly seed?: string;
  /** Ids of the checks to run; all when absent. */
  readonly only?: readonly string[];
  /** Ids of checks to leave out. */
  readonly except?: readonly string[];
  /** Operations to leave out: parts of `METHOD /path`, `*` for anything. */
  readonly exclude?: readonly string[];
  readonly context?: Context;
  /** Show the plan, send no probe. */
  readonly dryRun?: boolean;
  readonly limits?: { readonly requests?: number; readonly seconds?: number; readonly bytes?: number };
  /** Requests per second. */
  readonly rate?: number;
  /** Most requests at once. Default 16. */
  readonly concurrency?: number;
  /** Milliseconds for one request. Default 15,000. */
  readonly timeoutMs?: number;
  readonly insecure?: boolean;
  readonly proxy?: string;
  /** File to record every exchange to, secrets taken out. */
  readonly record?: string;
  /** File for the journal of writes; in memory only when absent. */
  readonly journal?: string;
  readonly onEvent?: Listener;
  /** Ends the scan early: what is known is reported, and what was made is removed. */
  readonly signal?: AbortSignal;
}
