import type { Listener } from './model/events.ts';
import type { Allow, Context } from './model/report.ts';
import type { Permissions } from './model/permissions.ts';
import type { Stack } from './model/stack.ts';
import type { Trace } from './discover/index.ts';
import type { DeclaredIdentity } from './identity/index.ts';
import type { SourceReading } from './source/index.ts';

/** An identity by its recorded traffic. */
export interface HarIdentity {
  readonly name: string;
  readonly role?: string;
  readonly file: string;
}

/** What a scan may be told. Everything but the target has a default. */
export interface ScanOptions {
  /** URL of the API. May be absent when the description names its server. */
  readonly target?: string;
  /** URL or file of the description, or `-` for standard input; looked for when absent. A file may also be a HAR recording or a Postman collection. */
  readonly spec?: string;
  readonly stdin?: () => Promise<string>;
  /** File of the Postman environment that holds the variables of the collection. */
  readonly environment?: string;
  /** Recorded traffic of identities: who they are, what there is, and which objects are theirs. */
  readonly hars?: readonly HarIdentity[];
  /** What recordings and collections tell, read already. */
  readonly traces?: readonly Trace[];
  /** Folder of the source of the target, in Python. */
  readonly source?: string;
  /** File that says of the source which data is public, and which functions guard it; `middlebrick.yml` in the folder when absent. */
  readonly sourceConfig?: string;
  /** What the source tells, read already. */
  readonly reading?: SourceReading;
  /** Who to act as when no identity is given and nobody can be signed up. */
  readonly spareIdentities?: readonly DeclaredIdentity[];
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
  /** Who may do what, as a person says: the oracle where it decides. */
  readonly permissions?: Permissions;
  /** What the target is built with; parts that are left out are found out as far as they show. */
  readonly stack?: Stack;
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
