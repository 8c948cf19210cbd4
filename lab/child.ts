import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { UserError } from '../src/index.ts';
import { accepts } from './port.ts';

/** A server that was started: stops when asked, and says what it printed when it fails. */
export interface Child {
  readonly process: ChildProcess;
  /** What it printed last, both streams. */
  readonly said: () => string;
  /** Asks it to stop, insists after a while, and resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

export interface ChildCommand {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** The number of the user and of the group that it runs as, where this process may choose. */
  readonly user?: number | undefined;
  /** How it is asked to stop, and after how many milliseconds it is made to: SIGTERM and 6,000 unless told. */
  readonly ending?: { readonly signal: NodeJS.Signals; readonly patience: number };
}

const running = new Set<ChildProcess>();
const scratchFolders = new Set<string>();

// Whatever way this process takes out, short of being killed, nothing that it started stays.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of scratchFolders) {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // A server that is just dying may still write into it.
    }
  }
});

/** Has the folder removed when this process ends, however it does. */
export function forgetAtExit(folder: string): void {
  scratchFolders.add(folder);
}

/** Starts a server as a process of its own. Its environment is what is given and nothing else, so that runs are alike. */
export function startChild({ command, arguments: args, environment, folder, user, ending }: ChildCommand): Child {
  const { signal, patience } = ending ?? { signal: 'SIGTERM', patience: 6_000 };
  const child = spawn(command, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...asUser(user) });
  running.add(child);
  let output = '';
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString('utf8')).slice(-8_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.once('error', (error) => keep(Buffer.from(error.message)));
  const ended = once(child, 'close').catch(() => []);
  void ended.then(() => running.delete(child));
  return {
    process: child,
    said: () => output,
    stop: async () => {
      if (isGone(child)) return;
      child.kill(signal);
      const insist = setTimeout(() => child.kill('SIGKILL'), patience);
      await ended;
      clearTimeout(insist);
    },
  };
}

const execute = promisify(execFile);

/** Runs a command to its end and returns what it printed. Rejects as `execFile` does. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  { user, folder, environment }: { user?: number | undefined; folder?: string; environment?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const promise = execute(command, [...args], { cwd: folder, env: environment, maxBuffer: 16_000_000, ...asUser(user) });
  running.add(promise.child);
  try {
    return (await promise).stdout;
  } finally {
    running.delete(promise.child);
  }
}

/** Resolves when the server accepts connections on the port and, where a line is given, has printed it. */
export async function untilReady(child: Child, what: string, port: number, line?: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (isGone(child.process)) throw new UserError('lab-server-failed', `${what} did not start:\n${lastLines(child)}`);
    const spoken = line === undefined || child.said().split('\n').includes(line);
    if (spoken && (await accepts('127.0.0.1', port))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new UserError('lab-server-failed', `${what} was not ready after 30 seconds:\n${lastLines(child)}`);
}

/** Enough to see what went wrong: a traceback says it last. */
function lastLines(child: Child): string {
  return child.said().trim().split('\n').slice(-12).join('\n');
}

function isGone({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null || pid === undefined;
}

/** Node leaves the groups of the old user behind, too. */
function asUser(user: number | undefined): { uid?: number; gid?: number } {
  return user === undefined ? {} : { uid: user, gid: user };
}
