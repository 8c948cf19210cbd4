import { readFile } from 'node:fs/promises';
import type { Response } from '../model/http.ts';
import { UserError } from '../model/user-error.ts';
import { readDescription, type Description } from './description.ts';
import { findNamedDescription } from './documentation-page.ts';
import { isWeb } from './openapi/servers.ts';
import { mustRead, type Reader } from './reader.ts';

/** Reads the description that the user named: a URL, a file, or `-` for standard input. Throws `UserError`. */
export async function readSpec(spec: string, reader: Reader, stdin: (() => Promise<string>) | undefined): Promise<Description> {
  if (spec === '-') return readDescription(await textOfStdin(stdin), '<stdin>');
  if (isWeb(spec)) return specFromWeb(spec, reader);
  return readDescription(await textOfFile(spec), spec);
}

async function textOfStdin(stdin: (() => Promise<string>) | undefined): Promise<string> {
  if (stdin === undefined)
    throw new UserError('no-stdin', 'There is no standard input to read the description from.', { hint: 'Name a file or a URL.' });
  return stdin();
}

async function textOfFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UserError('spec-not-found', `${path} cannot be read: ${reasonOf(cause)}.`, {
      hint: 'Check the path given with --spec.',
      cause,
    });
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'permission denied';
  return cause instanceof Error ? cause.message : String(cause);
}

async function specFromWeb(url: string, reader: Reader): Promise<Description> {
  const page = await mustRead(reader, url);
  refuseUnusable(url, page.response);
  if (!page.response.body.trimStart().startsWith('<')) return readDescription(page.response.body, page.url);
  return (await findNamedDescription(page, reader)) ?? readDescription(page.response.body, page.url);
}

function refuseUnusable(url: string, { status, truncated }: Response): void {
  if (status === 401 || status === 403) {
    throw new UserError('spec-protected', `${url} answers ${status}: the description is protected.`, {
      hint: 'Download it and give the file with --spec.',
    });
  }
  if (status >= 400) throw new UserError('spec-not-found', `${url} answers ${status}.`, { hint: 'Check the URL given with --spec.' });
  if (truncated) {
    throw new UserError('description-too-large', `${url} is larger than what is read of one answer; it arrived cut short.`, {
      hint: 'Download it and give the file with --spec.',
    });
  }
}
