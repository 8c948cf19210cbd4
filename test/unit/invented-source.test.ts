import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyzeFiles } from '../../src/source/index.ts';
import { analyzeInvented, missedOf } from '../invented-source/analyze-invented.ts';
import { designOf, designs } from '../invented-source/arbitrary.ts';

// An app that fails shrinks to the smallest that does: make it an example of the rule that is at fault.
test('of invented Flask apps, what was planted is reported where it is, and nothing else', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(designs, async (design) => {
      const compared = await analyzeInvented(design);
      const wrong = compared.wrong.map(({ finding }) => `${finding.check}: ${finding.proof}`);
      const missed = missedOf(compared).map(({ plant, places }) => `${plant.kind} at ${places.join(' or ')}`);
      expect({ wrong, missed }).toEqual({ wrong: [], missed: [] });
    }),
    { seed: 20_261_122, numRuns: 30 },
  );
});

test('of invented Flask apps, what a patch repairs is not found again', { timeout: 60_000 }, async () => {
  let repaired = 0;
  for (const number of [12, 21, 22]) {
    const { report, written } = await analyzeInvented(designOf(number), { patches: { together: true } });
    const nameOf = ({ check, operation }: (typeof report.findings)[number]): string => `${check} ${operation.method} ${operation.path}`;
    // Whether a refusal tells too much is found at each refusal, so that one is left when another is mended.
    const grave = report.findings.filter(({ severity }) => severity !== 'low' && severity !== 'info');
    const mended = new Set(grave.flatMap((finding) => (finding.patch?.kind === 'patch' ? [nameOf(finding)] : [])));
    const texts = written.files.map(({ path, text }) => ({ path, text: report.patched?.texts.get(path) ?? text }));
    const again = await analyzeFiles({
      files: texts.filter(({ path }) => path.endsWith('.py')),
      documents: texts.filter(({ path }) => !path.endsWith('.py')),
      notes: [],
    });
    expect(again.findings.map(nameOf).filter((name) => mended.has(name))).toEqual([]);
    repaired += mended.size;
  }
  expect(repaired).toBeGreaterThan(0);
});
