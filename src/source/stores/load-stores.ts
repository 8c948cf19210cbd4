import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { storeSchema, type Store } from './schema.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

let loaded: readonly Store[] | undefined;

/** The data stores that are known, from the files beside this one. Throws when one of them is not valid. */
export function loadStores(): readonly Store[] {
  loaded ??= readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => parseStore(readFileSync(`${folder}/${name}`, 'utf8'), name));
  return loaded;
}

/** Reads one description of a data store. */
export function parseStore(text: string, name: string): Store {
  const result = storeSchema.safeParse(parse(text));
  if (result.success) return result.data;
  throw new Error(`${name} is not the description of a data store: ${z.prettifyError(result.error)}`);
}

interface Pattern {
  readonly expression: RegExp;
  /** What every path that it stands for ends in. */
  readonly tail: string;
}

const patterns = new Map<string, Pattern>();

/** True when a path is one that a pattern stands for: `*` for one name, `**` for any, `$` for the name of a table. */
export function matches(pattern: string, path: string): boolean {
  const known = patterns.get(pattern) ?? patternOf(pattern);
  return path.endsWith(known.tail) && known.expression.test(path);
}

/** True when a path is one that any of the patterns stands for. */
export function isOneOf(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => matches(pattern, path));
}

function patternOf(written: string): Pattern {
  const source = written
    .split('.')
    .map((part) => {
      if (part === '**') return '(?:[^.]+(?:\\.[^.]+)*)?';
      return part.replaceAll(/[()[\]^|?]/g, '\\$&').replaceAll(/[*$]/g, '[^.()]+');
    })
    .join('\\.')
    .replaceAll('[^.]+)*)?\\.', '[^.]+)*\\.)?');
  const [tail = ''] = /[^*$]*$/.exec(written) ?? [];
  const pattern = { expression: new RegExp(`^${source}$`), tail: tail.replace(/^\./, '') };
  patterns.set(written, pattern);
  return pattern;
}
