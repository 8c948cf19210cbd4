import { expect, test } from 'vitest';
import { parseReport } from '../../src/report/index.ts';
import { middlebrick } from './command.ts';

/** What differs from run to run: the port, and how long it took. */
function normalised(text: string): string {
  return text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT').replaceAll(/\d+ requests in \d+\.\d+ s\b/g, 'N requests in N s');
}

test.concurrent('the demo shows what the tool proves, in a few seconds', async () => {
  const outcome = await middlebrick(['demo', '--seed', 'readme', '--format', 'json']);
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(outcome.seconds).toBeLessThan(20);
  const proven = parseReport(outcome.stdout).findings.filter((finding) => finding.confidence !== 'tentative');
  expect([...new Set(proven.map((finding) => finding.check))].sort()).toEqual([
    'anonymous-access',
    'foreign-collection-read',
    'foreign-object-change',
    'foreign-object-delete',
    'foreign-object-read',
    'object-existence-revealed',
    'predictable-object-id',
    'privileged-operation-open',
    'property-assignment',
    'sensitive-property-returned',
    'unsigned-token-accepted',
  ]);
});

test.concurrent('its repaired twin stays silent', async () => {
  const outcome = await middlebrick(['demo', '--repaired', '--seed', 'readme', '--format', 'json']);
  expect(outcome.code, outcome.stderr).toBe(0);
  const report = parseReport(outcome.stdout);
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ outcome: 'done', grade: 'A' });
});

test.concurrent('what the newcomer sees', async ({ expect }) => {
  const { stdout } = await middlebrick(['demo', '--seed', 'readme', '--quiet']);
  const blocks = normalised(stdout).split(/\n\n(?=\S| [A-Z])/);
  const read = blocks.find((block) => block.includes('GET /orders/{order_id} ')) ?? '';
  const chosen = [blocks[0], read, ...blocks.slice(-2)];
  await expect(chosen.join('\n\n')).toMatchFileSnapshot('demo.pretty.txt');
});
