import { join, relative } from 'node:path';
import { startApplication } from './application.ts';
import { pythonEnvironment, systemPython, type Say } from './install.ts';
import { claimPort } from './port.ts';
import { openStore, storeOf, type SqlStore } from './store.ts';
import { labFolder, readSystem, type System, type Twin } from './system.ts';

/** A system that runs until it is stopped. */
export interface Up {
  /** The URL, the accounts and the scan to try, as text. */
  readonly text: string;
  readonly stop: () => Promise<void>;
}

export interface UpOptions {
  readonly twin: Twin;
  /** A free one when absent. */
  readonly port?: number | undefined;
  readonly store?: SqlStore | undefined;
  readonly say: Say;
}

/** Starts the store and a twin of a system, seeded. */
export async function bringUp(name: string, { twin, port, store: wanted, say }: UpOptions): Promise<Up> {
  const system = await readSystem(name);
  const kind = storeOf(system, wanted);
  if (port !== undefined) await claimPort(port);
  await systemPython();
  // Two installations take no longer than one. What comes of this one is awaited where it is needed.
  pythonEnvironment('apps', 'requirements.txt', say).catch(() => undefined);
  const store = await openStore(kind, say);
  try {
    const application = await startApplication(system, twin, store, say, port);
    return {
      text: textOf(system, twin, application.url),
      stop: async () => {
        await application.stop();
        await store.stop();
      },
    };
  } catch (error) {
    await store.stop();
    throw error;
  }
}

function textOf({ name, title, folder, accounts, scan }: System, twin: Twin, url: string): string {
  // npm changes to the project's folder, and remembers where the person is.
  const here = process.env['INIT_CWD'] ?? process.cwd();
  const fromHere = (file: string): string => {
    const path = relative(here, file);
    return path.includes(' ') ? `'${path}'` : path;
  };
  const file = (of: string): string => fromHere(join(folder, of));
  const command = `npx tsx ${fromHere(join(labFolder, '..', 'src', 'cli', 'main.ts'))}`;
  const spec = scan.spec === undefined ? '' : ` --spec ${file(scan.spec)}`;
  const lent = scan.identities === undefined ? '' : ` --identities ${file(scan.identities)}`;
  const people = accounts.map((account) =>
    Object.entries(account)
      .map(([label, value]) => `${label}: ${value}`)
      .join('   '),
  );
  return [
    `${title ?? name} (${twin}) is up at ${url}`,
    ...(people.length === 0 ? [] : ['', 'Accounts', ...people.map((line) => `  ${line}`)]),
    '',
    'Scan it, from another terminal',
    `  ${command} scan ${url} --allow write${spec}${lent}`,
    '  and without changing anything, with two accounts that are lent:',
    `  ${command} scan ${url}${spec} --identities ${file('identities.yaml')}`,
    '',
    `The story, and how to attack it by hand: ${file('README.md')}`,
    'Stop with ^C.',
  ].join('\n');
}
