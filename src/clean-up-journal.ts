import { readFile } from 'node:fs/promises';
import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import { discover } from './discover/index.ts';
import { enroll } from './enroll.ts';
import { isRemoved } from './engine/journal.ts';
import { tokens } from './engine/token.ts';
import type { DeclaredIdentity } from './identity/index.ts';
import type { Listener } from './model/events.ts';
import { parseJson } from './model/json.ts';
import { UserError } from './model/user-error.ts';
import type { HarIdentity } from './scan-options.ts';
import { withTraces } from './traces.ts';
import { openWay } from './way.ts';

export interface CleanUpOptions {
  /** The identities that the scan was lent; signed-up ones come back by the journal's seed. */
  readonly identities?: readonly DeclaredIdentity[];
  readonly hars?: readonly HarIdentity[];
  readonly insecure?: boolean;
  readonly proxy?: string;
  readonly timeoutMs?: number;
  readonly onEvent?: Listener;
}

const request = z.object({
  method: z.string(),
  origin: z.string(),
  path: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.exactOptional(z.string()),
});
const header = z.object({
  kind: z.literal('middlebrick-journal'),
  version: z.literal(1),
  target: z.string(),
  spec: z.string().optional(),
  seed: z.string(),
  startedAt: z.string(),
});
const line = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('write'),
    id: z.number(),
    as: z.string().nullable(),
    method: z.string(),
    url: z.string(),
    makes: z.string().optional(),
  }),
  z.object({ kind: z.literal('made'), id: z.number(), undo: request.optional() }),
  z.object({ kind: z.literal('removed'), id: z.number() }),
]);

interface Item {
  readonly id: number;
  readonly as: string | null;
  readonly what: string;
  undo?: z.infer<typeof request> | undefined;
  made: boolean;
}

/**
 * Finishes what a crash left: deletes what the journal says was made and not removed, newest first, in the name of whoever made
 * it. Returns what was removed and what is left, as phrases. Running it twice does no harm. Throws `UserError`.
 */
export async function cleanUpJournal(file: string, options: CleanUpOptions = {}): Promise<{ removed: string[]; left: string[] }> {
  const { target, spec, seed, items } = await readJournal(file);
  const left = items.filter((item) => item.undo === undefined).map((item) => item.what);
  const open = items.filter((item) => item.undo !== undefined).reverse();
  const removed: string[] = [];
  if (open.length === 0) return { removed, left };
  const { onEvent = () => {}, ...lent } = options;
  const told = await withTraces({ target, ...lent, ...(spec === undefined || spec === '-' ? {} : { spec }) });
  const { identities = [] } = told;
  const way = await openWay(told, seed);
  try {
    const surface = await discover({
      target,
      ...(told.spec === undefined ? {} : { spec: told.spec }),
      ...(told.traces === undefined ? {} : { traces: told.traces }),
      send: way.send,
    });
    await way.admit(surface.origin);
    const names = open.map((item) => item.as);
    const { sendAs, sessions } = await enroll({
      surface,
      declared: identities,
      spare: told.spareIdentities ?? [],
      signUp: identities.length === 0,
      send: way.send,
      now: way.now,
      token: tokens(seed),
      onEvent,
      onSession: () => {},
    });
    const missing = names.find((name) => name !== null && !sessions.has(name));
    if (missing !== undefined && missing !== null) {
      throw new UserError('identity-missing', `The journal has things that "${missing}" made, and there is no such identity now.`, {
        hint: 'Lend the identities of the scan again, with --identities or --auth.',
      });
    }
    for (const item of open) {
      const gone = item.undo !== undefined && isRemoved(await sendAs({ as: item.as, operation: 'clean-up', request: item.undo }));
      (gone ? removed : left).push(item.what);
      if (gone) appendFileSync(file, `${JSON.stringify({ kind: 'removed', id: item.id })}\n`);
    }
  } finally {
    await way.close();
  }
  return { removed, left };
}

async function readJournal(file: string): Promise<{ target: string; spec: string | undefined; seed: string; items: Item[] }> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UserError(
      'cannot-read-journal',
      `The journal ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      { hint: 'Check the path.', cause: error },
    );
  });
  const [first = '', ...rest] = text.split('\n').filter((row) => row !== '');
  const head = header.safeParse(parseJson(first));
  if (!head.success)
    throw new UserError('not-a-journal', `${file} is not a journal.`, { hint: 'Give a file that a scan with --allow write left behind.' });
  const items = new Map<number, Item>();
  for (const row of rest) {
    const entry = line.safeParse(parseJson(row));
    // A crash may cut the last line; what it was about was not sent yet.
    if (!entry.success) continue;
    const { data } = entry;
    if (data.kind === 'write')
      items.set(data.id, {
        id: data.id,
        as: data.as,
        what: `${data.makes ?? 'change'}: ${data.method} ${data.url}`,
        made: data.makes !== undefined && data.makes !== 'account',
      });
    const item = items.get(data.id);
    if (data.kind === 'made' && item) item.undo = data.undo;
    if (data.kind === 'removed') items.delete(data.id);
  }
  const { target, spec, seed } = head.data;
  return { target, spec, seed, items: [...items.values()].filter((item) => item.made) };
}
