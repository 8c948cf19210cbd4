import { expect, test } from 'vitest';
import { openProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

function listening(isWatched: boolean): { terminal: Terminal; said: string[]; drawn: string[] } {
  const said: string[] = [];
  const drawn: string[] = [];
  const terminal: Terminal = {
    result: () => Promise.resolve(),
    say: (line) => void said.push(line),
    draw: (text) => void drawn.push(text),
    isWatched,
    colourOut: false,
    colourErr: false,
    width: 80,
  };
  return { terminal, said, drawn };
}

test('a log gets a line per stage, with what was learned', () => {
  const { terminal, said, drawn } = listening(false);
  const { onEvent, stop } = openProgress(terminal, false);
  onEvent({ type: 'stage', stage: 'discover' });
  onEvent({ type: 'discovered', operations: 3, from: 'http://api.example\u001b[2J/openapi.json' });
  onEvent({ type: 'stage', stage: 'enroll' });
  for (let done = 1; done <= 5; done++) onEvent({ type: 'probe', done, of: 5 });
  stop();
  expect(said).toEqual(['looking for the description', 'getting the identities ready (3 operations from http://api.example/openapi.json)']);
  expect(drawn).toEqual([]);
});

test('a watched line is redrawn, a finding in both directions counts once, and the line is taken away', () => {
  const { terminal, said, drawn } = listening(true);
  const { onEvent, stop } = openProgress(terminal, false);
  const verdict = {
    type: 'verdict',
    check: 'foreign-object-read',
    category: 'bolaAuthorization',
    operation: 'GET /a',
    outcome: 'fail',
  } as const;
  onEvent(verdict);
  onEvent(verdict);
  onEvent({ type: 'stage', stage: 'judge' });
  expect(drawn.at(-1)).toContain('1 found');
  stop();
  expect(drawn.at(-1)).toBe('\r\u001b[K');
  expect(said).toEqual([]);
});

test('quiet is quiet', () => {
  const { terminal, said, drawn } = listening(true);
  const { onEvent, stop } = openProgress(terminal, true);
  onEvent({ type: 'stage', stage: 'discover' });
  stop();
  expect([...said, ...drawn]).toEqual([]);
});
