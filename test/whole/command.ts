import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type TestContext } from 'vitest';

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
  /** Resolves when stderr holds the words. */
  readonly said: (words: string) => Promise<void>;
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
  const said = (words: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => void (texts.stderr.includes(words) && resolve());
      child.stderr?.on('data', look);
      look();
    });
  return { child, ended, said };
}

/** Runs the built command to its end. */
export function middlebrick(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return start(args, options).ended;
}

/** Closes what was opened when the test is over. */
export async function using<T extends { readonly close: () => Promise<unknown> }>(context: TestContext, opened: Promise<T>): Promise<T> {
  const thing = await opened;
  context.onTestFinished(async () => void (await thing.close()));
  return thing;
}

/** An empty folder that is deleted when the test is over. */
export async function emptyFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'middlebrick-test-'));
  context.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What a command ends in that could not run: nothing on stdout, an error and a hint without a stack, and in it all of the words. */
export function refusal(...words: readonly RegExp[]): object {
  const all = [/(?:^|\n)error: /, /\nhint: /, ...words].map((word) => `(?=[^]*(?:${word.source}))`).join('');
  return { code: 2, stdout: '', stderr: expect.stringMatching(new RegExp(`^(?![^]*\\n +at )${all}`)) };
}

/** Sentences about what a command took too much of; empty when it stayed within bounds. */
export function excess({ seconds, megabytes }: Outcome, limits: { readonly seconds: number; readonly megabytes?: number }): string[] {
  const most = limits.megabytes ?? 400;
  return [
    ...(seconds < limits.seconds ? [] : [`it took ${seconds} s, and ${limits.seconds} at most were expected`]),
    ...(megabytes > 0 && megabytes < most ? [] : [`its memory peaked at ${megabytes} MB, and ${most} at most were expected`]),
  ];
}
