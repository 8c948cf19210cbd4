import { cleanUpJournal } from '../index.ts';
import { oneLine } from '../report/terminal-text.ts';
import { harsOf, readIdentities, type IdentityFlags } from './lent.ts';
import { openProgress } from './progress.ts';
import { networkOf } from './scan-flags.ts';
import type { Invocation, SharedFlags } from './invocation.ts';

export interface CleanUpFlags extends IdentityFlags, SharedFlags {
  readonly timeout?: number;
  readonly insecure?: boolean;
  readonly proxy?: string;
}

/** `middlebrick cleanup`: a line for each thing, and 2 when something is left. */
export async function cleanUpCommand(file: string, flags: CleanUpFlags, invocation: Invocation): Promise<number> {
  const { quiet = false } = flags;
  const { terminal } = invocation;
  const identities = await readIdentities(flags, invocation);
  const progress = openProgress(terminal, quiet);
  const lent = { ...(identities.length > 0 ? { identities } : {}), ...harsOf(flags) };
  const { removed, left } = await cleanUpJournal(file, { ...lent, ...networkOf(flags), onEvent: progress.onEvent }).finally(progress.stop);
  const lines = [...removed.map((what) => `removed  ${oneLine(what)}`), ...left.map((what) => `left     ${oneLine(what)}`)];
  await terminal.result(lines.map((line) => `${line}\n`).join(''));
  if (!quiet) {
    if (lines.length === 0) terminal.say('Nothing was left to remove.');
    if (left.length === 0) terminal.say(`The journal ${file} is no longer needed.`);
    else terminal.say('What is left could not be removed: the target offers no way that worked.');
  }
  return left.length === 0 ? 0 : 2;
}
