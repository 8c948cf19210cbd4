import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parseThreshold } from '../index.ts';
import type { Severity } from '../model/check.ts';
import type { Report } from '../model/report.ts';
import { UserError } from '../model/user-error.ts';
import { parseReport, type FormatName } from '../report/index.ts';
import { formatNames } from './flags.ts';
import type { Invocation, SharedFlags } from './invocation.ts';

export interface OutputFlags extends SharedFlags {
  readonly format?: FormatName;
  readonly output?: string;
  readonly threshold?: string;
  readonly failOn?: Severity;
  readonly baseline?: string;
}

/** Where the report goes and what it is measured by: settled before anything is sent. */
export interface Output {
  readonly format: FormatName;
  /** Standard output when absent. */
  readonly file?: string;
  readonly threshold?: number;
  readonly failOn?: Severity;
  readonly baseline?: Report;
}

/** Reads the output options. Throws `UserError`. */
export async function readOutput(flags: OutputFlags, { terminal }: Invocation): Promise<Output> {
  const { threshold, failOn, baseline } = flags;
  const named = namedFormat(flags.output);
  if (named !== undefined) terminal.say(`note: --output ${named} is read as --format ${named}; --output names a file.`);
  const file = named !== undefined || flags.output === '-' ? undefined : flags.output;
  return {
    format: flags.format ?? named ?? (file === undefined ? 'pretty' : formatOf(file)),
    ...(file === undefined ? {} : { file }),
    ...(threshold === undefined ? {} : { threshold: parseThreshold(threshold) }),
    ...(failOn === undefined ? {} : { failOn }),
    ...(baseline === undefined ? {} : { baseline: await readReport(baseline) }),
  };
}

/** `--output json`, as the hosted tool spells it, unless there is such a file. */
function namedFormat(output: string | undefined): FormatName | undefined {
  const name = formatNames.find((format) => format === output);
  return name !== undefined && !existsSync(name) ? name : undefined;
}

const extensions: Readonly<Record<string, FormatName>> = {
  '.json': 'json',
  '.sarif': 'sarif',
  '.html': 'html',
  '.htm': 'html',
  '.txt': 'pretty',
};

function formatOf(file: string): FormatName {
  if (/\.sarif\.json$/i.test(file)) return 'sarif';
  const extension = extname(file).toLowerCase();
  const format = extension === '' || file.startsWith('/dev/') ? 'pretty' : extensions[extension];
  if (format !== undefined) return format;
  throw new UserError('format-unknown', `The name ${file} does not say which format the report should have.`, {
    hint: `Add --format with one of ${formatNames.join(', ')}, or end the name in ${Object.keys(extensions).join(', ')}.`,
  });
}

async function readReport(file: string): Promise<Report> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('baseline-not-found', `The baseline ${file} cannot be read: ${reasonOf(cause)}.`, {
      hint: 'Give a report that was written with --format json.',
      cause,
    });
  });
  return parseReport(text, file);
}

/**
 * Writes a result where it should go. What cannot be written to its file goes to standard output instead, so that it is not
 * lost; returns whether it went where it should.
 */
export async function deliver(text: string, file: string | undefined, { terminal }: Invocation): Promise<boolean> {
  if (file === undefined) {
    await terminal.result(text);
    return true;
  }
  try {
    await replaceFile(file, text);
    return true;
  } catch (error) {
    terminal.say(`error: ${file} cannot be written: ${reasonOf(error)}. The report follows on standard output.`);
    terminal.say('hint: name a file with --output in a folder that exists and that you may write to.');
    await terminal.result(text);
    return false;
  }
}

/** Writes beside the file and renames, so that nobody ever reads half a report. Devices and pipes are written to as they are. */
async function replaceFile(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const kind = await stat(target).catch(() => undefined);
  if (kind && !kind.isFile()) {
    await writeFile(target, text);
    return;
  }
  const beside = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(beside, text);
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Why a file operation failed, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file or folder';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ENOSPC') return 'the disk is full';
  if (code === 'EROFS') return 'the file system is read-only';
  return error instanceof Error ? error.message : String(error);
}
