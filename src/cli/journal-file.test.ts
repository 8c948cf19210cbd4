import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dropFinishedJournal, journalName } from './journal-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'middlebrick-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function journal(name: string, lines: readonly object[], tail = ''): string {
  const file = join(folder, name);
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join('') + tail);
  return file;
}

test('a journal is deleted when everything was removed that can be', () => {
  const file = journal('done', [
    { kind: 'write', id: 1 },
    { kind: 'made', id: 1, undo: {} },
    { kind: 'removed', id: 1 },
    { kind: 'made', id: 2 },
  ]);
  expect(dropFinishedJournal(file)).toBe(false);
  expect(existsSync(file)).toBe(false);
});

test('one with something left stays, a broken last line or not', () => {
  const file = journal(
    'left',
    [
      { kind: 'made', id: 1, undo: {} },
      { kind: 'made', id: 2, undo: {} },
      { kind: 'removed', id: 1 },
    ],
    '{"kind":"remo',
  );
  expect(dropFinishedJournal(file)).toBe(true);
  expect(existsSync(file)).toBe(true);
});

test('no journal was written: nothing is left', () => {
  expect(dropFinishedJournal(join(folder, 'none'))).toBe(false);
});

test('the name fits every file system', () => {
  expect(journalName(new Date(0), 7)).toBe('middlebrick-journal-1970-01-01T00-00-00-000Z-7.ndjson');
});
