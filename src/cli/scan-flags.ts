import { parseStack, type ScanOptions } from '../index.ts';
import type { Allow, Context } from '../model/report.ts';
import { UserError } from '../model/user-error.ts';
import type { IdentityFlags } from './lent.ts';
import type { OutputFlags } from './output.ts';

/** The options of `scan`, as commander gives them. */
export interface ScanFlags extends OutputFlags, IdentityFlags {
  readonly spec?: string;
  readonly environment?: string;
  readonly source?: string;
  readonly config?: string;
  readonly allow: Allow;
  readonly seed?: string;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly exclude?: readonly string[];
  readonly context?: Context;
  readonly stack?: string;
  readonly record?: string;
  readonly journal?: string;
  readonly dryRun?: boolean;
  readonly maxRequests?: number;
  readonly maxTime?: number;
  readonly maxBytes?: number;
  readonly rate?: number;
  readonly concurrency?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly insecure?: boolean;
  readonly proxy?: string;
  readonly allowExternalRefs?: boolean;
}

type Given<T> = { -readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** An object without the properties that were not given. */
export function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}

/** The part of a scan's options that is decided by the command line alone. */
export function scanOptionsOf(url: string | undefined, flags: ScanFlags): ScanOptions {
  const {
    spec,
    environment,
    source,
    config,
    allow,
    seed,
    only,
    except,
    exclude,
    context,
    record,
    dryRun,
    rate,
    concurrency,
    insecure,
    allowExternalRefs,
  } = flags;
  const limits = given({ requests: flags.maxRequests, seconds: flags.maxTime, bytes: flags.maxBytes });
  return {
    ...given({
      target: url,
      spec,
      environment,
      source,
      sourceConfig: config,
      allow,
      seed,
      only,
      except,
      exclude,
      context,
      stack: flags.stack === undefined ? undefined : parseStack(flags.stack),
      record,
      dryRun,
      rate,
      concurrency,
      insecure,
      allowExternalRefs,
    }),
    ...networkOf(flags),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(spec === '-' ? { stdin: onceOnly(readStdin) } : {}),
  };
}

/** The part that scanning and cleaning up share. */
export function networkOf({ timeout, insecure, proxy }: Pick<ScanFlags, 'timeout' | 'insecure' | 'proxy'>): {
  timeoutMs?: number;
  insecure?: boolean;
  proxy?: string;
} {
  return given({ timeoutMs: timeout === undefined ? undefined : timeout * 1000, insecure, proxy });
}

const mostStdinBytes = 64 * 1024 * 1024;

async function readStdin(): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    const bytes = Buffer.from(part as Uint8Array);
    size += bytes.length;
    if (size > mostStdinBytes) {
      throw new UserError('description-too-large', 'The description on standard input is larger than 64 MiB.', {
        hint: 'Is it the right file? Give it with --spec FILE.',
      });
    }
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Standard input can be read once; a recording asks for it again. */
function onceOnly(read: () => Promise<string>): () => Promise<string> {
  let text: Promise<string> | undefined;
  return () => (text ??= read());
}
