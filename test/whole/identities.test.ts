import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { vulnerableShop } from '../../src/demo/api.ts';
import type { Reply } from '../../src/model/example.ts';
import { parseReport } from '../../src/report/index.ts';
import { customerOf, hostileShop, type HostileShop } from '../support/hostile-shop.ts';
import { middlebrick, emptyFolder, using } from './command.ts';

const expired: Reply = { status: 401, body: { error: 'token expired' } };

/** Every token is refused so long after it was first used. */
function ageing(ms: number): (line: string, request: IncomingMessage) => Reply | undefined {
  const born = new Map<string, number>();
  return (_, { headers }) => {
    const token = headers.authorization;
    if (token === undefined) return undefined;
    if (!born.has(token)) born.set(token, Date.now());
    return Date.now() - (born.get(token) ?? 0) > ms ? expired : undefined;
  };
}

async function tokenOf(shop: HostileShop, name: string, password: string): Promise<string> {
  const answer = await fetch(`${shop.url}/login`, { method: 'POST', body: JSON.stringify({ username: name, password }) });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}

describe.concurrent('tokens that expire in mid-scan', () => {
  test('are renewed where the log-in is known', async (t) => {
    const folder = await emptyFolder(t);
    const shop = await using(t, hostileShop({ api: vulnerableShop, delayMs: 40, instead: ageing(1500) }));
    await writeFile(
      join(folder, 'team.yaml'),
      (await customerOf(shop, 'anna', 'Pass-anna-1')) + (await customerOf(shop, 'ben', 'Pass-ben-1')),
    );
    const outcome = await middlebrick(['scan', shop.url, '--identities', 'team.yaml', '--allow', 'write', '--format', 'json'], {
      cwd: folder,
    });
    const logIns = shop.visits.filter(({ line, reply }) => line === 'POST /login' && reply.status === 200);
    expect(logIns.length).toBeGreaterThan(2);
    expect(shop.visits.some(({ reply }) => reply === expired)).toBe(true);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(parseReport(outcome.stdout).findings.map((finding) => finding.check)).toContain('foreign-object-read');
  });

  test.for([
    ['while the scan looks around', 'POST /orders'],
    ['while it tests', 'PUT /orders/'],
  ])('and cannot be renewed, %s: inconclusive', async ([, last], t) => {
    const state = { isOver: false };
    const shop = await using(
      t,
      hostileShop({
        api: vulnerableShop,
        instead: (line, { headers }) => {
          state.isOver ||= line.startsWith(last ?? '');
          return state.isOver && headers.authorization !== undefined ? expired : undefined;
        },
      }),
    );
    const folder = await emptyFolder(t);
    await customerOf(shop, 'anna', 'Pass-anna-1');
    await customerOf(shop, 'ben', 'Pass-ben-1');
    const lent = [`anna=Bearer ${await tokenOf(shop, 'anna', 'Pass-anna-1')}`, `ben=Bearer ${await tokenOf(shop, 'ben', 'Pass-ben-1')}`];
    const auth = lent.flatMap((flag) => ['--auth', flag]);
    const outcome = await middlebrick(['scan', shop.url, ...auth, '--allow', 'write', '--format', 'json'], { cwd: folder });
    expect(outcome.code, outcome.stderr).toBe(2);
    expect(parseReport(outcome.stdout)).toMatchObject({ outcome: 'inconclusive', score: null });
  });
});

test.concurrent('a recording of lent identities, secrets taken out, gives the same findings', async (t) => {
  const shop = await using(t, hostileShop({ api: vulnerableShop }));
  const folder = await emptyFolder(t);
  await writeFile(join(folder, 'team.yaml'), await customerOf(shop, 'anna', 'Pass-anna-1'));
  await customerOf(shop, 'ben', 'Pass-ben-1');
  const token = await tokenOf(shop, 'ben', 'Pass-ben-1');
  const lent = ['--identities', 'team.yaml', '--auth', `ben=Bearer ${token}`, '--allow', 'write', '--record', 'scan.ndjson'];
  const args = ['--format', 'json', '--quiet'];
  const scanned = parseReport((await middlebrick(['scan', shop.url, ...lent, ...args], { cwd: folder })).stdout);
  const judged = parseReport((await middlebrick(['judge', 'scan.ndjson', ...args], { cwd: folder })).stdout);
  expect(scanned.findings.length).toBeGreaterThan(5);
  expect(judged.findings.map((finding) => finding.fingerprint)).toEqual(scanned.findings.map((finding) => finding.fingerprint));
  expect(judged).toMatchObject({ outcome: 'done', score: scanned.score });
});

describe.concurrent('secrets that were lent', () => {
  test('are in no output: stdout, stderr, reports, recording, journal', async (t) => {
    const folder = await emptyFolder(t);
    const shop = await using(t, hostileShop({ api: vulnerableShop }));
    const password = 'P4ss-of-anna-8f2c';
    await writeFile(join(folder, 'team.yaml'), await customerOf(shop, 'anna', password));
    await customerOf(shop, 'ben', 'P4ss-of-ben-77aa');
    const token = await tokenOf(shop, 'ben', 'P4ss-of-ben-77aa');
    const common = ['--identities', join(folder, 'team.yaml'), '--auth', `ben=Bearer ${token}`, '--allow', 'write'];
    const texts: string[] = [];
    for (const format of ['pretty', 'json', 'sarif', 'html']) {
      const outcome = await middlebrick(
        ['scan', shop.url, ...common, '--format', format, '--record', `${format}.rec`, '--journal', `${format}.journal`],
        { cwd: folder },
      );
      expect(outcome.code, outcome.stderr).toBe(0);
      texts.push(outcome.stdout, outcome.stderr);
    }
    for (const name of (await readdir(folder)).filter((file) => file !== 'team.yaml'))
      texts.push(await readFile(join(folder, name), 'utf8'));
    expect(texts).toHaveLength(16);
    const issued = shop.visits.flatMap(({ line, reply }) => (line === 'POST /login' ? [JSON.stringify(reply.body)] : []));
    const signatures = [...new Set(issued.flatMap((body) => /"access_token":"[^".]+\.[^".]+\.([^"]+)"/.exec(body)?.[1] ?? []))];
    expect(signatures.length).toBeGreaterThanOrEqual(2);
    for (const secret of [password, token, ...signatures]) {
      for (const text of texts) expect(text.includes(secret), `${secret.slice(0, 6)}… in ${text.slice(0, 60)}`).toBe(false);
    }
  });

  test('are not in messages about what went wrong', async () => {
    const outcome = await middlebrick(['scan', 'http://user:s3cr3t-pass@127.0.0.1:1', '--auth', 'ben=s3cr3t-t0k3n']);
    expect(outcome.code).toBe(2);
    expect(outcome.stdout + outcome.stderr).not.toContain('s3cr3t');
  });
});
