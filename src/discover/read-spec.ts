import { readFile } from 'node:fs/promises';
import type { Response, Send } from '../model/http.ts';
import { UserError } from '../model/user-error.ts';
import { readDescription, type Description } from './description.ts';
import { findNamedDescription } from './documentation-page.ts';
import { askForSchema } from './graphql/endpoint.ts';
import { looksLikeGraphql, showsGraphql } from './graphql/find.ts';
import { readSchemaText, type SchemaDocument } from './graphql/schema-text.ts';
import { isWeb } from './openapi/servers.ts';
import { mustRead, type Reader } from './reader.ts';

/** What the ways to the network and to standard input are. */
export interface SpecSource {
  readonly reader: Reader;
  readonly send: Send;
  readonly stdin: (() => Promise<string>) | undefined;
}

/**
 * Reads the description that the user named: a URL, a file, or `-` for standard input. It may be the schema of a GraphQL API, and
 * the URL its endpoint. Throws `UserError`.
 */
export async function readSpec(spec: string, { reader, send, stdin }: SpecSource): Promise<Description | SchemaDocument> {
  if (spec === '-') return readText(await textOfStdin(stdin), '<stdin>');
  if (isWeb(spec)) return specFromWeb(spec, reader, send);
  return readText(await textOfFile(spec), spec);
}

function readText(text: string, location: string): Description | SchemaDocument {
  return readSchemaText(text, location) ?? readDescription(text, location);
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

async function specFromWeb(url: string, reader: Reader, send: Send): Promise<Description | SchemaDocument> {
  const page = await mustRead(reader, url);
  const { body, status } = page.response;
  const isPage = body.trimStart().startsWith('<');
  if (status < 400 && !isPage && !looksLikeGraphql(new URL(url))) return usableText(url, page);
  const named = status < 400 && isPage ? await findNamedDescription(page, reader) : undefined;
  const schema = named === undefined && showsGraphql(new URL(url), page.response) ? await schemaAt(new URL(url), send) : undefined;
  return named ?? schema ?? usableText(url, page);
}

/** What a GET of a GraphQL endpoint answers is no description; the endpoint itself is asked for one. */
async function schemaAt(url: URL, send: Send): Promise<SchemaDocument | undefined> {
  const asked = await askForSchema(url, send);
  if (asked.kind === 'schema') return asked.document;
  if (asked.kind === 'other') return undefined;
  throw new UserError('introspection-off', `${url.href} speaks GraphQL and does not tell its schema: ${asked.why}.`, {
    hint: 'Give the schema as a file with --spec schema.graphql, and this URL as the target.',
  });
}

function usableText(url: string, page: { readonly url: string; readonly response: Response }): Description | SchemaDocument {
  refuseUnusable(url, page.response);
  return readText(page.response.body, page.url);
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
