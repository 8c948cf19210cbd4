import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseIdentitiesFile, scan, UserError, type Report, type ScanOptions } from '../src/index.ts';
import { startApplication } from './application.ts';
import { compare, plain, type Comparison } from './compare.ts';
import { MissingTool, type Say } from './install.ts';
import { patchedCopy } from './patched.ts';
import { openStore, storeOf, type SqlStore, type Store, type StoreKind } from './store.ts';
import { readExpected, readSystem, systemNames, twins, type Expected, type System, type Twin } from './system.ts';

/** One line of the table: a twin of a system, scanned. */
export interface Row extends Partial<Comparison> {
  readonly system: string;
  readonly twin: Twin | 'patched';
  readonly store?: StoreKind;
  /** `skipped`: a tool is missing, and this is no CI. */
  readonly outcome: 'green' | 'red' | 'skipped';
  /** Why it is red or skipped, as sentences. */
  readonly reasons: readonly string[];
  /** Operations that answered somebody with something, whatever their slots are called. */
  readonly served?: readonly string[];
  readonly requests?: number;
  readonly seconds?: number;
  readonly grade?: Report['grade'];
  readonly score?: Report['score'];
}

export interface MatrixOptions {
  /** Names of systems; when empty, all that can use the store that is asked for. */
  readonly systems: readonly string[];
  readonly store?: SqlStore | undefined;
  /** Read-only, with the identities of `identities.yaml`: what is missing then is told and is no failure. */
  readonly read: boolean;
  /** The vulnerable twins as the patches of the source analysis leave them, instead of the two twins. */
  readonly patched?: boolean;
  readonly say: Say;
  readonly signal?: AbortSignal;
}

/** Decides every generated value, so that two runs send the same. */
const seed = 'lab';

/** Scans the twins of the systems one after the other, each freshly seeded, and holds the reports against what is expected. */
export async function runMatrix({ systems, store, read, patched = false, say, signal }: MatrixOptions): Promise<Row[]> {
  const stores = new Map<StoreKind, Store>();
  const rows: Row[] = [];
  try {
    for (const name of systems.length === 0 ? await namesFor(store) : systems) {
      for (const twin of patched ? (['patched'] as const) : twins) {
        if (signal?.aborted === true) throw new UserError('interrupted', 'The matrix was interrupted.');
        rows.push(await rowOf(name, twin, { read, say, signal, stores, wanted: store }));
      }
    }
  } finally {
    await Promise.all([...stores.values()].map((store) => store.stop()));
  }
  return rows;
}

async function namesFor(store: SqlStore | undefined): Promise<readonly string[]> {
  if (store === undefined) return systemNames;
  const systems = await Promise.all(systemNames.map(readSystem));
  return systems.filter((system) => system.store === 'sqlite').map(({ name }) => name);
}

interface Context {
  readonly read: boolean;
  readonly say: Say;
  readonly signal: AbortSignal | undefined;
  readonly stores: Map<StoreKind, Store>;
  readonly wanted: SqlStore | undefined;
}

/** A system that cannot be started is a red row, so that the others are still seen. */
async function rowOf(name: string, twin: Row['twin'], context: Context): Promise<Row> {
  try {
    const system = await readSystem(name);
    return twin === 'patched' ? await scannedPatched(system, context) : await scanned(system, twin, context);
  } catch (error) {
    if (!(error instanceof UserError) || isMistake(error)) throw error;
    const isSkipped = error instanceof MissingTool && process.env['CI'] !== 'true';
    const reason = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
    return { system: name, twin, outcome: isSkipped ? 'skipped' : 'red', reasons: [reason] };
  }
}

/** What was asked for cannot be, whatever the row. */
function isMistake({ code }: UserError): boolean {
  return code === 'unknown-system' || code === 'store-unsuitable';
}

/** The vulnerable twin with its patches, held against what a repaired one must show. */
async function scannedPatched(system: System, context: Context): Promise<Row> {
  const copy = await patchedCopy(system);
  const { unpatched, known_misses: misses, ...expected } = await readExpected(system);
  const known = [...misses, ...unpatched.map(({ operation, check, why }) => ({ operation, weakness: check, why }))];
  const row = await scanned(copy.system, 'vulnerable', context, { ...expected, unpatched, known_misses: known });
  return { ...row, twin: 'patched' };
}

/** Scans a twin. With `asRepaired` it must show no more than a repaired one. */
async function scanned(system: System, twin: Twin, { read, say, signal, stores, wanted }: Context, asRepaired?: Expected): Promise<Row> {
  const expected = asRepaired ?? (await readExpected(system));
  const kind = storeOf(system, wanted);
  const store = stores.get(kind) ?? (await openStore(kind, say));
  stores.set(kind, store);
  const application = await startApplication(system, twin, store, say);
  say(`Scanning ${system.name} (${twin}) …`);
  try {
    const options = await scanOptions(system, application.url, read);
    const { report } = await scan({ ...options, ...(signal ? { signal } : {}) });
    const comparison = compare(report, expected, asRepaired ? 'repaired' : twin, read);
    const reasons = [
      ...(report.outcome === 'done' ? [] : report.reasons.map((reason) => `The scan is inconclusive: ${reason}`)),
      ...(read ? [] : comparison.missed),
      ...comparison.wrong.map((finding) => `A false alarm: ${finding}`),
      // What the scan never learned of is silent for that reason alone.
      ...comparison.undiscovered.map((operation) => `Not discovered: ${operation}`),
    ];
    return {
      system: system.name,
      twin,
      store: kind,
      outcome: reasons.length === 0 ? 'green' : 'red',
      reasons,
      ...comparison,
      served: report.coverage.reach.flatMap(({ operation, access }) =>
        Object.values(access).includes('served') ? [plain(operation)] : [],
      ),
      requests: report.stats.requests,
      seconds: report.stats.seconds,
      grade: report.grade,
      score: report.score,
    };
  } finally {
    await application.stop();
  }
}

/** What the scan is told: the URL, consent to write, and the files that the system lends. Nothing else. */
async function scanOptions({ name, folder, scan: lent }: System, target: string, read: boolean): Promise<ScanOptions> {
  const identities = read ? 'identities.yaml' : lent.identities;
  const file = identities === undefined ? undefined : join(folder, identities);
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  if (file !== undefined && text === undefined) throw new UserError('lab-file-missing', `${name} has no ${identities ?? ''}.`);
  return {
    target,
    seed,
    allow: read ? 'read' : 'write',
    ...(lent.spec === undefined ? {} : { spec: join(folder, lent.spec) }),
    ...(file === undefined || text === undefined ? {} : { identities: parseIdentitiesFile(text, file, {}) }),
  };
}
