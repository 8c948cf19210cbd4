import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface Invocation {
  readonly terminal: Terminal;
  /** Credentials that were lent: kept out of everything that is said. */
  readonly secrets: Set<string>;
}

/** Options that every command takes. */
export interface SharedFlags {
  readonly quiet?: boolean;
}
