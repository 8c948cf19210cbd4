import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { openSync, closeSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { repairedShop, vulnerableShop } from '../../src/demo/api.ts';
import { serveApi } from '../../src/demo/serve.ts';
import type { Report } from '../../src/model/report.ts';
import { parseReport } from '../../src/report/index.ts';
import { threeOperations, hostileHttp, sendJson } from '../support/hostile-servers.ts';
import { emptyFolder, middlebrick, type Outcome, using } from './command.ts';

const demo = (...args: string[]): Promise<Outcome> => middlebrick(['demo', '--seed', 'tests', ...args]);
const fingerprints = (report: Report): string[] => report.findings.map((finding) => finding.fingerprint).sort();

describe.concurrent('what goes where', () => {
  test('stdout is the report and nothing else', async () => {
    const outcome = await demo('--format', 'json');
    expect(outcome.code).toBe(0);
    expect(parseReport(outcome.stdout).findings.length).toBeGreaterThan(5);
    expect(outcome.stderr).toMatch(/^testing /m);
  });

  test('--quiet leaves stderr empty', async () => {
    const outcome = await demo('--format', 'json', '--quiet');
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    parseReport(outcome.stdout);
  });

  test('without a terminal there is no redrawing, and a line per stage at most', async () => {
    const { stderr } = await demo('--format', 'json');
    expect(stderr).not.toMatch(/[\r\u001b]/);
    const lines = stderr.split('\n').filter((line) => /^(?:looking|getting|learning|planning|testing|judging|removing)/.test(line));
    expect(lines).toHaveLength(7);
  });

  test('colours only when they are wanted', async () => {
    expect((await demo()).stdout).not.toContain('\u001b');
    const forced = await middlebrick(['demo', '--quiet'], { env: { FORCE_COLOR: '1' } });
    expect(forced.stdout).toContain('\u001b[');
    const refused = await middlebrick(['demo', '--quiet'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(refused.stdout).not.toContain('\u001b');
    const flagged = await middlebrick(['demo', '--quiet', '--no-color'], { env: { FORCE_COLOR: '1' } });
    expect(flagged.stdout).not.toContain('\u001b');
  });

  test('a reader who leaves early is no error', async () => {
    const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
    const child = spawn(process.execPath, [main, 'demo', '--format', 'html', '--quiet'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('a full disk behind stdout is said', async () => {
    const full = openSync('/dev/full', 'w');
    const outcome = await middlebrick(['demo', '--quiet'], { stdout: full });
    closeSync(full);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/^error: .*standard output/m);
  });
});

describe.concurrent('files', () => {
  test('the ending decides the format, and what was there is replaced', async (t) => {
    const folder = await emptyFolder(t);
    await writeFile(join(folder, 'report.json'), 'old');
    for (const name of ['report.json', 'report.sarif', 'report.html']) {
      const outcome = await middlebrick(['demo', '--output', name], { cwd: folder });
      expect(outcome).toMatchObject({ code: 0, stdout: '' });
      expect(outcome.stderr).toContain(`report: ${name}`);
    }
    expect((await readdir(folder)).sort()).toEqual(['report.html', 'report.json', 'report.sarif']);
    parseReport(await readFile(join(folder, 'report.json'), 'utf8'));
    expect(JSON.parse(await readFile(join(folder, 'report.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });

  test('--output json, as the hosted tool spells it', async (t) => {
    const folder = await emptyFolder(t);
    const outcome = await middlebrick(['demo', '--output', 'json'], { cwd: folder });
    parseReport(outcome.stdout);
    expect(outcome.stderr).toMatch(/note: .*--format json/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('devices and links stay what they are', async (t) => {
    const folder = await emptyFolder(t);
    await writeFile(join(folder, 'real.json'), '');
    await symlink('real.json', join(folder, 'link.json'));
    await middlebrick(['demo', '--output', 'link.json'], { cwd: folder });
    parseReport(await readFile(join(folder, 'real.json'), 'utf8'));
    expect((await middlebrick(['demo', '--format', 'json', '--output', '/dev/null'])).stdout).toBe('');
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });
});

describe.concurrent('the gate', () => {
  test.each([
    ['a score that is reached', ['--threshold', '10'], 0],
    ['a score that is not', ['--threshold', '80'], 1],
    ['a grade that is not', ['--threshold', 'b'], 1],
    ['a severity that occurs', ['--fail-on', 'low'], 1],
  ])('%s', async (_, args, code) => {
    const outcome = await demo('--format', 'summary', ...args);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toMatch(code === 0 ? /gate passed: / : /gate failed: /);
  });

  test('the repaired shop passes the strictest', async () => {
    expect((await demo('--repaired', '--threshold', 'A', '--fail-on', 'info')).code).toBe(0);
  });

  test('findings of the baseline do not count', async (t) => {
    const folder = await emptyFolder(t);
    const baseline = join(folder, 'main.json');
    await demo('--output', baseline);
    expect((await demo('--fail-on', 'high', '--threshold', 'A', '--baseline', baseline)).code).toBe(0);
    const report = parseReport(await readFile(baseline, 'utf8'));
    await writeFile(baseline, JSON.stringify({ ...report, findings: report.findings.slice(1) }));
    expect((await demo('--fail-on', 'high', '--baseline', baseline)).code).toBe(1);
    await writeFile(baseline, '{}');
    const broken = await demo('--fail-on', 'high', '--baseline', baseline);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toMatch(/main\.json is not a report/);
  });

  test('inconclusive wins over the gate', async (t) => {
    const server = await using(
      t,
      hostileHttp((request, response) =>
        sendJson(response, request.url === '/openapi.json' ? 200 : 401, request.url === '/openapi.json' ? threeOperations : {}),
      ),
    );
    expect((await middlebrick(['scan', server.url, '--threshold', '1', '--fail-on', 'info'])).code).toBe(2);
  });
});

describe.concurrent('a plan', () => {
  test('as a table and as JSON; no probe is sent and no account is made', async (t) => {
    const folder = await emptyFolder(t);
    const served = await using(t, serveApi(vulnerableShop));
    const table = await middlebrick(['scan', served.url, '--allow', 'write', '--dry-run'], { cwd: folder });
    expect(table.code, table.stderr).toBe(0);
    expect(table.stdout).toMatch(/^phase +check +as +request/);
    expect(table.stdout).toContain('anonymous-access');
    const json = await middlebrick(['scan', served.url, '--dry-run', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toContainEqual(expect.objectContaining({ check: 'anonymous-access', as: 'anonymous' }));
    expect(await readdir(folder)).toEqual([]);
    const signUp = await fetch(`${served.url}/register`, {
      method: 'POST',
      body: JSON.stringify({ username: 'first', email: 'first@mail.example', password: 'long-enough' }),
    });
    // The shop numbers what it makes: two customers and an order were there, so this is the fourth.
    expect(await signUp.json()).toMatchObject({ id: 1004 });
  });
});

test.concurrent('a recording gives the same findings and the same score, without the target', async (t) => {
  const folder = await emptyFolder(t);
  const served = await serveApi(vulnerableShop);
  const args = ['--format', 'json', '--quiet'];
  const record = ['--allow', 'write', '--record', 'scan.ndjson'];
  const scanned = parseReport((await middlebrick(['scan', served.url, ...record, ...args], { cwd: folder })).stdout);
  await served.close();
  const judged = parseReport((await middlebrick(['judge', 'scan.ndjson', ...args], { cwd: folder })).stdout);
  expect(fingerprints(judged)).toEqual(fingerprints(scanned));
  expect(fingerprints(scanned).length).toBeGreaterThan(5);
  expect(judged).toMatchObject({ outcome: 'done', score: scanned.score, grade: scanned.grade });
  expect(judged.coverage.verdicts).toEqual(scanned.coverage.verdicts);
});

test.concurrent('a scan with consent leaves no journal when all was removed, and keeps one that was asked for', async (t) => {
  const folder = await emptyFolder(t);
  const served = await using(t, serveApi(repairedShop));
  expect((await middlebrick(['scan', served.url, '--allow', 'write'], { cwd: folder })).code).toBe(0);
  expect(await readdir(folder)).toEqual([]);
  expect((await middlebrick(['scan', served.url, '--allow', 'write', '--journal', 'own.ndjson'], { cwd: folder })).code).toBe(0);
  expect(await readdir(folder)).toEqual(['own.ndjson']);
});

test.concurrent('a description from standard input, and a target that it names itself', async (t) => {
  const folder = await emptyFolder(t);
  const served = await using(t, serveApi(repairedShop));
  const description = { ...(repairedShop.description as object), servers: [{ url: served.url }] };
  const outcome = await middlebrick(['scan', '--spec', '-', '--wait', '--allow', 'write', '--format', 'json'], {
    stdin: JSON.stringify(description),
    cwd: folder,
  });
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(parseReport(outcome.stdout)).toMatchObject({ outcome: 'done', target: { description: '<stdin>' } });
});

test.concurrent('explain lists the checks and shows the page of one', async () => {
  const list = await middlebrick(['explain']);
  expect(list.stdout).toMatch(/^foreign-object-read +high +A caller can read/m);
  const page = await middlebrick(['explain', 'foreign-object-read']);
  expect(page.stdout).toMatch(/^# foreign-object-read/);
  expect(page.code).toBe(0);
});

test.concurrent('--version is quick and prints the version of the package', async () => {
  const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const outcome = await middlebrick(['--version']);
  expect(outcome).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});
