import { setMaxListeners } from 'node:events';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../src/index.ts';
import { runMatrix } from './matrix.ts';
import { sqlStores, type SqlStore } from './store.ts';
import { systemNames } from './system.ts';
import { tableOf } from './table.ts';
import { bringUp } from './up.ts';

/** Progress goes to stderr; stdout is for the table and the addresses. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Aborted at the first ^C, or when the process is asked to end. Asked again, it ends at once, and what it started with it. npm hands
 * on a signal that the terminal has sent already, so that one ^C can arrive twice.
 */
function interruption(): AbortSignal {
  const controller = new AbortController();
  // Each request under way listens to it.
  setMaxListeners(0, controller.signal);
  let first = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!controller.signal.aborted) first = Date.now();
      else if (Date.now() - first > 500) process.exit(130);
      controller.abort();
    });
  }
  return controller.signal;
}

interface UpFlags {
  readonly repaired?: boolean;
  readonly port?: number;
  readonly store?: SqlStore;
}

async function upCommand(name: string, { repaired = false, port, store }: UpFlags): Promise<void> {
  const signal = interruption();
  const isUp = new AbortController();
  // Nothing is worth waiting for before it is up: whatever was started is killed on the way out.
  signal.addEventListener('abort', () => process.exit(130), { signal: isUp.signal });
  const up = await bringUp(name, { twin: repaired ? 'repaired' : 'vulnerable', port, store, say });
  isUp.abort();
  print(up.text);
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  say('Stopping …');
  await up.stop();
  process.exit(0);
}

interface ScanFlags {
  readonly read?: boolean;
  readonly patched?: boolean;
  readonly json?: boolean;
  readonly store?: SqlStore;
}

async function scanCommand(systems: readonly string[], { read = false, patched = false, json = false, store }: ScanFlags): Promise<void> {
  const rows = await runMatrix({ systems, store, read, patched, say, signal: interruption() });
  const isGreen = rows.every((row) => row.outcome !== 'red');
  print(json ? JSON.stringify({ green: isGreen, rows }, null, 2) : tableOf(rows));
  process.exitCode = isGreen ? 0 : 1;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError('A port is a number from 1 to 65535.');
}

const storeOption = (): Option => new Option('--store <store>', 'where a system of SQLAlchemy keeps its data').choices([...sqlStores]);

const systemsListed = `\nSystems:\n${systemNames.map((name) => `  ${name}`).join('\n')}`;

const program = new Command('lab').description('The seed systems: start them, or scan them all.').exitOverride().showHelpAfterError();
program
  .command('up')
  .description('start the store and the application of a system, and stop both on ^C')
  .argument('<system>', 'its folder in lab/')
  .option('--repaired', 'the repaired twin instead of the vulnerable one')
  .option('--port <number>', 'the port of the application; a free one when absent', parsePort)
  .addOption(storeOption())
  .addHelpText('after', systemsListed)
  .action(upCommand);
program
  .command('scan')
  .description('scan both twins of the systems, and compare with what is expected')
  .argument('[system...]', 'folders in lab/; all when absent')
  .option('--read', 'read-only, with the two identities of identities.yaml')
  .option('--patched', 'instead of the twins, the vulnerable ones as the patches of `middlebrick analyze --fix` leave them')
  .addOption(storeOption())
  .option('--json', 'print JSON instead of the table')
  .addHelpText('after', systemsListed)
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
