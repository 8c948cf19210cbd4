import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { UserError } from '../model/user-error.ts';
import { reportFailure } from './failure.ts';
import type { Terminal } from './terminal.ts';

function failing(what: unknown, secrets: readonly string[] = []): { code: number; said: string } {
  const lines: string[] = [];
  const terminal: Terminal = {
    result: () => Promise.resolve(),
    say: (line) => void lines.push(line),
    draw: () => {},
    isWatched: false,
    colourOut: false,
    colourErr: false,
    width: 80,
  };
  return { code: reportFailure(what, terminal, secrets), said: lines.join('\n') };
}

test('what the user can mend: message and hint, no stack, 2', () => {
  const { code, said } = failing(new UserError('x', 'The file is gone.', { hint: 'Look for it.' }));
  expect({ code, said }).toEqual({ code: 2, said: 'error: The file is gone.\nhint: Look for it.' });
});

test('a bug of ours: a stack without the secrets, a word on how to report it, 3', () => {
  const { code, said } = failing(new TypeError('cannot read s3cr3t-t0k3n of undefined'), ['s3cr3t-t0k3n', 's3c']);
  expect(code).toBe(3);
  expect(said).toMatch(/cannot read <redacted> of undefined/);
  expect(said).toMatch(/^ {4}at /m);
  expect(said).toMatch(/report it/);
});

test('what a target said cannot steer the terminal', () => {
  expect(failing(new UserError('x', 'It leads to \u001b]0;owned\u0007http://evil.example.')).said).toBe(
    'error: It leads to http://evil.example.',
  );
});

test('the value behind an unknown option is not repeated', () => {
  const { code, said } = failing(new CommanderError(1, 'commander.unknownOption', "error: unknown option '--auht=alice=Bearer s3cr3t'"));
  expect(code).toBe(2);
  expect(said).toContain("unknown option '--auht'");
  expect(said).not.toContain('s3cr3t');
});

test('help that was asked for is no failure', () => {
  expect(failing(new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)'))).toEqual({ code: 0, said: '' });
});
