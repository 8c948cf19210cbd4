import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base } from 'vitest';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
// Says the peak of its memory on a pipe of its own when the process ends.
const peak = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>{try{writeSync(3,String(process.resourceUsage().maxRSS))}catch{}})`;

export interface Outcome {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Peak resident memory; 0 when it was killed. */
  readonly megabytes: number;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** A file descriptor for stdout, such as that of a device; its text is not collected then. */
  readonly stdout?: number;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
}

/** Starts the built command. */
export function start(args: readonly string[], { cwd, env, stdin, stdout }: RunOptions = {}): Running {
  if (!existsSync(main)) throw new Error('dist/cli/main.js is missing: run `npm run build` first.');
  const startedAt = Date.now();
  const { NO_COLOR: _noColour, FORCE_COLOR: _forceColour, CI: _ci, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', peak, main, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['pipe', stdout ?? 'pipe', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '', peak: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  const memory = child.stdio[3];
  if (memory && 'setEncoding' in memory) memory.setEncoding('utf8').on('data', (text: string) => (texts.peak += text));
  child.stdin?.on('error', () => undefined).end(stdin ?? '');
  const ended = new Promise<Outcome>((resolve) => {
    child.on('close', (code) =>
      resolve({
        code,
        stdout: texts.stdout,
        stderr: texts.stderr,
        seconds: (Date.now() - startedAt) / 1000,
        megabytes: Math.round(Number(texts.peak) / 1024),
      }),
    );
  });
  return { child, ended };
}

/** Runs the built command to its end. */
export function middlebrick(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return start(args, options).ended;
}

export interface Fixtures {
  /** Closes what was opened when the test is over. */
  readonly using: <T extends { readonly close: () => Promise<unknown> }>(opened: Promise<T>) => Promise<T>;
  /** An empty folder that is deleted when the test is over. */
  readonly folder: string;
}

/** A test that may run beside others: what it opens is its own. */
export const test = base.extend<Fixtures>({
  using: async ({ task: _ }, use) => {
    const endings: (() => Promise<unknown>)[] = [];
    await use(async (opened) => {
      const thing = await opened;
      endings.push(thing.close);
      return thing;
    });
    await Promise.all(endings.map((end) => end()));
  },
  folder: async ({ task: _ }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'middlebrick-test-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});
