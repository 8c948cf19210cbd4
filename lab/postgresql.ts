import { randomBytes } from 'node:crypto';
import { chown, cp, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { UserError } from '../src/index.ts';
import { forgetAtExit, runToEnd, startChild, untilReady } from './child.ts';
import { base } from './environment.ts';
import { cacheFolder } from './installation.ts';
import { MissingTool, pythonEnvironment, type Say } from './install.ts';
import { databaseName, ownServer } from './own-server.ts';
import { freePort } from './port.ts';
import type { Store } from './store.ts';

/** PostgreSQL refuses to run as root. This user owns nothing, and every Linux and macOS that we know has it or needs no name for it. */
const nobody = 65_534;

/** A PostgreSQL server: the person's own where `DATABASE_URL` names one, else one that lives as long as the store. */
export async function openPostgresql(say: Say): Promise<Store> {
  const own = await ownServer('DATABASE_URL', 'PostgreSQL server', 5432, say);
  if (own !== undefined) return { environment: databasesOf(plainScheme(own), say), stop: () => Promise.resolve() };
  const user = process.getuid?.() === 0 ? nobody : undefined;
  const runFolder = user === undefined ? join(cacheFolder, 'run') : tmpdir();
  await mkdir(runFolder, { recursive: true });
  const scratch = await mkdtemp(join(runFolder, 'postgresql-'));
  forgetAtExit(scratch);
  const remove = (): Promise<void> => rm(scratch, { recursive: true, force: true });
  try {
    if (user !== undefined) await chown(scratch, user, user);
    const { address, stop } = await startCluster(await binaries(scratch, user, say), scratch, user);
    return { environment: databasesOf(address, say), stop: () => stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Fast and forgetful: nothing is to outlive the run. Whoever else is on this machine does not have the password. */
async function startCluster(
  folder: string,
  scratch: string,
  user: number | undefined,
): Promise<{ address: string; stop: () => Promise<void> }> {
  const data = join(scratch, 'data');
  const passwordFile = join(scratch, 'password');
  const password = randomBytes(12).toString('hex');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) await chown(passwordFile, user, user);
  const as = { user, folder: scratch, environment: base() };
  const cluster = ['--username=lab', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  await runToEnd(join(folder, 'initdb'), [`--pgdata=${data}`, ...cluster], as).catch((cause: unknown) => {
    const said = cause instanceof Error ? cause.message : '';
    throw new UserError('lab-server-failed', `PostgreSQL's initdb failed: ${said.trim()}`, {
      cause,
      hint: 'Set DATABASE_URL to a server of your own, or choose --store sqlite.',
    });
  });
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: 60,
    log_line_prefix: '',
  };
  const child = startChild({
    command: join(folder, 'postgres'),
    arguments: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    environment: as.environment,
    folder: scratch,
    user,
    // SIGTERM would wait for clients, and SIGINT does not.
    ending: { signal: 'SIGINT', patience: 4_000 },
  });
  try {
    await untilReady(child, 'The PostgreSQL server', port, 'LOG:  database system is ready to accept connections');
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { address: `postgresql://lab:${password}@127.0.0.1:${port}/postgres`, stop: child.stop };
}

/** The folder of `initdb` and `postgres`: an installed server's, else that of a package. */
async function binaries(scratch: string, user: number | undefined, say: Say): Promise<string> {
  const versions = await readdir('/usr/lib/postgresql').catch((): string[] => []);
  const debian = versions.sort((a, b) => Number(b) - Number(a)).map((version) => `/usr/lib/postgresql/${version}/bin`);
  const inPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  for (const folder of [...inPath, ...debian]) {
    const initdb = await realpath(join(folder, 'initdb')).catch(() => undefined);
    if (initdb !== undefined && (await runs(join(initdb, '..'), user))) return join(initdb, '..');
  }
  const packaged = await packagedServer(say);
  const inside = join(packaged, 'embedded_postgres', 'pginstall', 'bin');
  if (await runs(inside, user)) return inside;
  if (user === undefined) throw new MissingTool('PostgreSQL (initdb and postgres)', howToGetIt);
  // The other user may not enter the project's folder: it gets a copy.
  const copy = join(scratch, 'server');
  for (const part of [join('embedded_postgres', 'pginstall'), 'embedded_postgres.libs']) {
    await cp(join(packaged, part), join(copy, part), { recursive: true });
  }
  await runToEnd('chown', ['-R', `${user}:${user}`, copy]);
  return join(copy, 'embedded_postgres', 'pginstall', 'bin');
}

const howToGetIt =
  'Install it (Debian: apt install postgresql; macOS: brew install postgresql), or set DATABASE_URL to a server of your own.';

/** Where the packages of the environment are that holds a server. */
async function packagedServer(say: Say): Promise<string> {
  try {
    const python = await pythonEnvironment('postgresql', 'requirements-postgresql.txt', say);
    return (await runToEnd(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'])).trim();
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'lab-install-failed') throw error;
    throw new MissingTool('PostgreSQL (initdb and postgres)', howToGetIt, error);
  }
}

/** Whether both programs are there, and that user may run them. */
async function runs(folder: string, user: number | undefined): Promise<boolean> {
  const as = { user, folder: '/', environment: base() };
  try {
    for (const program of ['initdb', 'postgres']) await runToEnd(join(folder, program), ['--version'], as);
    return true;
  } catch {
    return false;
  }
}

/** Gives each application a database of its own at a server, so that nothing else there is touched. */
function databasesOf(server: string, say: Say): Store['environment'] {
  return async (name) => {
    const database = databaseName(name);
    const python = await pythonEnvironment('apps', 'requirements.txt', say);
    const environment = { ...base(), SERVER: server, DATABASE: database };
    await runToEnd(python, ['-c', createDatabase], { environment }).catch((cause: unknown) => {
      const said = cause instanceof Error ? (cause.message.trim().split('\n').at(-1) ?? '') : '';
      throw new UserError('database-not-made', `The database ${database} cannot be made. ${said.replace(/^[\w.]+: /, '')}`, {
        hint: 'The account of DATABASE_URL must be allowed to make databases (ALTER ROLE … CREATEDB).',
      });
    });
    const url = new URL(server);
    url.pathname = `/${database}`;
    return { DATABASE_URL: url.href };
  };
}

const createDatabase = `
import os, psycopg
from psycopg import sql
name = os.environ['DATABASE']
with psycopg.connect(os.environ['SERVER'], autocommit=True, connect_timeout=10) as connection:
    if connection.execute('select 1 from pg_database where datname = %s', [name]).fetchone() is None:
        connection.execute(sql.SQL('create database {}').format(sql.Identifier(name)))
`;

/** `postgres:`, and the names of drivers that SQLAlchemy puts behind the scheme, mean the same server. */
function plainScheme(address: string): string {
  const plain = address.replace(/^postgres(?:ql)?(?:\+\w+)?:\/\//, 'postgresql://');
  if (plain.startsWith('postgresql://') && URL.canParse(plain)) return plain;
  throw new UserError('store-address-invalid', 'DATABASE_URL is not the address of a PostgreSQL server.', {
    hint: 'It looks like postgresql://user:password@host:5432/name. Unset it, and the lab opens a store of its own.',
  });
}
