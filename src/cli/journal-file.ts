import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { parseJson } from '../model/json.ts';

/** A name for a journal in the current folder that no other scan has. */
export function journalName(now: Date, pid: number): string {
  return `middlebrick-journal-${now.toISOString().replaceAll(/[:.]/g, '-')}-${pid}.ndjson`;
}

const line = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('made'), id: z.number() }),
  z.object({ kind: z.literal('removed'), id: z.number() }),
]);

/** Deletes a journal in which everything that was made is also removed. Returns whether it is still there. */
export function dropFinishedJournal(file: string): boolean {
  if (!existsSync(file)) return false;
  const left = new Set<number>();
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    const entry = line.safeParse(parseJson(text));
    if (!entry.success) continue;
    if (entry.data.kind === 'made') left.add(entry.data.id);
    else left.delete(entry.data.id);
  }
  if (left.size > 0) return true;
  rmSync(file);
  return false;
}
