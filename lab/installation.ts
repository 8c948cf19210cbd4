import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { labFolder } from './system.ts';

/** Where stores and packages are installed: a folder of the project that can be removed at any time. */
export const cacheFolder = join(labFolder, '..', '.cache', 'lab');

const published = z.object({ stamp: z.string(), folder: z.string() });

const underWay = new Map<string, Promise<string>>();

/**
 * The folder of an installation, which is made where there is none of this stamp. Each run installs into a folder of its own and
 * publishes it by renaming a file, last: runs that install at the same time do not meet, and what was cut short is never used.
 */
export function installation(name: string, stamp: string, install: (folder: string) => Promise<void>): Promise<string> {
  const known = underWay.get(name) ?? installed(name, `${cacheFolder} ${stamp}`, install).finally(() => underWay.delete(name));
  underWay.set(name, known);
  return known;
}

async function installed(name: string, stamp: string, install: (folder: string) => Promise<void>): Promise<string> {
  const pointer = join(cacheFolder, `${name}.json`);
  const known = await readPointer(pointer);
  if (known?.stamp === stamp) return known.folder;
  const folder = join(cacheFolder, `${name}-${process.pid}-${randomBytes(3).toString('hex')}`);
  await mkdir(cacheFolder, { recursive: true });
  try {
    await install(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const quicker = await readPointer(pointer);
  if (quicker?.stamp === stamp) {
    await rm(folder, { recursive: true, force: true });
    return quicker.folder;
  }
  await writeFile(`${folder}.json`, JSON.stringify({ stamp, folder }));
  await rename(`${folder}.json`, pointer);
  await sweep(name, folder);
  return folder;
}

async function readPointer(file: string): Promise<z.infer<typeof published> | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const { data } = published.safeParse(JSON.parse(text));
  if (data === undefined) return undefined;
  return access(data.folder).then(
    () => data,
    () => undefined,
  );
}

/** Removes what runs that are over have left of the same name: cut short, or of another stamp. */
async function sweep(name: string, kept: string): Promise<void> {
  for (const entry of await readdir(cacheFolder)) {
    const pid = entry.startsWith(`${name}-`) ? /^(\d+)-[0-9a-f]{6}$/.exec(entry.slice(name.length + 1))?.[1] : undefined;
    const folder = join(cacheFolder, entry);
    if (pid !== undefined && folder !== kept && !isRunning(Number(pid))) await rm(folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
