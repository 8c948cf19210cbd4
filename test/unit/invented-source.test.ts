import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyzeInvented } from '../invented-source/analyze-invented.ts';
import { designs } from '../invented-source/arbitrary.ts';

// An app that fails shrinks to the smallest that does: make it an example of the rule that is at fault.
test('of invented Flask apps, nothing is reported that was not planted', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(designs, async (design) => {
      const { wrong } = await analyzeInvented(design);
      expect(wrong.map(({ finding }) => `${finding.check}: ${finding.proof}`)).toEqual([]);
    }),
    { seed: 20_261_122, numRuns: 60 },
  );
});
