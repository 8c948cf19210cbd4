import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gate, judgeRecording, scan, type Report } from '../../src/index.ts';
import { formats } from '../../src/report/index.ts';
import { memoBoardSource, serveMemoBoard } from '../support/memo-board.ts';

const plain = { colour: false, width: 100 };

function lineOf(words: string): number {
  return memoBoardSource.split('\n').findIndex((line) => line.includes(words)) + 1;
}

describe('a scan with the source of its target', () => {
  let folder = '';
  let without: Report;
  let withSource: Report;
  let alone: Report;
  let judged: Report;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'board-'));
    await mkdir(join(folder, 'board'));
    await writeFile(join(folder, 'board', 'app.py'), memoBoardSource);
    const scanned = async (isDescribed: boolean, more: object): Promise<Report> => {
      const served = await serveMemoBoard(isDescribed);
      try {
        return (await scan({ target: served.url, allow: 'write', seed: 'board', only: ['foreign-object-read'], ...more })).report;
      } finally {
        await served.close();
      }
    };
    const record = join(folder, 'board.ndjson');
    without = await scanned(true, {});
    withSource = await scanned(true, { source: folder, record });
    alone = await scanned(false, { source: folder });
    judged = (await judgeRecording(record)).report;
  }, 60_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const found = ({ findings }: Report): string[] =>
    findings
      .filter(({ source }) => source?.standing !== 'unproven')
      .map(
        ({ operation, confidence, location }) => `${confidence} ${operation.method} ${operation.path} ${location?.file}:${location?.line}`,
      );
  const expected = [
    `certain GET /board/memos/{memo_id}/copy board/app.py:${lineOf('# copied for anybody')}`,
    `certain GET /board/sheet board/app.py:${lineOf('# printed for anybody')}`,
  ];

  test('is led to operations and parameters that the description does not tell of', () => {
    expect(found(without)).toEqual([]);
    expect(found(withSource)).toEqual(expected);
    expect(withSource.notes).toContain(
      '2 operations are in the source and not described: GET /board/memos/{memo_id}/copy, GET /board/archive/{year}/{memo_id}.',
    );
  });

  test('needs no description', () => {
    expect(found(alone)).toEqual(expected);
    expect(alone.coverage.reach.every(({ source }) => source === 'source' || source === 'crawl')).toBe(true);
  });

  test('keeps apart what no probe showed, and lists the views that were not reached', () => {
    const open = withSource.findings.filter(({ source, severity }) => source?.standing === 'unproven' && severity === 'high');
    expect(open.map(({ location }) => location?.line)).toEqual([lineOf('# of no memo yet')]);
    expect(open[0]?.source?.says.at(-1)).toMatch(/^(?:No probe reached|Every request to) the view/);
    expect(withSource.coverage.source?.unreached.map(({ function: name, line }) => [name, line])).toEqual([
      ['read_archive', lineOf('def read_archive')],
    ]);
  });

  test('scores and gates by what was shown', () => {
    const shown = withSource.findings.filter(({ source }) => source?.standing !== 'unproven');
    expect(withSource.categories.bolaAuthorization?.findings).toBe(shown.length);
    const mild = { ...withSource, findings: withSource.findings.filter(({ source }) => source?.standing === 'unproven') };
    expect(gate(mild, { failOn: 'high' }).passed).toBe(true);
    expect(gate(withSource, { failOn: 'high' }).passed).toBe(false);
  });

  test('is judged again offline with the same places', () => {
    expect(judged.findings).toEqual(withSource.findings);
    expect(judged.coverage.source).toEqual(withSource.coverage.source);
  });

  test('shows the line on the terminal, in the summary and on the page', () => {
    const text = formats.pretty(withSource, plain);
    const line = lineOf('# copied for anybody');
    expect(text).toContain(`  board/app.py:${line}  in copy_memo`);
    expect(text).toMatch(/way +board\/app\.py:\d+ {2}def copy_memo\(memo_id\):/);
    expect(text).toMatch(/right +GET \/board\/memos\S*, board\/app\.py:\d+: /);
    expect(text).toContain('In the source, and not proven by this scan');
    expect(text).toContain('Views that were not reached (1 of 8)');
    expect(formats.summary(withSource, plain)).toMatch(new RegExp(`GET /board/memos/\\{memo_id\\}/copy .* board/app\\.py:${line} \\[`));
    const page = formats.html(withSource, plain);
    expect(page).toContain(`board/app.py:${line}  in copy_memo`);
    expect(page).toContain('Source: not reached, or set aside');
  });

  test('points SARIF at the line, with the exchange in its message', () => {
    const log: unknown = JSON.parse(formats.sarif({ ...withSource, coverage: withSource.coverage }, plain));
    const uri = expect.stringMatching(/board\/app\.py$/);
    expect(log).toMatchObject({
      runs: [
        {
          results: expect.arrayContaining([
            expect.objectContaining({
              ruleId: 'foreign-object-read',
              message: { text: expect.stringMatching(/Seen on the running target: \w+ sends GET http:\S+\/copy and gets 200\./) },
              locations: [
                expect.objectContaining({
                  physicalLocation: { artifactLocation: { uri }, region: { startLine: lineOf('# copied for anybody'), startColumn: 12 } },
                }),
              ],
              codeFlows: expect.anything(),
              relatedLocations: expect.anything(),
            }),
          ]),
        },
      ],
    });
    const relative = { ...withSource.coverage, source: { folder: './services/shop/', files: 1, views: 1, unreached: [], ignored: [] } };
    expect(formats.sarif({ ...withSource, coverage: relative }, plain)).toContain('"uri": "services/shop/board/app.py"');
  });

  test('says what is wrong with what it is given', async () => {
    const target = 'http://127.0.0.1:9';
    await expect(scan({ target, source: join(folder, 'none') })).rejects.toMatchObject({ code: 'source-not-found' });
    await expect(scan({ target, sourceConfig: 'x.yml' })).rejects.toMatchObject({ code: 'source-config-unused' });
    await expect(scan({ target, source: folder, sourceConfig: join(folder, 'x.yml') })).rejects.toMatchObject({
      code: 'source-config-not-found',
    });
  });
});
