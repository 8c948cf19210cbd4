import { CORE_SCHEMA, loadAll, mergeTag, YAMLException } from 'js-yaml';
import { parseAllDocuments } from 'yaml';
import { isObject, type Json } from '../model/json.ts';
import { UserError } from '../model/user-error.ts';
import { notADescription } from './not-a-description.ts';

export interface Parsed {
  readonly value: Json;
  readonly format: 'json' | 'yaml';
  readonly notes: readonly string[];
}

const longest = 64 * 1024 * 1024;
/** Anchors are common and harmless; a bomb multiplies. */
const mostNodes = 5_000_000;
const mostNesting = 500;
const longestTolerated = 4 * 1024 * 1024;
const withMerge = CORE_SCHEMA.withTags(mergeTag);

/** Parses JSON or YAML. Throws `UserError` that says where it breaks off. */
export function parseText(raw: string, location: string): Parsed {
  if (raw.length > longest) {
    throw new UserError('description-too-large', `${location} is larger than 64 MB.`, { hint: 'Split it, or leave out examples.' });
  }
  const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
  const start = /\S/.exec(text)?.[0];
  if (start === undefined) throw notADescription(location, 'is empty');
  if (start === '<')
    throw notADescription(location, /<(?:!doctype html|html|head|body)\b/i.test(text.slice(0, 2000)) ? 'is an HTML page' : 'is XML');
  if (start === '{' || start === '[') return parseJson(text, location);
  if (text.startsWith('#%RAML')) throw notADescription(location, 'is a RAML document');
  return parseYaml(text, location);
}

function parseJson(text: string, location: string): Parsed {
  try {
    return { value: JSON.parse(text) as Json, format: 'json', notes: [] };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    const found = /at position (\d+)/.exec(message)?.[1];
    const position = found === undefined ? text.length : Number(found);
    const isCut = text.slice(position).trim() === '' || /Unterminated string|Unexpected end/.test(message);
    // Comments and trailing commas are not JSON, but they are YAML.
    const tolerant = isCut ? undefined : attempt(() => parseYaml(text, location));
    if (tolerant !== undefined && isObject(tolerant.value)) {
      return { ...tolerant, notes: [...tolerant.notes, 'The description is not strict JSON; it was read as YAML.'] };
    }
    const { line, column } = placeOf(text, position);
    throw new UserError(
      'description-unreadable',
      isCut
        ? `${location} is cut short: its JSON ends in line ${line} before it is complete.`
        : `${location} is not valid JSON: line ${line}, column ${column}.`,
      { hint: isCut ? 'Download or export it again.' : 'Mend that place, or check it with a JSON validator.', cause },
    );
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function parseYaml(text: string, location: string): Parsed {
  const options = { schema: withMerge, maxDepth: mostNesting };
  const notes: string[] = [];
  let documents: readonly unknown[];
  try {
    documents = loadAll(text, options);
  } catch (cause) {
    const isDuplicate = cause instanceof YAMLException && cause.message.includes('duplicated mapping key');
    if (isDuplicate) notes.push(`The description has the same key twice (line ${(cause.mark?.line ?? 0) + 1}); the last one counts.`);
    const again = isDuplicate ? attempt(() => loadAll(text, { ...options, json: true })) : undefined;
    const tolerant = again ?? attempt(() => loadTolerantly(text));
    if (tolerant === undefined || isTooDeep(cause)) throw unreadable(cause, location);
    documents = tolerant;
  }
  if (documents.length > 1) notes.push('The file holds several YAML documents; the first one was read.');
  const value = (documents[0] ?? null) as Json;
  refuseBomb(value, location);
  return { value, format: 'yaml', notes };
}

/** The slower parser takes what people do write, such as a closing bracket that is not indented. Throws when it cannot either. */
function loadTolerantly(text: string): readonly unknown[] {
  if (text.length > longestTolerated) throw new Error('too long');
  const documents = parseAllDocuments(text, { uniqueKeys: false, merge: true, logLevel: 'silent' });
  return [...documents].map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}

function isTooDeep(cause: unknown): boolean {
  return cause instanceof YAMLException && cause.reason.startsWith('nesting exceeded');
}

function unreadable(cause: unknown, location: string): UserError {
  const reason = cause instanceof YAMLException ? cause.reason : 'it cannot be parsed';
  const mark = cause instanceof YAMLException ? cause.mark : undefined;
  if (isTooDeep(cause)) {
    return new UserError('description-too-deep', `${location} is nested deeper than ${mostNesting} levels.`, { cause });
  }
  const place = mark ? `line ${mark.line + 1}, column ${mark.column + 1}: ` : '';
  return new UserError('description-unreadable', `${location} is not valid YAML: ${place}${reason}.`, {
    hint: 'Mend that place, or check it with a YAML validator.',
    cause,
  });
}

/** Refuses aliases that stand for more than 5 million nodes when written out, or that contain themselves. */
function refuseBomb(root: Json, location: string): void {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const sizeOf = (node: Json): number => {
    if (node === null || typeof node !== 'object') return 1;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    if (open.has(node)) throw bomb(location, 'an alias that contains itself');
    open.add(node);
    let size = 1;
    for (const child of Object.values(node)) size += sizeOf(child);
    open.delete(node);
    sizes.set(node, size);
    if (size > mostNodes) throw bomb(location, `aliases that stand for more than ${mostNodes / 1_000_000} million nodes`);
    return size;
  };
  sizeOf(root);
}

function bomb(location: string, what: string): UserError {
  return new UserError('description-alias-bomb', `${location} has ${what}; it was refused.`, {
    hint: 'Write the repeated parts as components with $ref.',
  });
}

function placeOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
