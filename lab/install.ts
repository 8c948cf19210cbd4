import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../src/index.ts';
import { runToEnd } from './child.ts';
import { installation } from './installation.ts';
import { labFolder } from './system.ts';

/** Says what takes a while. */
export type Say = (line: string) => void;

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
  const file = join(labFolder, requirements);
  const stamp = digest([python.version, await readFile(file, 'utf8')]);
  const folder = await installation(name, stamp, async (target) => {
    const what = `the Python packages of ${requirements}`;
    say(`Installing ${what} …`);
    const inside = pythonOf(target);
    const uv = requirements === uvRequirements ? undefined : await uvCommand(say);
    if (uv === undefined) {
      await step('a Python environment', python.command, ['-m', 'venv', target], {
        hint: 'Python cannot make virtual environments: on Debian install python3-venv.',
      });
      const options = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--require-hashes'];
      await step(what, inside, ['-m', 'pip', 'install', ...options, '-r', file]);
      return;
    }
    await step('a Python environment', uv, ['venv', '--quiet', '--python', python.command, target]);
    await step(what, uv, ['pip', 'install', '--quiet', '--python', inside, '--require-hashes', '-r', file]);
  });
  return pythonOf(folder);
}

function pythonOf(environment: string): string {
  return join(environment, 'bin', 'python');
}

const uvRequirements = 'requirements-uv.txt';

/** uv makes an environment in a second where pip takes seven; where it does not install, pip does. */
async function uvCommand(say: Say): Promise<string | undefined> {
  try {
    const python = await pythonEnvironment('uv', uvRequirements, say);
    const uv = join(python, '..', 'uv');
    await runToEnd(uv, ['--version']);
    return uv;
  } catch (error) {
    const isHopeless = error instanceof UserError && (error instanceof MissingTool || error.code === 'registry-unreachable');
    if (isHopeless) throw error;
    say('uv could not be installed; pip is used instead.');
    return undefined;
  }
}

/** The main file of dynalite, installed by its own lock file, without running any of its scripts. */
export async function dynalite(say: Say): Promise<string> {
  const source = join(labFolder, 'dynalite');
  const lock = await readFile(join(source, 'package-lock.json'), 'utf8');
  const folder = await installation('dynalite', digest([process.versions.modules, lock]), async (target) => {
    say('Installing dynalite …');
    await mkdir(target, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) await copyFile(join(source, file), join(target, file));
    const options = [
      '--ignore-scripts',
      '--omit=optional',
      '--no-audit',
      '--no-fund',
      '--fetch-retries=1',
      '--fetch-retry-mintimeout=1000',
    ];
    await step('dynalite', 'npm', ['ci', ...options], { hint: 'npm comes with Node.js.', folder: target });
  });
  return join(folder, 'node_modules', 'dynalite', 'cli.js');
}

/** The Python of the machine, or an error that says how to get one. */
export async function systemPython(): Promise<{ command: string; version: string }> {
  for (const command of ['python3', 'python']) {
    const version = await runToEnd(command, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])']).then(
      (printed) => printed.trim(),
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

/** What pip, uv and npm print where nobody answers. */
const unreachable =
  /name resolution|name or service|lookup address|dns error|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|connection refused|network is unreachable|NewConnectionError|NameResolutionError|error sending request/i;

async function step(
  what: string,
  command: string,
  args: readonly string[],
  { hint, folder }: { hint?: string; folder?: string } = {},
): Promise<void> {
  try {
    await runToEnd(command, args, folder === undefined ? {} : { folder });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') throw new MissingTool(command, hint ?? 'Install it.', cause);
    const said = cause instanceof Error ? cause.message : '';
    if (unreachable.test(said)) {
      throw new UserError('registry-unreachable', `The package registry does not answer, so ${what} cannot be installed.`, {
        cause,
        hint: 'The network is needed once, at the first start. Check it (and HTTPS_PROXY, where there is a proxy) and try again.',
      });
    }
    throw new UserError('lab-install-failed', `Installing ${what} failed: ${said.slice(-2_000).trim()}`, {
      cause,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
