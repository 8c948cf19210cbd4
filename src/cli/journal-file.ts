import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { parseJson } from '../model/json.ts';

/** A name for a journal in the current folder that no other scan has. */
export function journalName(now: Date, pid: number): string {
  return `middlebrick-journal-${now.toISOString().replaceAll(/[:.]/g, '-')}-${pid}.ndjson`;
}

const line = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('made'), id: z.number(), undo: z.looseObject({}).optional() }),
  z.object({ kind: z.literal('removed'), id: z.number() }),
]);

/** Deletes a journal in which nothing is left that could be removed. Returns whether it is still there. */
export function dropFinishedJournal(file: string): boolean {
  if (!existsSync(file)) return false;
  const left = new Set<number>();
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    const entry = line.safeParse(parseJson(text));
    if (!entry.success) continue;
    if (entry.data.kind === 'removed') left.delete(entry.data.id);
    else if (entry.data.undo) left.add(entry.data.id);
  }
  if (left.size > 0) return true;
  rmSync(file);
  return false;
}
