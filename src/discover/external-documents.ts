import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Json } from '../model/json.ts';
import { UserError } from '../model/user-error.ts';
import type { Description } from './description.ts';
import { absoluteUri, scan, type Scan } from './openapi/scan.ts';
import { isWeb } from './openapi/servers.ts';
import { parseText } from './parse-text.ts';
import { pageOf } from './documentation-page.ts';
import type { Reader } from './reader.ts';

const mostDocuments = 200;

/**
 * Reads every document that a description refers to, and those that they refer to in turn, at most 200.
 * A description from the web may name web addresses only. What cannot be read is left out, and so noted later.
 */
export async function readExternalDocuments(description: Description, reader: Reader): Promise<ReadonlyMap<string, Scan>> {
  const scans = new Map<string, Scan>();
  const known = new Set([description.uri, ...description.scan.resources.keys()]);
  const waiting = externalUris(description.scan, description.uri);
  for (let uri = waiting.shift(); uri !== undefined; uri = waiting.shift()) {
    if (known.has(uri)) continue;
    known.add(uri);
    if (scans.size >= mostDocuments) {
      throw new UserError('too-many-documents', `${description.location} refers to more than ${mostDocuments} other documents.`, {
        hint: 'Bundle it into one file first, with a tool such as redocly bundle.',
      });
    }
    const text = await textOf(uri, description.uri, reader);
    const value = text === undefined ? undefined : parsed(text, uri);
    if (value === undefined) continue;
    const found = scan(value, uri, { main: description.uri });
    scans.set(uri, found);
    waiting.push(...externalUris(found, uri));
  }
  return scans;
}

function externalUris({ refs, bases }: Scan, uri: string): string[] {
  return [...refs.values()].flatMap((holder) => {
    const [path = ''] = String(holder['$ref']).split('#');
    if (path === '') return [];
    const absolute = absoluteUri(path, bases.get(holder) ?? uri);
    return /^(?:https?|file):/.test(absolute) && URL.canParse(absolute) ? [absolute] : [];
  });
}

async function textOf(uri: string, from: string, reader: Reader): Promise<string | undefined> {
  if (isWeb(uri)) {
    const page = pageOf(await reader.read(uri));
    return page === undefined || page.response.truncated ? undefined : page.response.body;
  }
  if (!from.startsWith('file:')) return undefined;
  try {
    return await readFile(fileURLToPath(uri), 'utf8');
  } catch {
    return undefined;
  }
}

function parsed(text: string, uri: string): Json | undefined {
  try {
    return parseText(text, uri).value;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
