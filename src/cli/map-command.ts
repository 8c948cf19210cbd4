import { existsSync } from 'node:fs';
import { mapPermissions, permissionsTable, permissionsYaml, type PermissionMap } from '../index.ts';
import { UserError } from '../model/user-error.ts';
import { oneLine } from '../report/terminal-text.ts';
import type { Invocation } from './invocation.ts';
import { journalName } from './journal-file.ts';
import { harsOf, readIdentities } from './lent.ts';
import { deliver } from './output.ts';
import { runScan, withoutPassword } from './scan-command.ts';
import { scanOptionsOf, type ScanFlags } from './scan-flags.ts';

export interface MapFlags extends Omit<ScanFlags, 'format'> {
  readonly format?: 'pretty' | 'json' | 'yaml';
}

/** `middlebrick map`: who may do what, as a table; `--output` also writes the file that a person corrects. */
export async function mapCommand(
  url: string | undefined,
  { format = 'pretty', output, ...flags }: MapFlags,
  invocation: Invocation,
): Promise<number> {
  const { terminal } = invocation;
  const { quiet = false, allow } = flags;
  if (output !== undefined && existsSync(output)) {
    throw new UserError('output-exists', `${output} is there already, and may hold what somebody corrected.`, {
      hint: 'Name another file with --output, or remove it.',
    });
  }
  const identities = await readIdentities(flags, invocation);
  const ownJournal = allow === 'read' || flags.journal !== undefined ? undefined : journalName(new Date(), process.pid);
  const journal = flags.journal ?? ownJournal;
  const options = {
    ...scanOptionsOf(withoutPassword(url, invocation), flags),
    ...(identities.length > 0 ? { identities } : {}),
    ...harsOf(flags),
    ...(journal === undefined ? {} : { journal }),
  };
  const { map, report } = await runScan(options, invocation, { quiet, ownJournal }, mapPermissions);
  const { url: target } = report.target;
  await terminal.result(
    { pretty: permissionsTable(map, terminal.width), json: jsonOf(map, target), yaml: permissionsYaml(map, target) }[format],
  );
  const written = output === undefined || (await deliver(permissionsYaml(map, target), output, invocation));
  if (!quiet) {
    for (const note of report.notes) terminal.say(`note: ${oneLine(note)}`);
    if (output !== undefined && written)
      terminal.say(`Correct ${output} where it is wrong, then: middlebrick scan ${target} --permissions ${output}`);
  }
  for (const reason of report.reasons) terminal.say(`inconclusive: ${oneLine(reason)}`);
  return report.outcome === 'inconclusive' || !written ? 2 : 0;
}

function jsonOf({ roles, rows }: PermissionMap, target: string): string {
  const operations = rows.map(({ operation, summary, cells }) => ({
    operation,
    ...(summary === undefined ? {} : { summary }),
    access: cells,
  }));
  return `${JSON.stringify({ target, roles, operations }, null, 2)}\n`;
}
