import { readFile } from 'node:fs/promises';
import { passwordsIn } from './engine/passwords.ts';
import { sealer } from './engine/seal.ts';
import { isObject, type JsonObject } from './model/json.ts';
import type { Host } from './model/hosting.ts';
import type { Send } from './model/http.ts';
import type { Session } from './model/identity.ts';
import { isReadingRequest } from './model/graphql.ts';
import type { Report } from './model/report.ts';
import { interruption } from './interruption.ts';
import { openOwnAddress, openRecorder, openTransport, type OwnAddress, type Recorder, type Transport } from './transport/index.ts';
import type { DeclaredIdentity } from './identity/index.ts';
import type { ScanOptions } from './scan-options.ts';

/** The way from a scan to its target, whether over a network or out of a recording. */
export interface Way {
  readonly send: Send;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Lets an origin in that the description named and the user did not. */
  readonly admit: (origin: string) => Promise<void>;
  /** From now on there is a second, small budget, and no interruption: for cleaning up. */
  readonly rescue: () => void;
  readonly keepSecret: (session: Session) => void;
  /** Serves pages of our own on this machine; once. */
  readonly host: Host;
  /** The answers come out of a recording. */
  readonly isReplay: boolean;
  readonly stats: () => Report['stats'];
  /** Sentences about what went wrong beside the target, such as a full disk. */
  readonly notes: () => Promise<string[]>;
  readonly close: () => Promise<void>;
}

/** Opens the network, with every limit of the options. */
export async function openWay(options: ScanOptions, seed: string): Promise<Way> {
  const origins = new Set(declaredOrigins(options));
  const secrets: (() => readonly string[])[] = [...(options.identities ?? []), ...(options.spareIdentities ?? [])].map(
    (identity) => () => secretsIn(identity),
  );
  const lent = new Set(secrets.flatMap((list) => [...list()]));
  const decided = new Set<string>();
  const seal = sealer(() => secrets.flatMap((list) => list().filter((secret) => !decided.has(secret))));
  const recorder = options.record === undefined ? undefined : await openRecorder(options.record, await header(options, seed), seal);
  const open = (rescue: boolean): Transport =>
    openTransport({ origins, ...transportOptions(options, rescue), ...(recorder ? { recorder } : {}) });
  const transports: Transport[] = [open(false)];
  const startedAt = Date.now();
  const unless = interruption(options.signal);
  let interruptible = true;
  let recorded: { readonly error?: string } | undefined;

  let own: OwnAddress | undefined;

  const send: Send = (request) => {
    if (own && request.origin === own.origin) return own.send(request);
    const transport = transports.at(-1);
    if (!transport) throw new Error('there is no transport');
    // Passwords that the seed decides stay readable in a recording, so that a replay can send them again.
    if (recorder) for (const password of passwordsIn(request)) if (!lent.has(password)) decided.add(password);
    const isAbandonable = interruptible && (isReadingRequest(request) || options.signal?.aborted === true);
    // A write under way is waited for: what it makes could not be removed by anyone who did not hear of it.
    return isAbandonable ? unless(request, transport.send) : transport.send(request);
  };
  return {
    send,
    now: Date.now,
    admit: async (origin) => {
      if (origins.has(origin)) return;
      origins.add(origin);
      transports.push(open(false));
    },
    rescue: () => {
      interruptible = false;
      transports.push(open(true));
    },
    host: async (pages) => (own = await openOwnAddress(pages)),
    isReplay: false,
    // What the seed decides is no secret of anybody's: accounts that the scan made stay readable, and can be made again.
    keepSecret: (session) => void (session.identity.source === 'signed-up' || secrets.push(session.secrets)),
    stats: () => ({
      requests: transports.reduce((sum, transport) => sum + transport.spent().requests, 0),
      seconds: Math.round((Date.now() - startedAt) / 10) / 100,
      bytes: transports.reduce((sum, transport) => sum + transport.spent().bytes, 0),
    }),
    notes: async () => {
      recorded ??= await closed(recorder);
      return recorded?.error === undefined ? [] : [recorded.error];
    },
    close: async () => {
      await Promise.all([own?.close(), ...transports.map((transport) => transport.close())]);
      recorded ??= await closed(recorder);
    },
  };
}

async function closed(recorder: Recorder | undefined): Promise<{ readonly error?: string } | undefined> {
  return recorder?.close();
}

/** What a recording needs in order to be judged again. The recorder replaces the secrets in it. */
async function header(options: ScanOptions, seed: string): Promise<JsonObject> {
  const { target, spec, traces, reading, allow, identities, spareIdentities, exclude, only, except, context, stack, permissions } = options;
  const description = spec === undefined || isWebAddress(spec) ? {} : { description: await descriptionText(options) };
  return JSON.parse(
    JSON.stringify({
      scan: {
        target,
        spec,
        traces,
        reading,
        allow,
        identities,
        spareIdentities,
        exclude,
        only,
        except,
        context,
        stack,
        permissions,
        seed,
        ...description,
      },
    }),
  ) as JsonObject;
}

/** A description that is no part of the traffic goes into the recording as a whole. */
async function descriptionText({ spec, stdin }: ScanOptions): Promise<string | undefined> {
  if (spec === '-') return stdin?.();
  return spec === undefined ? undefined : readFile(spec, 'utf8').catch(() => undefined);
}

function secretsIn({ means }: DeclaredIdentity): readonly string[] {
  if (means.kind === 'fixed') return means.secrets;
  const { body } = means.logIn;
  const values = body?.kind === 'structured' && isObject(body.value) ? Object.entries(body.value) : [];
  return [
    ...means.logIn.use.also.map(([, value]) => value),
    ...values.flatMap(([name, value]) => (typeof value === 'string' && /pass|secret|token|key|pin|code/i.test(name) ? [value] : [])),
    ...(body?.kind === 'raw' ? [body.text] : []),
  ];
}

function isWebAddress(text: string): boolean {
  return /^https?:/i.test(text) && URL.canParse(text);
}

function declaredOrigins({ target, spec, identities = [] }: ScanOptions): string[] {
  const urls = [target, spec].flatMap((text) => (text !== undefined && isWebAddress(text) ? [new URL(text).origin] : []));
  if (target !== undefined && !/^[a-z][\w+.-]*:\/\//i.test(target))
    urls.push(
      ...['http', 'https'].flatMap((scheme) => (URL.canParse(`${scheme}://${target}`) ? [new URL(`${scheme}://${target}`).origin] : [])),
    );
  const logIns = identities.flatMap(({ means }) =>
    means.kind === 'log-in' && means.logIn.origin !== undefined ? [means.logIn.origin] : [],
  );
  return [...urls, ...logIns];
}

function transportOptions(options: ScanOptions, rescue: boolean): Omit<Parameters<typeof openTransport>[0], 'origins'> {
  const { limits, rate, concurrency, timeoutMs, insecure, proxy } = options;
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(insecure === undefined ? {} : { insecure }),
    ...(proxy === undefined ? {} : { proxy }),
    budget: rescue ? { requests: 1_000, seconds: 60 } : { ...limits },
    pace: {
      ...(rate === undefined ? {} : { requestsPerSecond: rate }),
      ...(concurrency === undefined ? {} : { maxConcurrency: concurrency }),
    },
  };
}
