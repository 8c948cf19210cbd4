import { isAbsolute, relative, resolve } from 'node:path';
import { UserError } from './model/user-error.ts';
import type { ScanOptions } from './scan-options.ts';
import { analyze, readDeclaredFile, readingOf } from './source/index.ts';

/** How long patches are looked for before a scan begins. */
const patchSeconds = 10;

/**
 * Reads the source that a scan was given, before anything is sent. Other options stay as they are. Throws `UserError`:
 * `source-not-found`, `source-config-not-found`, `source-config-invalid`, `source-config-unused`.
 */
export async function withSource(options: ScanOptions): Promise<ScanOptions> {
  const { source, sourceConfig, ...others } = options;
  if (source === undefined && sourceConfig !== undefined) {
    throw new UserError('source-config-unused', `${sourceConfig} says how to read source, and no source was given.`, {
      hint: 'Give the folder with --source DIR.',
    });
  }
  if (source === undefined) return others;
  const declared = sourceConfig === undefined ? {} : { declared: await readDeclaredFile(sourceConfig) };
  return { ...others, reading: readingOf(fromHere(source), await analyze(source, { ...declared, patches: { seconds: patchSeconds } })) };
}

/** The folder as it stands in a checkout, where that is the working folder; else as it was given. */
function fromHere(folder: string): string {
  const path = relative(process.cwd(), resolve(folder));
  if (path === '') return '.';
  return path.startsWith('..') || isAbsolute(path) ? folder : path;
}
