import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathTest } from './declared.ts';

export interface SourceFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface SourceFiles {
  readonly files: readonly SourceFile[];
  /** Descriptions of APIs, where the app is built on one. */
  readonly documents?: readonly SourceFile[];
  /** Sentences: what was left out, and why. */
  readonly notes: readonly string[];
}

const mostBytes = 2_000_000;
const mostFiles = 20_000;
const leftOut = /^(?:\..*|node_modules|__pycache__|site-packages|venv|env|build|dist|migrations|alembic)$/;
const testFile = /(?:^|\/)(?:tests?\/|test_[^/]*\.py$|[^/]*_test\.py$|conftest\.py$)/;

/** Reads the Python files of a folder, or one file. Links are not followed; what cannot be read becomes a note. */
export async function readSourceFiles(root: string, ignore: readonly string[] = []): Promise<SourceFiles> {
  const files: SourceFile[] = [];
  const described: string[] = [];
  const isIgnored = pathTest(ignore);
  let ignored = 0;
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
      if (isIgnored(path)) {
        ignored += 1;
        continue;
      }
      if (entry.isDirectory() && !leftOut.test(entry.name)) waiting.push(path);
      if (entry.isFile() && /\.(?:ya?ml|json)$/.test(entry.name)) described.push(path);
      if (!entry.isFile() || !entry.name.endsWith('.py')) continue;
      if (testFile.test(path)) tests += 1;
      else if (files.length < mostFiles) await readInto(files, notes, root, path);
    }
  }
  if (ignored > 0) notes.push(`${ignored} ${ignored === 1 ? 'path was' : 'paths were'} left out, as middlebrick.yml says.`);
  if (tests > 0) notes.push(`${tests} test ${tests === 1 ? 'file was' : 'files were'} left out.`);
  if (files.length >= mostFiles) notes.push(`Only the first ${mostFiles} files were read.`);
  const documents = files.some(({ text }) => text.includes('connexion')) ? await readDescriptions(root, described) : [];
  return { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), documents, notes };
}

const mostDescriptions = 50;

/** The files among these that describe an API, the first of them. Others have nothing to say here, and are passed over. */
async function readDescriptions(root: string, paths: readonly string[]): Promise<SourceFile[]> {
  const documents: SourceFile[] = [];
  for (const path of paths.toSorted()) {
    if (documents.length >= mostDescriptions) break;
    const size = await lstat(join(root, path)).then(
      (entry) => entry.size,
      () => Infinity,
    );
    if (size > mostBytes) continue;
    const text = await readFile(join(root, path), 'utf8').catch(() => '');
    if (/^\s*["']?(?:openapi|swagger)["']?\s*:/m.test(text.slice(0, 4000))) documents.push({ path, text });
  }
  return documents;
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
