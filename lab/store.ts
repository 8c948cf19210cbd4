import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../src/index.ts';
import { forgetAtExit, startChild, untilReady } from './child.ts';
import { base } from './environment.ts';
import { dynalite, pythonEnvironment, type Say } from './install.ts';
import { cacheFolder } from './installation.ts';
import { databaseName, ownServer, withMongoDatabase } from './own-server.ts';
import { freePort } from './port.ts';
import { openPostgresql } from './postgresql.ts';
import type { System } from './system.ts';

/** A store that runs: what an application is told of it, and how it ends. */
export interface Store {
  /** Makes room for the application that is called `name`, whose data is its own. Resolves to environment variables for it. */
  readonly environment: (name: string) => Promise<Readonly<Record<string, string>>>;
  readonly stop: () => Promise<void>;
}

/** The stores that SQLAlchemy speaks with. */
export const sqlStores = ['sqlite', 'postgresql'] as const;
export type SqlStore = (typeof sqlStores)[number];

/** Where a system keeps its data. */
export type StoreKind = System['store'] | SqlStore;

/** The store of a system: the one that was asked for, else PostgreSQL where `DATABASE_URL` is set and the system can, else its usual one. */
export function storeOf({ name, store }: System, wanted: SqlStore | undefined): StoreKind {
  if (store === 'sqlite') return wanted ?? ((process.env['DATABASE_URL'] ?? '') === '' ? 'sqlite' : 'postgresql');
  if (wanted === undefined) return store;
  throw new UserError('store-unsuitable', `${name} keeps its data in ${store}, and cannot in ${wanted}.`, { hint: 'Leave --store out.' });
}

/** Opens a store. A server of the user's own is used where `MONGODB_URI`, `DYNAMODB_ENDPOINT` or `DATABASE_URL` is set. */
export function openStore(kind: StoreKind, say: Say): Promise<Store> {
  switch (kind) {
    case 'mongodb':
      return openMongo(say);
    case 'dynamodb':
      return openDynamo(say);
    case 'sqlite':
      return openSqlite();
    case 'postgresql':
      return openPostgresql(say);
  }
}

async function openMongo(say: Say): Promise<Store> {
  const own = await ownServer('MONGODB_URI', 'MongoDB server', 27017, say);
  if (own !== undefined) {
    return { environment: async (name) => ({ MONGODB_URI: withMongoDatabase(own, databaseName(name)) }), stop: () => Promise.resolve() };
  }
  const python = await pythonEnvironment('mongodb', 'requirements-mongodb.txt', say);
  const port = await freePort();
  const scratch = await scratchFolder('mongodb');
  const options = { host: '127.0.0.1', port, 'storage-path': ':memory:', 'cache-size': '128M', 'log-level': 'WARNING' };
  const child = startChild({
    command: join(python, '..', 'secantusd-py'),
    arguments: Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    environment: { ...base(), TMPDIR: scratch },
    // It takes seconds to end in order, and nothing is to be kept.
    ending: { signal: 'SIGTERM', patience: 300 },
  });
  const stop = async (): Promise<void> => {
    await child.stop();
    await rm(scratch, { recursive: true, force: true });
  };
  await untilReady(child, 'The MongoDB server', port).catch(failing(stop));
  return { environment: async (name) => ({ MONGODB_URI: `mongodb://127.0.0.1:${port}/${databaseName(name)}` }), stop };
}

async function openDynamo(say: Say): Promise<Store> {
  const own = await ownServer('DYNAMODB_ENDPOINT', 'DynamoDB server', 80, say);
  // DynamoDB's clients insist on credentials, even where the server looks at none.
  const account = { AWS_ACCESS_KEY_ID: 'lab', AWS_SECRET_ACCESS_KEY: 'lab', AWS_DEFAULT_REGION: 'eu-central-1' };
  // An account has one room for all tables.
  const tables = (name: string): Record<string, string> => ({ TABLE_PREFIX: `${databaseName(name)}_` });
  if (own !== undefined) {
    const lent = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
      name.startsWith('AWS_') && value !== undefined ? [[name, value]] : [],
    );
    const given = { ...account, ...Object.fromEntries(lent), DYNAMODB_ENDPOINT: own };
    return { environment: async (name) => ({ ...given, ...tables(name) }), stop: () => Promise.resolve() };
  }
  const main = await dynalite(say);
  const port = await freePort();
  const waits = ['--createTableMs', '--deleteTableMs', '--updateTableMs'].flatMap((name) => [name, '0']);
  const child = startChild({
    command: process.execPath,
    arguments: [main, '--host', '127.0.0.1', '--port', String(port), ...waits],
    environment: base(),
  });
  await untilReady(child, 'The DynamoDB server', port).catch(failing(child.stop));
  const given = { ...account, DYNAMODB_ENDPOINT: `http://127.0.0.1:${port}` };
  return { environment: async (name) => ({ ...given, ...tables(name) }), stop: child.stop };
}

async function openSqlite(): Promise<Store> {
  const folder = await scratchFolder('sqlite');
  return {
    environment: async (name) => ({ DATABASE_URL: `sqlite:///${join(folder, `${databaseName(name)}.sqlite`)}` }),
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

async function scratchFolder(name: string): Promise<string> {
  const runFolder = join(cacheFolder, 'run');
  await mkdir(runFolder, { recursive: true });
  const folder = await mkdtemp(join(runFolder, `${name}-`));
  forgetAtExit(folder);
  return folder;
}

function failing(stop: () => Promise<void>): (error: unknown) => Promise<never> {
  return async (error) => {
    await stop();
    throw error;
  };
}
