import { randomBytes } from 'node:crypto';
import { checks as allChecks } from './checks/index.ts';
import { discover, explore, targetUrl } from './discover/index.ts';
import { openIdentities, proveOpened, type Enrolled, type Opened } from './enroll.ts';
import { buildReport } from './engine/build-report.ts';
import { examine, type Examined } from './engine/examine.ts';
import { Pulse, reasonsOf } from './engine/health.ts';
import { Journal } from './engine/journal.ts';
import { planLines, type PlanLine } from './engine/plan-lines.ts';
import { reachOf } from './engine/reach.ts';
import { StackWatch, type SeenStack } from './engine/stack.ts';
import { tokens } from './engine/token.ts';
import { wordList } from './engine/word-list.ts';
import { callOf } from './identity/index.ts';
import type { AnyCheck } from './model/check.ts';
import { isReadingRequest } from './model/graphql.ts';
import type { Credential, Session } from './model/identity.ts';
import type { Request } from './model/http.ts';
import type { Operation, Surface } from './model/operation.ts';
import type { Host } from './model/hosting.ts';
import type { Allow, IdentityReport, Report } from './model/report.ts';
import { stackPhrase } from './model/stack.ts';
import { UserError } from './model/user-error.ts';
import { permissionsFor } from './permissions/index.ts';
import { fixOf, storesOf } from './remedies/index.ts';
import type { ScanOptions } from './scan-options.ts';
import { withSource } from './read-source.ts';
import { createViews } from './source/index.ts';
import { traceFile, withTraces } from './traces.ts';
import { openWay, type Way } from './way.ts';
import { version } from './version.ts';

/** A finished scan. */
export interface ScanResult {
  readonly report: Report;
  /** What would be sent, for `dryRun`. */
  readonly plan: readonly PlanLine[];
}

/**
 * Scans an API: discover → enroll → observe → plan → send → judge → report. Resolves with the report even when the target is
 * lost on the way; throws `UserError` for what the user can mend before anything was learned.
 */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  chosen(allChecks, options);
  return overNetwork(options, scanBy);
}

/** Opens the network for a scan, and closes it whatever comes of it. */
export async function overNetwork<T>(options: ScanOptions, run: (way: Way, options: ScanOptions, seed: string) => Promise<T>): Promise<T> {
  const seed = options.seed ?? randomBytes(6).toString('hex');
  const { stdin } = options;
  let read: Promise<string> | undefined;
  const once = await withSource(await withTraces(stdin ? { ...options, stdin: () => (read ??= stdin()) } : options));
  const way = await openWay(once, seed);
  try {
    return await run(way, once, seed);
  } finally {
    await way.close();
  }
}

/** The same over a way that is already open: a network, or a recording. */
export async function scanBy(way: Way, options: ScanOptions, seed: string): Promise<ScanResult> {
  const { report, examined } = await runLine(way, options, seed, chosen(allChecks, options));
  return { report, plan: planLines(examined.plan) };
}

/** The line itself, from discovery to the report, by whatever checks. */
export async function runLine(
  way: Way,
  options: ScanOptions,
  seed: string,
  checks: readonly AnyCheck[],
): Promise<{ readonly report: Report; readonly examined: Examined }> {
  const { onEvent = () => {} } = options;
  const startedAt = new Date(way.now());
  const pulse = new Pulse();
  const watch = new StackWatch();
  const views = createViews(options.reading, options.target);
  const send: Way['send'] = async (request) => {
    const answer = await way.send(request);
    pulse.count(answer);
    watch.see(answer);
    views.see(answer);
    onEvent({ type: 'answer', answer });
    return answer;
  };
  onEvent({ type: 'stage', stage: 'discover' });
  const found = await discover({
    ...sources(options),
    mayBeEmpty: views.isKnown,
    send,
    onNote: (message) => onEvent({ type: 'note', message }),
  });
  const joined = views.join(found);
  await way.admit(found.origin);
  // A mistyped operation is said before anybody is signed up; one that only members see is looked for again below.
  if (options.permissions && joined.document) permissionsFor(options.permissions, joined);
  onEvent({ type: 'discovered', operations: joined.operations.length, from: found.document?.location ?? 'crawling' });

  const allow = options.dryRun === true ? 'read' : (options.allow ?? 'read');
  const journal = new Journal(allow === 'read' ? undefined : options.journal, {
    target: options.target ?? found.origin,
    ...traceFile(options),
    seed,
    startedAt: startedAt.toISOString(),
  });
  const token = tokens(seed);
  const sessions: Session[] = [];
  onEvent({ type: 'stage', stage: 'enroll' });
  const door = journalled(send, journal);
  const opened = await openIdentities({
    surface: joined,
    declared: options.identities ?? [],
    spare: options.spareIdentities ?? [],
    signUp: allow !== 'read',
    send: door.send,
    now: way.now,
    token,
    onSession: (session) => {
      sessions.push(session);
      way.keepSecret(session);
    },
  });
  const surface = views.join(await explored(found, opened, options));
  const said = options.permissions && permissionsFor(options.permissions, surface);
  const enrolled = await proveOpened(opened, surface, onEvent);
  const credentials = await credentialsOf(enrolled);
  door.enrolled();
  const examined = await examine({
    surface,
    checks,
    ...enrolled,
    send,
    allow,
    token,
    journal,
    excluded: excluder(options.exclude ?? []),
    permissions: said?.permissions,
    onEvent,
    dryRun: options.dryRun === true,
    onCleanUp: way.rescue,
    host: hostFor(surface.origin, allow, way),
    words: wordList,
    isReplay: way.isReplay,
  });
  journal.close();
  const wanted = { identities: options.identities?.length ?? 0, signUp: allow !== 'read' && (options.identities ?? []).length === 0 };
  const reasons = [...reasonsOf(examined.world, pulse, wanted), ...examined.reasons];
  const stack = watch.stack(surface, credentials, options.stack, views.signs);
  const report = buildReport({
    version,
    url: options.target ?? surface.origin,
    surface,
    world: examined.world,
    seed,
    allow: options.allow ?? 'read',
    context: options.context,
    startedAt,
    judged: examined.judged,
    skipped: examined.skipped,
    reasons,
    notes: [
      ...enrolled.notes,
      ...(said?.notes ?? []),
      ...examined.notes,
      ...(await way.notes()),
      ...journalNote(journal, examined),
      ...stackNote(stack, examined),
    ],
    stats: way.stats(),
    secrets: sessions.flatMap((session) => [...session.secrets()]),
    reach: reachOf(examined.world),
    identities: identityReports(enrolled),
    callOf,
    stack,
    fixOf,
    correlate: views.correlate,
    sourceCoverage: views.coverage(),
  });
  return { report, examined };
}

/** What members see of a target that was learned by its links. */
async function explored(found: Surface, { sessions, sendAs }: Opened, { target, onEvent }: ScanOptions): Promise<Surface> {
  if (target === undefined) return found;
  const explorers = [...sessions.keys()].map((identity) => ({
    identity,
    send: (request: Request) => sendAs({ as: identity, operation: `${request.method} ${request.path}`, request }),
  }));
  const surface = await explore(found, targetUrl(target), explorers);
  for (const message of surface.notes.slice(found.notes.length)) onEvent?.({ type: 'note', message });
  return surface;
}

/** Pages of our own are served where the target can fetch them: from this machine, to this machine. */
function hostFor(origin: string, allow: Allow, { host }: Way): Host {
  const { hostname } = new URL(origin);
  if (allow === 'read') return () => Promise.resolve({ why: 'it needs --allow write' });
  if (/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)) return host;
  return () => Promise.resolve({ why: 'the target is not on this machine, and cannot fetch from it' });
}

/** The credentials that were shown to work. */
async function credentialsOf({ sessions, proofs }: Enrolled): Promise<Credential[]> {
  const usable = proofs.flatMap((proof) => (proof.usable ? (sessions.get(proof.identity) ?? []) : []));
  const lent = await Promise.all(usable.map((session) => session.credential()));
  return lent.flatMap((credential) => ('unusable' in credential ? [] : credential));
}

function sources(options: ScanOptions): Pick<ScanOptions, 'target' | 'spec' | 'stdin' | 'traces' | 'allowExternalRefs'> {
  const { target, spec, stdin, traces, allowExternalRefs } = options;
  return {
    ...(target === undefined ? {} : { target }),
    ...(spec === undefined ? {} : { spec }),
    ...(stdin ? { stdin } : {}),
    ...(traces === undefined ? {} : { traces }),
    ...(allowExternalRefs === undefined ? {} : { allowExternalRefs }),
  };
}

function chosen(checks: readonly AnyCheck[], { only, except }: ScanOptions): AnyCheck[] {
  const known = new Set(checks.map((check) => check.id));
  const unknown = [...(only ?? []), ...(except ?? [])].find((id) => !known.has(id));
  if (unknown !== undefined)
    throw new UserError('unknown-check', `There is no check called "${unknown}".`, { hint: `The checks are: ${[...known].join(', ')}.` });
  return checks.filter((check) => (only === undefined || only.includes(check.id)) && except?.includes(check.id) !== true);
}

function excluder(patterns: readonly string[]): (operation: Operation) => boolean {
  const tests = patterns.map(
    (pattern) =>
      new RegExp(
        pattern
          .split('*')
          .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*'),
        'i',
      ),
  );
  return (operation) => tests.some((test) => test.test(operation.id));
}

/**
 * Log-ins and sign-ups change the target, too: each is in the journal before it is sent. Later calls pass here as well, and are
 * journalled where it is known what they make.
 */
function journalled(send: Way['send'], journal: Journal): { readonly send: Way['send']; readonly enrolled: () => void } {
  let enrolling = true;
  return {
    send: (request) => {
      if (enrolling && !isReadingRequest(request)) journal.write(null, request, 'account');
      return send(request);
    },
    enrolled: () => void (enrolling = false),
  };
}

/** Repairs in code depend on the store, which an API seldom shows. */
function stackNote(stack: SeenStack | undefined, { judged }: Examined): string[] {
  const { framework, store } = stack ?? {};
  if (framework === undefined || store !== undefined || !judged.some(({ verdict }) => verdict.outcome === 'fail')) return [];
  const known = storesOf(framework);
  if (known.length === 0) return [];
  return [
    `The store behind this ${stackPhrase({ framework })} API does not show. Told with --stack ${framework},STORE (${known.join(', ')}), findings come with a repair in code.`,
  ];
}

function journalNote(journal: Journal, { world }: Examined): string[] {
  const accounts = world.identities.filter((identity) => identity.source === 'signed-up').length;
  const notes =
    accounts === 0
      ? []
      : [
          `${accounts} accounts were signed up for this scan and are still there${accounts > 0 && world.signUp ? ', and others for single checks' : ''}.`,
        ];
  return journal.path !== undefined && journal.leftovers().length > 0
    ? [...notes, `The journal ${journal.path} names what was made and is left.`]
    : notes;
}

function identityReports({ sessions, proofs }: Enrolled): IdentityReport[] {
  return proofs.map((proof): IdentityReport => {
    const identity = sessions.get(proof.identity)?.identity;
    return {
      name: proof.identity,
      ...(identity?.role === undefined ? {} : { role: identity.role }),
      ...(identity?.tenant === undefined ? {} : { tenant: identity.tenant }),
      source: identity?.source ?? 'file',
      usable: proof.usable,
      why: proof.why,
    };
  });
}
