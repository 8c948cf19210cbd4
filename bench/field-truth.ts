import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { UserError } from '../src/index.ts';

const entry = z.object({
  id: z.string(),
  /** `ANY` for all. */
  method: z.string(),
  /** A template; `*` for the whole API. A remark may follow in brackets. */
  path: z.string(),
  class: z.string(),
  cwe: z.string(),
  note: z.string(),
  verified: z.enum(['run', 'run-not-reproduced', 'code', 'doc']),
});
/** A weakness that a target has. */
export type Weakness = z.infer<typeof entry>;

const negative = z.object({ id: z.string(), method: z.string(), path: z.string(), must_not_report: z.string(), note: z.string() });
/** Something that is as it should be, and must not be reported. */
export type Sound = z.infer<typeof negative>;

const sentence = z.string().min(10);
const expectations = z.strictObject({
  found: z.array(z.string()).default([]),
  missed: z.array(z.strictObject({ id: z.string(), why: sentence })).default([]),
  /** Certain or firm findings that the truth file has nothing of, judged by hand. */
  beside: z
    .array(z.strictObject({ check: z.string(), operation: z.string(), part: z.string().optional(), verdict: z.boolean(), why: sentence }))
    .default([]),
});
/** What is known of a target before it is scanned: test/field/README.md. */
export type Expectations = z.infer<typeof expectations>;

/** The weaknesses of a target, those left out that could not be reproduced. `part` keeps the entries whose path has these words. */
export async function readTruth(file: string, part?: string): Promise<Weakness[]> {
  const all = await read(file, z.array(entry), JSON.parse);
  return all.filter(({ verified, path }) => verified !== 'run-not-reproduced' && isOfPart(path, part));
}

/** What must not be reported of a target. */
export async function readNegatives(file: string, part?: string): Promise<Sound[]> {
  const all = await read(file, z.array(negative), JSON.parse);
  return all.filter(({ path }) => isOfPart(path, part));
}

/** The expectations of a target, from YAML. */
export async function readExpectations(file: string, part?: string): Promise<Expectations> {
  const all = await read(file, expectations, parse);
  return { ...all, beside: all.beside.filter((known) => known.part === part) };
}

/** One truth file may speak of several small targets: `GET / (challenge blank-secret)`. */
function isOfPart(path: string, part: string | undefined): boolean {
  return part === undefined || path.includes(`${part})`) || path.includes(`${part} `);
}

async function read<T>(file: string, shape: z.ZodType<T>, decode: (text: string) => unknown): Promise<T> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('file-unreadable', `${file} cannot be read.`, { cause });
  });
  const result = shape.safeParse(decode(text));
  if (result.success) return result.data;
  throw new UserError('file-invalid', `${file} has another shape: ${z.prettifyError(result.error)}`);
}
