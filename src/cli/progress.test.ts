import { expect, test, vi } from 'vitest';
import { openProgress, openTally } from './progress.ts';
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

test('a tally is drawn for whoever watches, and told to a log only when it takes long', () => {
  vi.useFakeTimers();
  try {
    const [watched, log, silent] = [listening(true), listening(false), listening(true)];
    const tallies = [
      openTally(watched.terminal, false, 'patches'),
      openTally(log.terminal, false, 'patches'),
      openTally(silent.terminal, true, ''),
    ];
    for (let done = 1; done <= 30; done++) {
      vi.advanceTimersByTime(500);
      for (const { onProgress } of tallies) onProgress(done, 30);
    }
    for (const { stop } of tallies) stop();
    expect(watched.drawn.at(-2)).toBe('\r\u001b[Kpatches 30/30');
    expect(watched.drawn.at(-1)).toBe('\r\u001b[K');
    expect(log.said).toEqual(['patches 20/30']);
    expect([...silent.drawn, ...silent.said, ...log.drawn]).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});
