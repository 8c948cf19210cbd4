import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { auths, frameworks, stores } from '../src/model/stack.ts';
import { UserError } from '../src/index.ts';

/** The folder of the seed systems. */
export const labFolder = fileURLToPath(new URL('.', import.meta.url));

export const twins = ['vulnerable', 'repaired'] as const;
export type Twin = (typeof twins)[number];

/** The seed systems, in the order of the table. A missing folder is an error, not a shorter table. */
export const systemNames = [
  'flask-mongodb-identification',
  'flask-sqlalchemy-identification',
  'flask-api-keys-idor',
  'flask-dynamodb-identification',
  'flask-mongodb-data-exposure',
] as const;

const scalar = z.union([z.string(), z.number()]);

const systemFile = z.strictObject({
  title: z.string().optional(),
  store: z.enum(['mongodb', 'sqlite', 'dynamodb']),
  /** What it is built with: what its remedies are looked up by. */
  stack: z.strictObject({ framework: z.enum(frameworks), store: z.enum(stores), auth: z.enum(auths) }),
  describe: z.enum(['none', 'openapi']),
  /** `signup`: the scan makes its own accounts. `file`: it is lent those of `scan.identities`. */
  identities: z.enum(['signup', 'file']),
  /** Printed by `up`, one line each. */
  accounts: z.array(z.record(z.string(), scalar)).default([]),
  environment: z.record(z.string(), scalar).default({}),
  /** Files of the system's folder that a scan is given. */
  scan: z.strictObject({ spec: z.string().optional(), identities: z.string().optional() }).default({}),
});

/** What `system.yaml` says of a seed system. */
export interface System extends z.infer<typeof systemFile> {
  readonly name: string;
  readonly folder: string;
}

const expectation = z.strictObject({
  check: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  confidence: z.enum(['certain', 'firm', 'tentative']),
});
export type Expectation = z.infer<typeof expectation>;

const expectations = z.union([
  z.literal('safe').transform((): Expectation[] => []),
  expectation.transform((one): Expectation[] => [one]),
  z.array(expectation),
]);

const operationEntry = z.union([
  z
    .strictObject({ operation: z.string(), safe: z.string() })
    .transform(({ operation, safe }) => ({ operation, vulnerable: [], repaired: [], why: safe })),
  z.strictObject({ operation: z.string(), vulnerable: expectations, repaired: expectations, why: z.string() }),
]);

const expectedFile = z.strictObject({
  system: z.string(),
  operations: z.array(operationEntry),
  known_misses: z.array(z.strictObject({ operation: z.string(), weakness: z.string(), why: z.string() })).default([]),
  /** What no patch is made for from the source alone: a decision that is somebody's, or a rule that is not there. */
  unpatched: z.array(z.strictObject({ operation: z.string(), check: z.string(), why: z.string() })).default([]),
});

/** What a scan of a twin is expected to find: nothing where the list of an operation is empty. */
export type Expected = z.infer<typeof expectedFile>;

/** Reads `system.yaml` of a seed system. */
export async function readSystem(name: string): Promise<System> {
  const known: readonly string[] = systemNames;
  if (!known.includes(name)) {
    throw new UserError('unknown-system', `There is no seed system called "${name}".`, { hint: `The systems are: ${known.join(', ')}.` });
  }
  const folder = join(labFolder, name);
  const system = { name, folder, ...(await readYaml(join(folder, 'system.yaml'), systemFile)) };
  if (system.identities === 'file' && system.scan.identities === undefined) {
    throw new UserError('lab-file-invalid', `${name}/system.yaml lends identities from a file and does not name it.`, {
      hint: 'Add scan: { identities: identities.yaml }.',
    });
  }
  return system;
}

/** Reads `expected.yaml` of a seed system. */
export async function readExpected({ name, folder }: System): Promise<Expected> {
  const expected = await readYaml(join(folder, 'expected.yaml'), expectedFile);
  if (expected.system !== name) {
    throw new UserError('lab-file-invalid', `${name}/expected.yaml says that it is of the system "${expected.system}".`);
  }
  return expected;
}

async function readYaml<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.infer<Schema>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('lab-file-missing', `${file} cannot be read.`, { cause });
  });
  const parsed = schema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new UserError('lab-file-invalid', `${file} is not as it should be: ${z.prettifyError(parsed.error)}`);
}
