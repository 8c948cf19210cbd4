import { setMaxListeners } from 'node:events';
import { Command, CommanderError } from 'commander';
import { UserError } from '../src/index.ts';
import { runMatrix } from './matrix.ts';
import { tableOf } from './table.ts';
import { bringUp } from './up.ts';

/** Progress goes to stderr; stdout is for the table and the addresses. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Resolves at the first ^C, or when the process is asked to end. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  // Each request under way listens to it.
  setMaxListeners(0, controller.signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

async function upCommand(name: string, { repaired = false }: { repaired?: boolean }): Promise<void> {
  const signal = interruption();
  const up = await bringUp(name, repaired ? 'repaired' : 'vulnerable', say);
  print(up.text);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  say('Stopping …');
  await up.stop();
}

async function scanCommand(systems: readonly string[], { read = false, json = false }: { read?: boolean; json?: boolean }): Promise<void> {
  const rows = await runMatrix({ systems, read, say, signal: interruption() });
  const isGreen = rows.every((row) => row.outcome !== 'red');
  print(json ? JSON.stringify({ green: isGreen, rows }, null, 2) : tableOf(rows));
  process.exitCode = isGreen ? 0 : 1;
}

const program = new Command('lab').description('The seed systems: start them, or scan them all.').exitOverride();
program
  .command('up')
  .description('start the store and the application of a system, and stop both on ^C')
  .argument('<system>', 'its folder in lab/')
  .option('--repaired', 'the repaired twin instead of the vulnerable one')
  .action(upCommand);
program
  .command('scan')
  .description('scan both twins of the systems, and compare with what is expected')
  .argument('[system...]', 'folders in lab/; all when absent')
  .option('--read', 'read-only, with the two identities of identities.yaml')
  .option('--json', 'print JSON instead of the table')
  .action(scanCommand);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof UserError) {
    say(`error: ${error.message}${error.hint === undefined ? '' : `\n  ${error.hint}`}`);
    process.exitCode = 2;
  } else throw error;
}
