import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { isServed, meaningOf } from '../model/answer.ts';
import type { Answer, Request, Send, SilenceReason } from '../model/http.ts';
import type { Call, SendAs } from '../model/identity.ts';
import { isReadingRequest } from '../model/graphql.ts';
import { UserError } from '../model/user-error.ts';

/** A line of a journal file. */
export type JournalLine =
  | ({ readonly kind: 'middlebrick-journal'; readonly version: 1 } & JournalHeader)
  /** Written before the request is sent. */
  | {
      readonly kind: 'write';
      readonly id: number;
      readonly as: string | null;
      readonly method: string;
      readonly url: string;
      readonly makes?: string;
    }
  /** It was made, and this removes it; without `undo` the target offers no way. */
  | { readonly kind: 'made'; readonly id: number; readonly undo?: Request }
  | { readonly kind: 'removed'; readonly id: number };

/** What is needed to come back: the seed gives the accounts that were signed up again. */
export interface JournalHeader {
  readonly target: string;
  readonly spec?: string;
  readonly seed: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** Something that a scan made and has not removed. */
export interface Leftover {
  readonly id: number;
  readonly as: string | null;
  readonly type: string;
  readonly undo?: Request;
}

/** What a scan wrote, flushed to disk before each write is sent, so that a crash leaves a way to clean up. */
export class Journal {
  readonly #file: number | undefined;
  readonly #leftovers = new Map<number, Leftover>();
  readonly path: string | undefined;
  #next = 1;

  /** Without a path it is kept in memory only. Mode 0600: the seed gives the passwords of the accounts that the scan made. */
  constructor(path: string | undefined, header: JournalHeader) {
    this.path = path;
    if (path === undefined) return;
    try {
      this.#file = openSync(path, 'ax', 0o600);
    } catch (error) {
      throw new UserError(
        'cannot-write-journal',
        `The journal ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
        {
          hint: 'Name another file with --journal FILE, in a folder that you may write to. Nothing was sent that changes the target.',
          cause: error,
        },
      );
    }
    this.#line({ kind: 'middlebrick-journal', version: 1, ...header });
  }

  /** Call before sending. Returns the number of the write. */
  write(as: string | null, request: Request, makes?: string): number {
    const id = this.#next++;
    this.#line({
      kind: 'write',
      id,
      as,
      method: request.method,
      url: request.origin + request.path,
      ...(makes === undefined ? {} : { makes }),
    });
    return id;
  }

  made(id: number, as: string | null, type: string, undo: Request | undefined): void {
    this.#leftovers.set(id, { id, as, type, ...(undo ? { undo } : {}) });
    this.#line({ kind: 'made', id, ...(undo ? { undo } : {}) });
  }

  removed(id: number): void {
    this.#leftovers.delete(id);
    this.#line({ kind: 'removed', id });
  }

  /** What is still there, newest first. */
  leftovers(): Leftover[] {
    return [...this.#leftovers.values()].reverse();
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }

  #line(line: JournalLine): void {
    if (this.#file === undefined) return;
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#file);
  }
}

// A write under way is waited for, so an aborted one was never sent.
const unsent: ReadonlySet<SilenceReason> = new Set([
  'aborted',
  'out-of-budget',
  'out-of-scope',
  'refused',
  'unresolved',
  'no-credential',
  'not-recorded',
]);

/** Journals every call that may change something, before it is sent. */
export function journalled(sendAs: SendAs, journal: Journal): SendAs {
  return async (call: Call) => {
    if (isReadingRequest(call.request)) return sendAs(call);
    const id = journal.write(call.as, call.request, call.makes?.type);
    const answer = await sendAs(call);
    if (call.makes && isServed(answer)) journal.made(id, call.as, call.makes.type, call.makes.undo(answer));
    // Refused, or never sent: nothing was made. What is met by another silence may have been.
    else if (call.makes && (answer.kind === 'exchange' || unsent.has(answer.reason))) journal.removed(id);
    // A probe that ends by deleting what it made has cleaned up: asked again, the target may say "forbidden" of what is gone.
    if (isServed(answer)) {
      for (const item of journal.leftovers())
        if (item.as === call.as && item.undo && isSameRequest(item.undo, call.request)) journal.removed(item.id);
    }
    return answer;
  };
}

function isSameRequest(one: Request, other: Request): boolean {
  return one.method === other.method && one.path === other.path && one.body === other.body;
}

/** The same for requests that carry their own credential: sign-ups and log-ins of probes. */
export function journalledBare(send: Send, journal: Journal): Send {
  return async (request) => {
    if (!isReadingRequest(request)) journal.write(null, request);
    return send(request);
  };
}

/** Removes what was made, newest first. Returns what could not be removed. */
export async function cleanUp(journal: Journal, sendAs: SendAs): Promise<Leftover[]> {
  const left: Leftover[] = [];
  for (const item of journal.leftovers()) {
    const gone = item.undo !== undefined && isRemoved(await sendAs({ as: item.as, operation: 'clean-up', request: item.undo }));
    if (gone) journal.removed(item.id);
    else left.push(item);
  }
  return left;
}

/** Deleted now, or not there any more. */
export function isRemoved(answer: Answer): boolean {
  const meaning = meaningOf(answer);
  return meaning === 'served' || meaning === 'absent';
}
