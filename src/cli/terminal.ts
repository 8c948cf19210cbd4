import { UserError } from '../model/user-error.ts';

/** Where a command speaks: results to one side, everything for people to the other. */
export interface Terminal {
  /** Writes a result to stdout. Somebody who stops reading (`| head`) is no error; a full disk is a `UserError`. */
  readonly result: (text: string) => Promise<void>;
  /** Writes a line for people to stderr. */
  readonly say: (line: string) => void;
  /** Writes to stderr as it is: the progress line. */
  readonly draw: (text: string) => void;
  /** A person watches stderr, so that a line may be redrawn. */
  readonly isWatched: boolean;
  readonly colourOut: boolean;
  readonly colourErr: boolean;
  /** Columns of stdout. */
  readonly width: number;
}

/** The terminal of this process. `NO_COLOR`, `FORCE_COLOR`, `CI` and `TERM=dumb` are respected. */
export function openTerminal(noColour: boolean, env = process.env): Terminal {
  // A reader who left, or a terminal that closed, shows in the callbacks of the writes; unheard it would end the process.
  process.stdout.on('error', ignore);
  process.stderr.on('error', ignore);
  const draw = (text: string): void => void process.stderr.write(text, ignore);
  return {
    result: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => (!error || isGone(error) ? resolve() : reject(cannotWrite(error))));
      }),
    say: (line) => draw(`${line}\n`),
    draw,
    isWatched: process.stderr.isTTY && !isSet(env['CI']) && env['TERM'] !== 'dumb',
    colourOut: wantsColour(process.stdout.isTTY, noColour, env),
    colourErr: wantsColour(process.stderr.isTTY, noColour, env),
    width: process.stdout.isTTY ? process.stdout.columns : Number(env['COLUMNS']) || 100,
  };
}

function wantsColour(isTerminal: boolean, noColour: boolean, env: NodeJS.ProcessEnv): boolean {
  if (noColour || isSet(env['NO_COLOR'])) return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

function isGone(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}

function cannotWrite(error: Error): UserError {
  return new UserError('cannot-write-stdout', `The result could not be written to standard output: ${error.message}.`, {
    hint: 'Free some space, or name a file with --output FILE.',
    cause: error,
  });
}

function ignore(): void {}
