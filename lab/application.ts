import { join } from 'node:path';
import { startChild, untilReady } from './child.ts';
import { base } from './environment.ts';
import { pythonEnvironment, type Say } from './install.ts';
import { claimPort, freePort } from './port.ts';
import type { Store } from './store.ts';
import type { System, Twin } from './system.ts';

/** A seed application that runs, freshly seeded. */
export interface Application {
  /** `http://127.0.0.1:40123` */
  readonly url: string;
  readonly said: () => string;
  readonly stop: () => Promise<void>;
}

/** Starts a twin of a system, on a free port unless one is wanted, drops and seeds its data, and waits until it serves. */
export async function startApplication(system: System, twin: Twin, store: Store, say: Say, wanted?: number): Promise<Application> {
  const python = await pythonEnvironment('apps', 'requirements.txt', say);
  const data = await store.environment(`${system.name}-${twin}`);
  const port = wanted === undefined ? await freePort() : await claimPort(wanted);
  const child = startChild({
    command: python,
    arguments: ['app.py'],
    folder: join(system.folder, twin),
    environment: {
      ...base(),
      ...Object.fromEntries(Object.entries(system.environment).map(([name, value]) => [name, String(value)])),
      ...data,
      HOST: '127.0.0.1',
      PORT: String(port),
      LAB_SEED: '1',
      PYTHONUNBUFFERED: '1',
    },
  });
  try {
    await untilReady(child, `${system.name} (${twin})`, port, 'ready');
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, said: child.said, stop: child.stop };
}
