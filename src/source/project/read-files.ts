import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface SourceFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface SourceFiles {
  readonly files: readonly SourceFile[];
  /** Sentences: what was left out, and why. */
  readonly notes: readonly string[];
}

const mostBytes = 2_000_000;
const mostFiles = 20_000;
const leftOut = /^(?:\..*|node_modules|__pycache__|site-packages|venv|env|build|dist|migrations|alembic)$/;
const testFile = /(?:^|\/)(?:tests?\/|test_[^/]*\.py$|[^/]*_test\.py$|conftest\.py$)/;

/** Reads the Python files of a folder, or one file. Links are not followed; what cannot be read becomes a note. */
export async function readSourceFiles(root: string): Promise<SourceFiles> {
  const files: SourceFile[] = [];
  const notes: string[] = [];
  let tests = 0;
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      notes.push(`${folder === '' ? 'The folder' : folder} was not read: ${reasonOf(error)}.`);
      return [];
    });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !leftOut.test(entry.name)) waiting.push(path);
      if (!entry.isFile() || !entry.name.endsWith('.py')) continue;
      if (testFile.test(path)) tests += 1;
      else if (files.length < mostFiles) await readInto(files, notes, root, path);
    }
  }
  if (tests > 0) notes.push(`${tests} test ${tests === 1 ? 'file was' : 'files were'} left out.`);
  if (files.length >= mostFiles) notes.push(`Only the first ${mostFiles} files were read.`);
  return { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), notes };
}

async function readInto(files: SourceFile[], notes: string[], root: string, path: string): Promise<void> {
  try {
    const { size } = await lstat(join(root, path));
    if (size > mostBytes) {
      notes.push(`${path} was not read: it has ${size} bytes, and ${mostBytes} is the most.`);
      return;
    }
    const bytes = await readFile(join(root, path));
    if (bytes.includes(0)) notes.push(`${path} was not read: it is not text.`);
    else files.push({ path, text: new TextDecoder().decode(bytes) });
  } catch (error) {
    notes.push(`${path} was not read: ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ENOENT') return 'it is gone';
  return error instanceof Error ? error.message : String(error);
}
