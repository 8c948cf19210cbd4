import { z } from 'zod';
import type { DeclaredIdentity } from './identity/index.ts';
import { traceSchema } from './discover/index.ts';
import type { Listener } from './model/events.ts';
import { isObject } from './model/json.ts';
import { decisions } from './model/permissions.ts';
import type { Context } from './model/report.ts';
import { auths, frameworks, stores, type Stack } from './model/stack.ts';
import { UserError } from './model/user-error.ts';
import type { ScanOptions } from './scan-options.ts';
import { scanBy, type ScanResult } from './scan.ts';
import { readingSchema } from './source/index.ts';
import { readRecording, replayed, type Recording } from './transport/index.ts';
import type { Way } from './way.ts';

export interface JudgeOptions {
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly context?: Context;
  /** What the target is built with, when it does not show. */
  readonly stack?: Stack;
  readonly onEvent?: Listener;
}

const identities = z.array(
  z.custom<DeclaredIdentity>((value) => isObject(value) && typeof value['name'] === 'string' && isObject(value['means'])),
);
const texts = z.array(z.string()).optional();
const header = z.object({
  scan: z.object({
    target: z.string().optional(),
    spec: z.string().optional(),
    description: z.string().optional(),
    allow: z.enum(['read', 'write', 'intrusive']).optional(),
    identities: identities.optional(),
    spareIdentities: identities.optional(),
    traces: z.array(traceSchema).optional(),
    reading: readingSchema.optional(),
    permissions: z
      .object({ roles: z.record(z.string(), z.array(z.string())), rules: z.record(z.string(), z.record(z.string(), z.enum(decisions))) })
      .optional(),
    exclude: texts,
    only: texts,
    except: texts,
    context: z.enum(['financial', 'medical', 'public', 'internal']).optional(),
    stack: z
      .object({ framework: z.enum(frameworks).exactOptional(), store: z.enum(stores).exactOptional(), auth: z.enum(auths).exactOptional() })
      .optional(),
    seed: z.string(),
  }),
});

/**
 * Judges a recorded scan again, offline, by the checks of today: the whole line runs, and the recording answers. What a newer
 * check would have to ask for is not in it, and is reported as inconclusive. Throws `UserError` for a file that is no recording.
 */
export async function judgeRecording(file: string, options: JudgeOptions = {}): Promise<ScanResult> {
  const recording = await readRecording(file);
  const read = header.safeParse(recording.header);
  if (!read.success) {
    throw new UserError('not-a-recording', `${file} does not say which scan it holds.`, {
      hint: 'Record the scan again with --record FILE.',
    });
  }
  const { description, spec, seed, ...kept } = read.data.scan;
  const scanOptions = {
    ...kept,
    ...(description !== undefined ? { spec: '-', stdin: () => Promise.resolve(description) } : spec === undefined ? {} : { spec }),
    ...definedOnly(options),
  };
  return scanBy(replayWay(recording), definedOnly(scanOptions), seed);
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function definedOnly<T extends object>(value: T): Partial<Defined<T>> & ScanOptions {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<Defined<T>>;
}

/** A way whose clock is that of the recording: tokens are as old as they were. */
function replayWay(recording: Recording): Way {
  const send = replayed(recording);
  const [first] = recording.answers;
  let clock = first?.startedAt ?? 0;
  const began = clock;
  let requests = 0;
  let bytes = 0;
  return {
    send: async (request) => {
      const answer = await send(request);
      requests += 1;
      bytes += answer.kind === 'exchange' ? answer.response.bytes : 0;
      if (!(answer.kind === 'silence' && answer.reason === 'not-recorded')) clock = Math.max(clock, answer.startedAt + answer.ms);
      return answer;
    },
    now: () => clock,
    admit: () => Promise.resolve(),
    rescue: () => {},
    keepSecret: () => {},
    host: () => Promise.resolve({ why: 'a recording fetches nothing' }),
    isReplay: true,
    stats: () => ({ requests, seconds: Math.round((clock - began) / 10) / 100, bytes }),
    notes: () => Promise.resolve([...recording.notes, `Judged from the recording of ${new Date(began).toISOString()}.`]),
    close: () => Promise.resolve(),
  };
}
