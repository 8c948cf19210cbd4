import { join, relative } from 'node:path';
import { startApplication } from './application.ts';
import type { Say } from './install.ts';
import { openStore } from './store.ts';
import { readSystem, type System, type Twin } from './system.ts';

/** A system that runs until it is stopped. */
export interface Up {
  /** The URL, the accounts and the scan to try, as text. */
  readonly text: string;
  readonly stop: () => Promise<void>;
}

/** Starts the store and a twin of a system, seeded. */
export async function bringUp(name: string, twin: Twin, say: Say): Promise<Up> {
  const system = await readSystem(name);
  const store = await openStore(system.store, say);
  try {
    const application = await startApplication(system, twin, store, say);
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
  const file = (of: string): string => relative(process.cwd(), join(folder, of)) || of;
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
    'Try',
    `  npx middlebrick scan ${url} --allow write${spec}${lent}`,
    `  npx middlebrick scan ${url}${spec} --identities ${file('identities.yaml')}`,
    '',
    `The story, and how to attack it by hand: ${file('README.md')}`,
    'Stop with ^C.',
  ].join('\n');
}
