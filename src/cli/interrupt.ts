import type { Terminal } from './terminal.ts';

/** Lets ^C end a scan in order. */
export interface Interruption {
  readonly signal: AbortSignal;
  readonly wasInterrupted: () => boolean;
  /** Gives the signals back. */
  readonly release: () => void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first signal asks the scan to stop, clean up and report what it knows; the second ends the process at once with 130.
 * `parting` is what is said then, such as where the journal is.
 */
export function catchInterrupts({ say }: Terminal, parting: () => string | undefined): Interruption {
  const controller = new AbortController();
  const heard = (): void => {
    if (controller.signal.aborted) {
      const words = parting();
      say(`Stopped at once.${words === undefined ? '' : ` ${words}`}`);
      process.exit(130);
    }
    say('Interrupted: removing what was made, then reporting what is known. Once more stops at once.');
    controller.abort();
  };
  for (const name of signals) process.on(name, heard);
  return {
    signal: controller.signal,
    wasInterrupted: () => controller.signal.aborted,
    release: () => {
      for (const name of signals) process.off(name, heard);
    },
  };
}
