import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { surfaceFromText } from '../src/discover/index.ts';
import type { Measurement } from './measurement.ts';
import { packageFolder } from './specs-cache.ts';
import { planOf } from './specs-plan.ts';

/**
 * From the text of GitHub's description (13 MB, the largest in common use) to the plan of a dry run. Peak memory is that of this
 * process, so this is measured before anything else.
 */
export async function measure(): Promise<Measurement[]> {
  const folder = await packageFolder('@octokit/openapi', '23.0.2', ['generated/api.github.com.json']);
  const text = await readFile(join(folder, 'generated/api.github.com.json'), 'utf8');
  const parsing = performance.now();
  JSON.parse(text);
  const started = performance.now();
  await planOf(surfaceFromText(text, 'api.github.com.json', { origin: 'http://127.0.0.1:5000' }));
  const ms = performance.now() - started;
  return [
    { name: "GitHub's description to a plan", value: ms, unit: 'ms', goal: 1000, better: 'less' },
    { name: "GitHub's description to a plan / JSON.parse alone", value: ms / (started - parsing), unit: 'ratio', goal: 15, better: 'less' },
    { name: "GitHub's description, peak memory", value: process.resourceUsage().maxRSS / 1024, unit: 'MB', goal: 250, better: 'less' },
  ];
}
