import { readFile } from 'node:fs/promises';
import {
  apiTraffic,
  isCollection,
  isHar,
  readCollection,
  readEnvironment,
  readHar,
  targetUrl,
  traceOfHar,
  type Trace,
} from './discover/index.ts';
import { foundIdentity, recordedIdentity, type DeclaredIdentity } from './identity/index.ts';
import { parseJson } from './model/json.ts';
import { UserError } from './model/user-error.ts';
import type { HarIdentity, ScanOptions } from './scan-options.ts';

/**
 * Reads the recordings and the collection that a scan was given. They hold secrets, so they are taken apart before anything is
 * sent or kept: the credentials become identities, and the rest becomes traces. Other options stay as they are. Throws `UserError`.
 */
export async function withTraces(options: ScanOptions): Promise<ScanOptions> {
  const { hars = [], environment, ...others } = options;
  const given = await readGiven(others, environment);
  const { spec, ...withoutSpec } = others;
  const base: ScanOptions = given === undefined && spec !== undefined ? { ...withoutSpec, spec } : withoutSpec;
  const read = await Promise.all(hars.map((har) => readIdentity(har, originOf(options.target))));
  const identities = distinctNames([...(options.identities ?? []), ...read.map(({ identity }) => identity)]);
  const traces = [...(options.traces ?? []), ...(given === undefined ? [] : [given.trace]), ...read.map(({ trace }) => trace)];
  return {
    ...base,
    ...(identities.length === 0 ? {} : { identities }),
    ...(traces.length === 0 ? {} : { traces }),
    ...(given?.identity === undefined ? {} : { spareIdentities: [given.identity] }),
  };
}

/** The file that describes the API, for those who have to read it again: a description, a recording or a collection. */
export function traceFile({ spec, traces = [] }: ScanOptions): { spec?: string } {
  const file = spec ?? traces.find((trace) => trace.identity === undefined && trace.location !== '<stdin>')?.location;
  return file === undefined ? {} : { spec: file };
}

interface Given {
  readonly trace: Trace;
  readonly identity?: DeclaredIdentity;
}

/** `spec` as a recording or a collection; `undefined` when it is something else, or cannot be read, which others tell better. */
async function readGiven({ spec, stdin, target }: ScanOptions, environment: string | undefined): Promise<Given | undefined> {
  const isFile = spec !== undefined && !/^https?:\/\//i.test(spec);
  const location = spec === '-' ? '<stdin>' : (spec ?? '');
  const text = spec === '-' ? await stdin?.() : isFile ? await readFile(spec, 'utf8').catch(() => undefined) : undefined;
  if (text !== undefined && isHar(text)) {
    const har = readHar(text, location);
    return { trace: traceOfHar(har, apiTraffic(har, originOf(target))) };
  }
  if (text !== undefined && looksLikeCollection(text)) {
    const { trace, credential } = readCollection(text, location, environment === undefined ? undefined : await readVariables(environment));
    return { trace, ...(credential === undefined ? {} : { identity: foundIdentity('collection', credential) }) };
  }
  if (environment === undefined) return undefined;
  throw new UserError(
    'environment-unused',
    `${environment} is given as an environment, and there is no Postman collection that it belongs to.`,
    {
      hint: 'Give the collection with --spec FILE.',
    },
  );
}

/** A look before the parsing: descriptions can be large, and are read elsewhere. A truncated collection is still one. */
function looksLikeCollection(text: string): boolean {
  if (!/^\uFEFF?\s*\{/.test(text) || !/"_postman_id"|getpostman\.com|"requests"\s*:/.test(text)) return false;
  const value = parseJson(text.replace(/^\uFEFF/, ''));
  return value === undefined ? /^\uFEFF?\s*\{\s*"info"\s*:\s*\{[^{}]*(?:_postman_id|getpostman\.com)/.test(text) : isCollection(value);
}

async function readVariables(file: string): Promise<ReturnType<typeof readEnvironment>> {
  return readEnvironment(await textOf(file, 'environment-not-found', '--environment'), file);
}

async function readIdentity(
  { name, role, file }: HarIdentity,
  target: string | undefined,
): Promise<{ identity: DeclaredIdentity; trace: Trace }> {
  const har = readHar(await textOf(file, 'har-not-found', '--har'), file);
  const traffic = apiTraffic(har, target);
  const exchanges = traffic.recorded.map(({ exchange }) => exchange);
  return {
    identity: recordedIdentity({ name, ...(role === undefined ? {} : { role }), location: file, exchanges }),
    trace: traceOfHar(har, traffic, name),
  };
}

async function textOf(file: string, code: string, flag: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const why = isMissing ? 'there is no such file' : cause instanceof Error ? cause.message : String(cause);
    throw new UserError(code, `${file} cannot be read: ${why}.`, { hint: `Check the path given with ${flag}.`, cause });
  });
}

function originOf(target: string | undefined): string | undefined {
  return target === undefined ? undefined : targetUrl(target).origin;
}

function distinctNames(identities: readonly DeclaredIdentity[]): readonly DeclaredIdentity[] {
  const names = identities.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return identities;
  throw new UserError('identities-invalid', `Two identities are called "${twice}".`, {
    hint: 'Give each a name of its own: --har NAME=FILE.',
  });
}
