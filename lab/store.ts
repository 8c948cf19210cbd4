import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, dynalite, pythonEnvironment, type Say } from './install.ts';
import { freePort, startChild, untilReady } from './child.ts';
import type { System } from './system.ts';

/** A store that runs: what an application is told of it, and how it ends. */
export interface Store {
  /** Environment variables for the application that is called `name`, whose data is its own. */
  readonly environment: (name: string) => Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** Opens the store of a kind. A server of the user's own is used where `MONGODB_URI`, `DYNAMODB_ENDPOINT` or `DATABASE_URL` is set. */
export async function openStore(kind: System['store'], say: Say): Promise<Store> {
  switch (kind) {
    case 'mongodb':
      return openMongo(say);
    case 'dynamodb':
      return openDynamo(say);
    case 'sqlite':
      return openSqlite();
  }
}

const nothing = (): Promise<void> => Promise.resolve();

async function openMongo(say: Say): Promise<Store> {
  const own = process.env['MONGODB_URI'];
  if (own !== undefined) return { environment: (name) => ({ MONGODB_URI: withDatabase(own, name) }), stop: nothing };
  const python = await pythonEnvironment('mongodb', 'requirements-mongodb.txt', say);
  const port = await freePort();
  const scratch = join(cacheFolder, 'run', `mongodb-${process.pid}`);
  await mkdir(scratch, { recursive: true });
  const options = { host: '127.0.0.1', port, 'storage-path': ':memory:', 'cache-size': '128M', 'log-level': 'WARNING' };
  const child = startChild({
    command: join(python, '..', 'secantusd-py'),
    arguments: Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    environment: { ...base(), TMPDIR: scratch },
  });
  const stop = async (): Promise<void> => {
    await child.stop();
    await rm(scratch, { recursive: true, force: true });
  };
  await untilReady(child, 'The MongoDB server', port).catch(failing(stop));
  return { environment: (name) => ({ MONGODB_URI: `mongodb://127.0.0.1:${port}/${databaseName(name)}` }), stop };
}

async function openDynamo(say: Say): Promise<Store> {
  const own = process.env['DYNAMODB_ENDPOINT'];
  // DynamoDB's clients insist on credentials, even where the server looks at none.
  const account = { AWS_ACCESS_KEY_ID: 'lab', AWS_SECRET_ACCESS_KEY: 'lab', AWS_DEFAULT_REGION: 'eu-central-1' };
  if (own !== undefined) {
    const lent = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
      name.startsWith('AWS_') && value !== undefined ? [[name, value]] : [],
    );
    return { environment: () => ({ ...account, ...Object.fromEntries(lent), DYNAMODB_ENDPOINT: own }), stop: nothing };
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
  return { environment: () => ({ ...account, DYNAMODB_ENDPOINT: `http://127.0.0.1:${port}` }), stop: child.stop };
}

async function openSqlite(): Promise<Store> {
  const own = process.env['DATABASE_URL'];
  if (own !== undefined) return { environment: () => ({ DATABASE_URL: own }), stop: nothing };
  const folder = join(cacheFolder, 'run', `sqlite-${process.pid}-${++opened}`);
  await mkdir(folder, { recursive: true });
  return {
    environment: (name) => ({ DATABASE_URL: `sqlite:///${join(folder, `${databaseName(name)}.sqlite`)}` }),
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

let opened = 0;

/** What every server gets of the environment: where programs are, and nothing that could change how it behaves. */
export function base(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'SYSTEMROOT'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(kept);
}

function withDatabase(uri: string, name: string): string {
  const url = new URL(uri);
  url.pathname = `/${databaseName(name)}`;
  return url.href;
}

function databaseName(name: string): string {
  return `lab_${name.replaceAll(/[^a-z0-9]+/gi, '_')}`;
}

function failing(stop: () => Promise<void>): (error: unknown) => Promise<never> {
  return async (error) => {
    await stop();
    throw error;
  };
}
