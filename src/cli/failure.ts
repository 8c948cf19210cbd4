import { CommanderError } from 'commander';
import pc from 'picocolors';
import { UserError } from '../model/user-error.ts';
import { printable } from '../report/terminal-text.ts';
import { version } from '../version.ts';
import type { Terminal } from './terminal.ts';

/** Says what went wrong and returns the exit code: 2 for what the user can mend, 3 for a bug of ours. */
export function reportFailure(error: unknown, terminal: Terminal, secrets: Iterable<string>): number {
  const colours = pc.createColors(terminal.colourErr);
  const masked = (text: string): string => printable(maskSecrets(text, secrets));
  if (error instanceof CommanderError) return reportUsage(error, terminal);
  if (error instanceof UserError) {
    terminal.say(`${colours.red('error:')} ${masked(error.message)}`);
    if (error.hint !== undefined) terminal.say(`${colours.cyan('hint:')} ${masked(error.hint)}`);
    return 2;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.say(`${colours.red('error:')} this is a bug in middlebrick, not in your API.`);
  terminal.say(masked(stack));
  terminal.say(
    `${colours.cyan('hint:')} please report it with the lines above, the version (${version}, Node ${process.versions.node}, ${process.platform}) and the options that you used, without credentials.`,
  );
  return 3;
}

function reportUsage(error: CommanderError, terminal: Terminal): number {
  if (error.exitCode === 0) return 0;
  // Help that was shown because no command was named is an error without words of its own.
  if (error.code === 'commander.help') return 2;
  const colours = pc.createColors(terminal.colourErr);
  // The value that follows an unknown option may be a credential.
  const message = printable(error.message)
    .replace(/^error: /, '')
    .replaceAll(/(--?[\w-]+)=[^']*(?=')/g, '$1');
  terminal.say(`${colours.red('error:')} ${message}`);
  terminal.say(`${colours.cyan('hint:')} middlebrick help lists the commands, middlebrick help scan the options of one.`);
  return 2;
}

function maskSecrets(text: string, secrets: Iterable<string>): string {
  const longestFirst = [...secrets].filter((secret) => secret.length >= 4).sort((left, right) => right.length - left.length);
  return longestFirst.reduce((masked, secret) => masked.replaceAll(secret, '<redacted>'), text);
}
