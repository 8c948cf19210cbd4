import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostileShop } from '../support/hostile-shop.ts';
import { vulnerableShop } from '../../src/demo/api.ts';
import { middlebrick, start, emptyFolder, using } from './command.ts';

const slow = { api: vulnerableShop, delayMs: 15 };

test.concurrent('^C in mid-scan: what was made is removed, what is known is reported', async (t) => {
  const folder = await emptyFolder(t);
  const shop = await using(t, hostileShop(slow));
  const { child, ended } = start(['scan', shop.url, '--allow', 'write', '--format', 'json'], { cwd: folder });
  await shop.answered('GET /orders/', 3);
  expect(shop.left()).not.toEqual([]);
  child.kill('SIGINT');
  const outcome = await ended;
  expect(outcome.code, outcome.stderr).toBe(2);
  expect(outcome.seconds).toBeLessThan(20);
  const report = JSON.parse(outcome.stdout) as { outcome: string; reasons: string[] };
  expect(report.outcome).toBe('inconclusive');
  expect(report.reasons.join(' ')).toMatch(/interrupted/);
  expect(outcome.stderr).toMatch(/Interrupted/);
  expect(shop.left()).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test.concurrent('SIGTERM while things are being made: nothing that was made is forgotten', async (t) => {
  const folder = await emptyFolder(t);
  const shop = await using(t, hostileShop({ ...slow, delayMs: 60 }));
  const { child, ended } = start(['scan', shop.url, '--allow', 'write', '--format', 'json'], { cwd: folder });
  await shop.answered('POST /orders', 1);
  child.kill('SIGTERM');
  expect((await ended).code).toBe(2);
  expect(shop.left()).toEqual([]);
});

test.concurrent('^C before anything is known', async (t) => {
  const shop = await using(t, hostileShop({ delayMs: 3000 }));
  const { child, ended, said } = start(['scan', shop.url]);
  await said('looking for the description');
  child.kill('SIGINT');
  const outcome = await ended;
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(outcome.stderr).toMatch(/interrupted before anything was known/);
});

test.concurrent('a second ^C ends it at once and names the journal; cleanup removes the rest', async (t) => {
  const folder = await emptyFolder(t);
  // Deleting hangs, so that the clean-up after the first signal cannot finish.
  const state = { hangs: true };
  const shop = await using(
    t,
    hostileShop({
      ...slow,
      instead: (line) => (state.hangs && line.startsWith('DELETE') ? { status: 503, body: { error: 'busy' } } : undefined),
    }),
  );
  const { child, ended } = start(['scan', shop.url, '--allow', 'write'], { cwd: folder });
  await shop.answered('GET /orders/', 3);
  child.kill('SIGINT');
  await shop.answered('DELETE', 1);
  child.kill('SIGINT');
  const outcome = await ended;
  expect(outcome.code).toBe(130);
  const [journal = ''] = await readdir(folder);
  expect(outcome.stderr).toContain(journal);
  expect(shop.left()).not.toEqual([]);
  state.hangs = false;
  const cleaned = await middlebrick(['cleanup', journal], { cwd: folder });
  expect(cleaned.code, cleaned.stderr).toBe(0);
  expect(shop.left()).toEqual([]);
});

test.concurrent('kill -9 in mid-scan: cleanup finishes what was left, and may be run twice', async (t) => {
  const folder = await emptyFolder(t);
  const shop = await using(t, hostileShop(slow));
  const { child, ended } = start(['scan', shop.url, '--allow', 'write'], { cwd: folder });
  await shop.answered('GET /orders/', 3);
  child.kill('SIGKILL');
  await ended;
  expect(shop.left()).not.toEqual([]);
  const [journal = ''] = await readdir(folder);
  expect(await readFile(join(folder, journal), 'utf8')).toContain('middlebrick-journal');
  const first = await middlebrick(['cleanup', journal], { cwd: folder });
  expect(first.code, first.stderr).toBe(0);
  expect(first.stdout).toMatch(/^removed {2}order/m);
  expect(shop.left()).toEqual([]);
  const second = await middlebrick(['cleanup', journal], { cwd: folder });
  expect(second).toMatchObject({ code: 0, stdout: '' });
});
