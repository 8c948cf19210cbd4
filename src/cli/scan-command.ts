import { scan, UserError, type ScanOptions, type ScanResult } from '../index.ts';
import { conclude } from './conclude.ts';
import { catchInterrupts } from './interrupt.ts';
import { dropFinishedJournal, journalName } from './journal-file.ts';
import { harsOf, permissionsIn, readIdentities } from './lent.ts';
import { deliver, readOutput, type Output } from './output.ts';
import { planTable } from './plan-table.ts';
import { openProgress } from './progress.ts';
import { scanOptionsOf, type ScanFlags } from './scan-flags.ts';
import type { Invocation } from './invocation.ts';

/** `middlebrick scan`. Everything that can be wrong with the options is said before anything is sent. */
export async function scanCommand(url: string | undefined, flags: ScanFlags, invocation: Invocation): Promise<number> {
  const { quiet = false, dryRun = false, allow } = flags;
  const output = await readOutput(flags, invocation);
  if (dryRun && output.format !== 'pretty' && output.format !== 'json') {
    throw new UserError('format-invalid', `A plan cannot be written as ${output.format}.`, {
      hint: 'Use --format pretty or --format json.',
    });
  }
  const identities = await readIdentities(flags, invocation);
  const ownJournal = allow !== 'read' && !dryRun && flags.journal === undefined ? journalName(new Date(), process.pid) : undefined;
  const journal = flags.journal ?? ownJournal;
  const options = {
    ...scanOptionsOf(withoutPassword(url, invocation), flags),
    ...(identities.length > 0 ? { identities } : {}),
    ...harsOf(flags),
    ...(await permissionsIn(flags)),
    ...(journal === undefined ? {} : { journal }),
  };
  const { report, plan } = await runScan(options, invocation, { quiet, ownJournal }, scan);
  if (!dryRun) return conclude(report, output, invocation, quiet);
  if (!quiet) for (const note of report.notes) invocation.terminal.say(`note: ${note}`);
  return showPlan(plan, output, invocation, report.reasons);
}

/** Runs a scan, or what is like one, with progress and ^C, and tidies its own journal away. */
export async function runScan<T>(
  options: ScanOptions,
  { terminal }: Invocation,
  { quiet, ownJournal }: { readonly quiet: boolean; readonly ownJournal?: string | undefined },
  run: (options: ScanOptions) => Promise<T>,
): Promise<T> {
  const progress = openProgress(terminal, quiet);
  const { journal } = options;
  const interruption = catchInterrupts(terminal, () => {
    progress.stop();
    return journal === undefined ? undefined : `What was made is named in ${journal}; remove it with: middlebrick cleanup ${journal}`;
  });
  try {
    return await run({ ...options, onEvent: progress.onEvent, signal: interruption.signal });
  } catch (error) {
    if (!interruption.wasInterrupted() || !(error instanceof UserError)) throw error;
    throw new UserError('interrupted', 'The scan was interrupted before anything was known of the target.', { cause: error });
  } finally {
    progress.stop();
    interruption.release();
    if (ownJournal !== undefined && dropFinishedJournal(ownJournal)) {
      terminal.say(`note: something that was made is left; remove it with: middlebrick cleanup ${ownJournal}`);
    }
  }
}

async function showPlan(plan: ScanResult['plan'], output: Output, invocation: Invocation, reasons: readonly string[]): Promise<number> {
  const { terminal } = invocation;
  const text = output.format === 'json' ? `${JSON.stringify(plan, null, 2)}\n` : planTable(plan, terminal.width);
  const delivered = await deliver(text, output.file, invocation);
  if (plan.length > 0) return delivered ? 0 : 2;
  for (const reason of reasons) terminal.say(`note: ${reason}`);
  return 2;
}

/** A password in the URL is not how identities are lent, and it must not reach the report. */
export function withoutPassword(url: string | undefined, { terminal, secrets }: Invocation): string | undefined {
  if (url === undefined || !URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return url;
  secrets.add(parsed.password);
  terminal.say('note: the user name and password in the URL are not used; lend an identity with --auth "name=Basic user:password".');
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}
