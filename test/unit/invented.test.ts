import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blueprintOf, blueprints } from '../invented/arbitrary.ts';
import { isKnownMiss, knownMisses } from '../invented/known-misses.ts';
import { missedOf, scanInvented } from '../invented/scan-invented.ts';

// An API that fails shrinks to the smallest that does: make it an example of the check that is at fault.
test('of invented APIs, what was planted is reported, and nothing else', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(blueprints, async (blueprint) => {
      const compared = await scanInvented(blueprint);
      const wrong = compared.wrong.map(({ check, operation, proof }) => `${check} at ${operation.method} ${operation.path}: ${proof}`);
      const missed = missedOf(compared).filter((item) => !isKnownMiss(blueprint, item));
      expect({ wrong, missed: missed.map(({ check, operations }) => `${check} at ${operations.join(' or ')}`) }).toEqual({
        wrong: [],
        missed: [],
      });
    }),
    { seed: 20_240_617, numRuns: 200 },
  );
});

test.each(knownMisses.map((known) => [known.why, known] as const))('is still missed: %s', async (_why, { example, matches }) => {
  const blueprint = blueprintOf(example);
  const missed = missedOf(await scanInvented(blueprint));
  expect(missed.some((item) => matches(blueprint, item.plant))).toBe(true);
});
