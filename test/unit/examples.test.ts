import { describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/index.ts';
import { runExample } from '../support/run-example.ts';

// The examples of the checks are their tests: each vulnerable one fails, each safe one does not, through the real engine.
describe.each(checks.map((check) => [check.id, check] as const))('%s', (_, check) => {
  test.each(check.examples.vulnerable.map((api) => [api.title, api] as const))('fails on: %s', async (_title, api) => {
    const { judged, world } = await runExample(api, [check]);
    const outcomes = judged.map(
      ({ subject, verdict }) => `${subject.operation.id}: ${verdict.outcome} ${'why' in verdict ? (verdict.why ?? '') : ''}`,
    );
    expect(
      judged.map(({ verdict }) => verdict.outcome),
      `${outcomes.join('\n')}\n${world.proofs.map((proof) => proof.why).join('\n')}`,
    ).toContain('fail');
  });

  test.each(check.examples.safe.map((api) => [api.title, api] as const))('stays silent on: %s', async (_title, api) => {
    const { judged } = await runExample(api, [check]);
    const wrong = judged.filter(({ verdict }) => verdict.outcome === 'fail' || verdict.outcome === 'broken');
    expect(
      wrong.map(({ subject, verdict }) => `${subject.operation.id}: ${JSON.stringify('proof' in verdict ? verdict.proof : verdict)}`),
    ).toEqual([]);
  });
});
