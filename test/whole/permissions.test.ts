import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { serveApi } from '../../src/demo/serve.ts';
import { parseReport } from '../../src/report/index.ts';
import { newsroom, newsroomIdentities } from '../support/newsroom.ts';
import { emptyFolder, middlebrick, refusal, using, type Outcome } from './command.ts';

interface Room {
  readonly url: string;
  readonly folder: string;
  readonly run: (...args: readonly string[]) => Promise<Outcome>;
}

async function open(t: TestContext, flawed: boolean): Promise<Room> {
  const folder = await emptyFolder(t);
  const { url } = await using(t, serveApi(newsroom({ flawed })));
  await writeFile(join(folder, 'team.yaml'), newsroomIdentities);
  return { url, folder, run: (...args) => middlebrick([...args, '--identities', 'team.yaml', '--seed', 's'], { cwd: folder }) };
}

/** What a person would make of the map of the flawed newsroom. */
function corrected(text: string): string {
  const row = (operation: string): string => String.raw`(  ${operation}:\n(?: {4}.*\n)*? {4}user: )allow`;
  return ['GET /drafts', 'POST /announcements'].reduce((file, operation) => file.replace(new RegExp(row(operation)), '$1deny'), text);
}

describe.concurrent('permissions', () => {
  test('are mapped, corrected, and held against the target', async (t) => {
    const { url, folder, run } = await open(t, true);
    const mapped = await run('map', url, '--allow', 'write', '--output', 'permissions.yaml');
    expect(mapped.code, mapped.stderr).toBe(0);
    expect(mapped.stdout).toMatch(/^operation +anonymous +admin +editor +user$/m);
    expect(mapped.stdout).toMatch(/^GET \/totals +deny +allow +deny +deny$/m);
    expect(mapped.stdout).toMatch(/^POST \/announcements +deny +allow +allow +allow$/m);
    expect(mapped.stdout).toMatch(/^DELETE \/notes\/\{id\} +deny +own +own +own$/m);

    const file = join(folder, 'permissions.yaml');
    await writeFile(file, corrected(await readFile(file, 'utf8')));
    const scanned = await run('scan', url, '--allow', 'write', '--permissions', 'permissions.yaml', '--format', 'json');
    const { findings } = parseReport(scanned.stdout);
    expect(findings.map(({ check, operation, confidence }) => `${check} ${operation.method} ${operation.path} ${confidence}`)).toEqual([
      'permission-violated POST /announcements certain',
      'permission-violated GET /drafts certain',
    ]);
    expect(await run('map', url, '--output', 'permissions.yaml')).toMatchObject(refusal(/is there already/));
  });

  test('that are kept give no finding', async (t) => {
    const { url, folder, run } = await open(t, false);
    const mapped = await run('map', url, '--allow', 'write', '--format', 'yaml');
    await writeFile(join(folder, 'permissions.yaml'), mapped.stdout);
    const scanned = await run('scan', url, '--allow', 'write', '--permissions', 'permissions.yaml', '--format', 'json');
    expect(scanned.code, scanned.stderr).toBe(0);
    expect(parseReport(scanned.stdout).findings).toEqual([]);
  });

  test('with a mistyped operation are refused before anything is written', async (t) => {
    const { url, folder, run } = await open(t, false);
    await writeFile(join(folder, 'permissions.yaml'), 'roles: {user: [alice]}\npermissions:\n  GET /draft:\n    user: deny\n');
    const scanned = await run('scan', url, '--permissions', 'permissions.yaml');
    expect(scanned).toMatchObject(refusal(/did you mean "GET \/drafts"/));
  });

  test('are printed as JSON', async (t) => {
    const { url, run } = await open(t, false);
    const { stdout } = await run('map', url, '--format', 'json');
    const map: unknown = JSON.parse(stdout);
    expect(map).toMatchObject({
      target: url,
      roles: { admin: ['root'], editor: ['eve'], user: ['alice', 'bob'] },
      operations: expect.arrayContaining([
        expect.objectContaining({
          operation: 'GET /drafts',
          access: expect.objectContaining({ user: expect.objectContaining({ decision: 'deny' }) }),
        }),
      ]),
    });
  });
});
