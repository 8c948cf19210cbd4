import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { reasonOf } from './output.ts';

/** What became of one file. */
export interface WrittenFile {
  readonly path: string;
  /** Why it was left as it is; nothing when it was written. */
  readonly failure?: string;
  /** It held changes that were not committed to git, beside which the patches stand now. */
  readonly isDirty: boolean;
}

/**
 * Writes patched files into the folder that was analysed, each at once or not at all. One that is not what was analysed any more, is
 * no plain UTF-8, or stands outside the folder is left alone.
 */
export async function writePatched(
  folder: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Promise<readonly WrittenFile[]> {
  const dirty = await changedInGit(folder, [...after.keys()]);
  const written: WrittenFile[] = [];
  for (const [path, text] of after) {
    const failure = await replaceIn(folder, path, before.get(path), text).catch(reasonOf);
    written.push({ path, isDirty: dirty.has(path), ...(failure === undefined ? {} : { failure }) });
  }
  return written;
}

async function replaceIn(folder: string, path: string, before: string | undefined, after: string): Promise<string | undefined> {
  const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
  if (!file.startsWith(root + sep)) return 'it stands outside the folder';
  const bytes = await readFile(file);
  // The decoder drops a mark at the start of the file, which is to stay.
  const mark = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? '\uFEFF' : '';
  if (before === undefined || !bytes.equals(Buffer.from(mark + before))) return 'it is not what was analysed';
  const beside = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(beside, mark + after, { mode: (await stat(file)).mode, flag: 'wx' });
    await rename(beside, file);
    return undefined;
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Files with changes that are not committed; none where there is no git. A hook that the checkout may bring is not run. */
async function changedInGit(folder: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const asked = paths.map((path) =>
    promisify(execFile)('git', ['-c', 'core.fsmonitor=false', '--no-optional-locks', 'status', '--porcelain', '--', `./${path}`], {
      cwd: folder,
    })
      .then(({ stdout }) => (stdout.trim() === '' ? [] : [path]))
      .catch(() => []),
  );
  return new Set((await Promise.all(asked)).flat());
}
