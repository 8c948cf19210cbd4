import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Answer } from '../model/http.ts';
import type { SendAs } from '../model/identity.ts';
import { cleanUp, Journal, journalled } from './journal.ts';

const header = { target: 'http://api.test', seed: 's', startedAt: '' };
const undo = { method: 'DELETE', origin: 'http://api.test', path: '/notes/1', headers: [] };
const post = { method: 'POST', origin: 'http://api.test', path: '/notes', headers: [] };

function answering(status: number, before: () => void = () => {}): SendAs {
  return async ({ request }): Promise<Answer> => {
    before();
    return { kind: 'exchange', request, response: { status, headers: [], body: '', bytes: 0, truncated: false }, startedAt: 0, ms: 0 };
  };
}

test('a write is on disk before it is sent, readable by its owner only', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'journal-')), 'j.ndjson');
  const journal = new Journal(path, header);
  let seen = '';
  const send = journalled(
    answering(201, () => (seen = readFileSync(path, 'utf8'))),
    journal,
  );
  await send({ as: 'alice', operation: 'POST /notes', request: post, makes: { type: 'note', undo: () => undo } });
  journal.close();
  expect(seen).toContain('"makes":"note"');
  expect(seen).not.toContain('"kind":"made"');
  expect(readFileSync(path, 'utf8')).toContain('"kind":"made"');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('what was made is removed, and what could not be removed is told', async () => {
  const journal = new Journal(undefined, header);
  const send = journalled(answering(201), journal);
  await send({ as: 'alice', operation: 'POST /notes', request: post, makes: { type: 'note', undo: () => undo } });
  await send({ as: 'alice', operation: 'POST /notes', request: post, makes: { type: 'tag', undo: () => undefined } });
  const left = await cleanUp(journal, answering(404));
  expect(left.map((item) => item.type)).toEqual(['tag']);
  expect((await cleanUp(journal, answering(500))).map((item) => item.type)).toEqual(['tag']);
});

test('a journal that exists already is not overwritten', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'journal-')), 'j.ndjson');
  new Journal(path, header).close();
  expect(() => new Journal(path, header)).toThrow(/cannot be written/);
});
