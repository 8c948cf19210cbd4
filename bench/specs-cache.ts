import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../.cache/specs/', import.meta.url));

/** The unpacked content of an npm package, fetched once into the cache folder. `only` limits what is unpacked. */
export async function packageFolder(name: string, version: string, only: readonly string[] = []): Promise<string> {
  const folder = join(cache, `${name.replaceAll(/[@/]+/g, '-').replace(/^-/, '')}-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const { stdout } = await run('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', cache]);
  const archive = join(cache, stdout.trim().split('\n').at(-1) ?? '');
  const fresh = `${folder}.part`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await run('tar', ['xzf', archive, '-C', fresh, '--strip-components=1', ...only.map((path) => `package/${path}`)]);
  await rename(fresh, folder);
  await rm(archive);
  return folder;
}

/** Every JSON file below a folder, sorted, so that two runs are alike. */
export async function jsonFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((path) => path.endsWith('.json')).sort();
}
