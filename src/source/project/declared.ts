import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { didYouMean } from '../../model/did-you-mean.ts';
import { plainName, singular, wordsOf } from '../../model/names.ts';
import { UserError } from '../../model/user-error.ts';

/** What the app's people say of it, in `middlebrick.yml`. */
export interface Declared {
  /** Tables, collections and models that everybody may read. */
  readonly public: readonly string[];
  /** Functions and decorators that let only those through whom the object concerns. */
  readonly guards: readonly string[];
  /** Expressions that stand for the caller: `g.member`, `current_account()`. */
  readonly identities: readonly string[];
  /** Files that are not read, as patterns below the folder. */
  readonly ignore: readonly string[];
}

export const nothingDeclared: Declared = { public: [], guards: [], identities: [], ignore: [] };

const fileNames = ['middlebrick.yml', 'middlebrick.yaml'];
const dotted = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
const list = (item: z.ZodString) => z.array(item, { error: 'must be a list, such as [one, two]' }).default([]);
const text = z.string({ error: 'must be text; put it in quotes' }).min(1, { error: 'must not be empty' });
const keys = ['public', 'guards', 'identities', 'ignore'];
const shape = z.strictObject(
  {
    public: list(text),
    guards: list(text.regex(dotted, { error: 'must be the name of a function, such as may_see or access.require_owner' })),
    identities: list(
      text.regex(/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\(\))?$/, {
        error: 'must be a name, an attribute or a call without arguments, such as g.member or current_account()',
      }),
    ),
    ignore: list(
      text.refine((pattern) => !pattern.startsWith('/') && !pattern.includes('..'), { error: 'must be a path below the folder' }),
    ),
  },
  {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return `must be a map with ${keys.join(', ')}`;
      const [key = ''] = z.array(z.string()).catch([]).parse(issue.keys);
      const meant = didYouMean(key, keys);
      return `unknown key "${key}"${meant === undefined ? '' : `; did you mean ${meant}?`} (known: ${keys.join(', ')})`;
    },
  },
);

/** `middlebrick.yml` of a folder; nothing declared when it has none. Throws `UserError` `source-config-invalid`. */
export async function readDeclared(folder: string): Promise<Declared> {
  for (const name of fileNames) {
    const file = join(folder, name);
    const kind = await stat(file).catch(() => undefined);
    if (kind?.isFile() === true) return readDeclaredFile(file);
  }
  return nothingDeclared;
}

/** Reads a file that the user named. Throws `UserError`: `source-config-not-found`, `source-config-invalid`. */
export async function readDeclaredFile(file: string): Promise<Declared> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('source-config-not-found', `${file} cannot be read.`, { hint: 'Check the path given with --config.', cause });
  });
  return parseDeclared(content, file);
}

/** Parses the text of a `middlebrick.yml`; `file` is what it is called. Throws `UserError` `source-config-invalid`. */
export function parseDeclared(content: string, file: string): Declared {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const [broken] = document.errors;
  const invalid = (line: number, why: string): UserError =>
    new UserError('source-config-invalid', `${file}:${line}: ${why}.`, { hint: `It may name ${keys.join(', ')}, each a list.` });
  if (broken) throw invalid(lines.linePos(broken.pos[0]).line, `this is not YAML: ${broken.message}`);
  const value: unknown = document.toJS();
  if (value === null || value === undefined) return nothingDeclared;
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : (issue?.path ?? []);
  const at = document.getIn(path.slice(0, 1), true);
  const start = z.object({ range: z.tuple([z.number(), z.number(), z.number()]) }).safeParse(at);
  const name = issue?.path.length ? `${issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : String(part))).join('')} ` : '';
  throw invalid(start.success ? lines.linePos(start.data.range[0]).line : 1, `${name}${issue?.message ?? 'it has another shape'}`);
}

/** True for a resource that is declared public, in the singular or the plural, however it is written. */
export function publicTest(declared: Pick<Declared, 'public'>): (resource: string) => boolean {
  const names = new Set(declared.public.map(nounsOf));
  return (resource) => names.has(nounsOf(resource));
}

function nounsOf(name: string): string {
  const words = wordsOf(name);
  return plainName([...words.slice(0, -1), singular(words.at(-1) ?? '')].join(''));
}

/** True for a path that one of the patterns names: `*` within a folder, `**` across folders, a folder with all that is in it. */
export function pathTest(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map((pattern) => {
    const parts = pattern.replace(/^\.\//, '').replace(/\/$/, '').split('/');
    const body = parts
      .map((part) => (part === '**' ? '(?:[^/]+/)*' : `${part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\*+/g, '[^/]*')}/`))
      .join('');
    return new RegExp(`^${body.replace(/\/$/, '')}${parts.at(-1) === '**' ? '[^/]*' : '(?:/.*)?'}$`);
  });
  return (path) => tests.some((test) => test.test(path));
}
