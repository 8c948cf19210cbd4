import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseReport } from '../src/report/index.ts';
import { UserError, type Report } from '../src/index.ts';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** Reads a finished report. */
export async function readReport(file: string): Promise<Report> {
  return parseReport(await readFile(file, 'utf8'), file);
}

/** Scans with the built command, as a user would, and reads its report. Progress goes to standard error. */
export async function scanTarget(args: readonly string[]): Promise<Report> {
  if (!existsSync(main)) throw new UserError('not-built', 'dist/cli/main.js is missing.', { hint: 'Run npm run build first.' });
  const folder = await mkdtemp(join(tmpdir(), 'middlebrick-field-'));
  try {
    const output = join(folder, 'report.json');
    await run(process.execPath, [main, 'scan', ...args, '--format', 'json', '--output', output, '--journal', join(folder, 'journal')]);
    if (!existsSync(output)) throw new UserError('scan-failed', 'The scan wrote no report.');
    return await readReport(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a command of the user's own, such as one that puts the target back as it was. */
export async function prepare(command: string): Promise<void> {
  const code = await run('sh', ['-c', command]);
  if (code !== 0) throw new UserError('before-failed', `"${command}" ended with ${String(code)}.`);
}

async function run(command: string, args: readonly string[]): Promise<unknown> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}
