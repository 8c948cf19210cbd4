import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../src/index.ts';
import { labFolder } from './system.ts';

/** Says what takes a while. */
export type Say = (line: string) => void;

/** Where stores and packages are installed: a folder of the project that can be removed at any time. */
export const cacheFolder = join(labFolder, '..', '.cache', 'lab');

const run = promisify(execFile);

/** A tool of the machine that the lab needs and that is not there. */
export class MissingTool extends UserError {
  constructor(tool: string, hint: string, cause?: unknown) {
    super('tool-missing', `${tool} is needed and was not found.`, { hint, cause });
    this.name = 'MissingTool';
  }
}

/** The Python of an environment with pinned packages, each checked against its hash. Made once per requirements file. */
export async function pythonEnvironment(name: string, requirements: string, say: Say): Promise<string> {
  const python = await systemPython();
  const folder = join(cacheFolder, name);
  const file = join(labFolder, requirements);
  const stamp = await digest([python.version, await readFile(file, 'utf8')]);
  const inside = join(folder, 'bin', 'python');
  await unlessDone(folder, stamp, async () => {
    say(`Installing the Python packages of ${requirements} …`);
    const uv = requirements === uvRequirements ? undefined : await uvCommand(say);
    if (uv === undefined) {
      await step(python.command, ['-m', 'venv', folder], 'Python cannot make virtual environments: on Debian install python3-venv.');
      await step(inside, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', file]);
      return;
    }
    await step(uv, ['venv', '--quiet', '--python', python.command, folder]);
    await step(uv, ['pip', 'install', '--quiet', '--python', inside, '--require-hashes', '-r', file]);
  });
  return inside;
}

const uvRequirements = 'requirements-uv.txt';

/** uv makes an environment in a second where pip takes seven; where it does not install, pip does. */
async function uvCommand(say: Say): Promise<string | undefined> {
  try {
    const python = await pythonEnvironment('uv', uvRequirements, say);
    const uv = join(python, '..', 'uv');
    await run(uv, ['--version']);
    return uv;
  } catch (error) {
    if (error instanceof MissingTool) throw error;
    say('uv could not be installed; pip is used instead.');
    return undefined;
  }
}

/** The main file of dynalite, installed by its own lock file, without running any of its scripts. */
export async function dynalite(say: Say): Promise<string> {
  const folder = join(cacheFolder, 'dynalite');
  const source = join(labFolder, 'dynalite');
  const lock = await readFile(join(source, 'package-lock.json'), 'utf8');
  await unlessDone(folder, await digest([process.versions.modules, lock]), async () => {
    say('Installing dynalite …');
    await mkdir(folder, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) await copyFile(join(source, file), join(folder, file));
    await step('npm', ['ci', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'], 'npm comes with Node.js.', folder);
  });
  return join(folder, 'node_modules', 'dynalite', 'cli.js');
}

async function systemPython(): Promise<{ command: string; version: string }> {
  for (const command of ['python3', 'python']) {
    const version = await run(command, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])']).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
    if (version !== undefined && (major > 3 || (major === 3 && minor >= 10))) return { command, version };
  }
  throw new MissingTool(
    'Python 3.10 or newer',
    'Install it (Debian: apt install python3 python3-venv; macOS: brew install python) and try again.',
  );
}

/** The stamp is written last, so that an installation that was cut short is made again. */
async function unlessDone(folder: string, stamp: string, install: () => Promise<void>): Promise<void> {
  const file = join(folder, '.installed');
  const done = await readFile(file, 'utf8').catch(() => '');
  if (done === stamp) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(cacheFolder, { recursive: true });
  await install();
  await writeFile(file, stamp);
}

async function step(command: string, args: readonly string[], hint?: string, folder?: string): Promise<void> {
  try {
    await run(command, [...args], { ...(folder === undefined ? {} : { cwd: folder }), maxBuffer: 16_000_000 });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.slice(-2_000) : '';
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') throw new MissingTool(command, hint ?? 'Install it.', cause);
    throw new UserError('lab-install-failed', `An installation failed: ${said}`, {
      cause,
      hint: hint ?? 'The package registries must be reachable; the command can be run again.',
    });
  }
}

async function digest(parts: readonly string[]): Promise<string> {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
