import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { judgeRecording, scan } from '../../src/index.ts';
import { recordedNotes, type RecordedNotes } from '../support/recorded-notes.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function started(
  repaired: boolean,
  listed = false,
): Promise<{ api: RecordedNotes; folder: string; write: (name: string, text: string) => Promise<string> }> {
  const api = await recordedNotes({ repaired, listed });
  const folder = await mkdtemp(join(tmpdir(), 'middlebrick-test-'));
  closing.push(api.close, () => rm(folder, { recursive: true, force: true }));
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };
  return { api, folder, write };
}

const checksOf = (report: { findings: readonly { check: string; operation: { path: string } }[] }): string[] =>
  report.findings.map((finding) => `${finding.check} ${finding.operation.path}`);

describe('two recordings and nothing else, reading only', () => {
  test('show who is who and what is whose: the note of another person is served', async () => {
    const { api, folder, write } = await started(false);
    const hars = [
      { name: 'alice', file: await write('alice.har', await api.har('alice')) },
      { name: 'bob', file: await write('bob.har', await api.har('bob')) },
    ];
    const before = api.seen.length;
    const { report } = await scan({ target: api.url, hars, seed: 'test', record: join(folder, 'scan.ndjson') });
    expect(report.outcome, report.reasons.join(' ')).toBe('done');
    expect(checksOf(report)).toContain('foreign-object-read /api/notes/{noteId}');
    expect(report.coverage.reach).toContainEqual({
      operation: 'GET /api/notes/{noteId}',
      source: 'har',
      access: { alice: 'served', bob: 'served', anonymous: 'not-tried' },
    });
    expect(new Set(api.seen.slice(before).map((line) => line.split(' ')[0]))).toEqual(new Set(['GET']));
    const recording = await readFile(join(folder, 'scan.ndjson'), 'utf8');
    for (const secret of [...Object.values(api.tokens), 'Pw-of-alice-55', 'Pw-of-bob-55']) {
      expect(JSON.stringify(report).includes(secret)).toBe(false);
      expect(recording.includes(secret)).toBe(false);
    }
    const judged = await judgeRecording(join(folder, 'scan.ndjson'));
    expect(judged.report.findings.map((finding) => finding.fingerprint)).toEqual(report.findings.map((finding) => finding.fingerprint));
  });

  test('the repaired twin is silent', async () => {
    const { api, write } = await started(true);
    const hars = [
      { name: 'alice', file: await write('alice.har', await api.har('alice')) },
      { name: 'bob', file: await write('bob.har', await api.har('bob')) },
    ];
    const { report } = await scan({ target: api.url, hars, seed: 'test' });
    expect(report.outcome, report.reasons.join(' ')).toBe('done');
    expect(report.findings.filter(({ severity }) => severity !== 'info' && severity !== 'low')).toEqual([]);
  });

  test('one is enough without a URL when it went to one API only, and says so when it did not', async () => {
    const { api, write } = await started(false);
    const text = await api.har('alice');
    const file = await write('alice.har', text);
    await expect(scan({ hars: [{ name: 'alice', file }] })).rejects.toMatchObject({ code: 'target-unknown' });
    const alone = await write('alone.har', text.replaceAll('https://metrics.example', api.url));
    const { report } = await scan({ hars: [{ name: 'alice', file: alone }], seed: 'test' });
    expect(report.target.url).toBe(api.url);
  });

  test('join a description: its operations get objects', async () => {
    const { api, write } = await started(false);
    const spec = await write(
      'api.json',
      JSON.stringify({
        openapi: '3.0.3',
        info: { title: 'Notes', version: '1' },
        paths: { '/api/notes/{id}': { get: { responses: {} } } },
      }),
    );
    const hars = [
      { name: 'alice', file: await write('alice.har', await api.har('alice')) },
      { name: 'bob', file: await write('bob.har', await api.har('bob')) },
    ];
    const { report } = await scan({ target: api.url, spec, hars, seed: 'test' });
    expect(checksOf(report)).toContain('foreign-object-read /api/notes/{id}');
    expect(report.coverage.reach.map(({ operation }) => operation)).toEqual(['GET /api/notes/{id}', 'POST /api/login']);
  });
});

describe('a Postman collection', () => {
  const collection = (url: string): string =>
    JSON.stringify({
      info: { _postman_id: '1', name: 'Notes', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}' }] },
      variable: [{ key: 'base', value: url }],
      item: [
        {
          name: 'Notes',
          item: [
            {
              name: 'Read a note',
              request: { method: 'GET', url: { raw: '{{base}}/api/notes/:id', variable: [{ key: 'id', value: '7' }] } },
            },
            { name: 'All notes', request: { method: 'GET', url: '{{base}}/api/notes' } },
          ],
        },
      ],
    });

  test.each([
    [false, ['foreign-object-read /api/notes/{id}']],
    [true, []],
  ])('and two credentials, repaired: %s', async (repaired, expected) => {
    const { api, write } = await started(repaired, true);
    const spec = await write('notes.json', collection(api.url));
    const identities = Object.entries(api.tokens).map(([name, token]) => ({
      name,
      source: 'flag' as const,
      facts: {},
      means: {
        kind: 'fixed' as const,
        credential: { headers: [['Authorization', `Bearer ${token}`] as const], cookies: [], query: [] },
        secrets: [token],
      },
    }));
    const { report } = await scan({ spec, identities, seed: 'test' });
    expect(report.outcome, report.reasons.join(' ')).toBe('done');
    expect(checksOf(report).filter((line) => line.startsWith('foreign-'))).toEqual(expected);
    expect(report.coverage.reach[0]?.source).toBe('postman');
  });

  test('lends its own credential when nobody else is at hand', async () => {
    const { api, write } = await started(false);
    const spec = await write('notes.json', collection(api.url));
    const environment = await write(
      'env.json',
      JSON.stringify({ name: 'Local', values: [{ key: 'token', value: api.tokens.alice, enabled: true }] }),
    );
    const { report } = await scan({ spec, environment, seed: 'test' });
    expect(report.identities).toMatchObject([{ name: 'collection', usable: true }]);
    expect(JSON.stringify(report).includes(api.tokens.alice)).toBe(false);
  });
});
