import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Measurement } from './measurement.ts';

const measured = z.object({ cpu: z.number(), seconds: z.number(), megabytes: z.number() });
const result = z.object({
  megabytes: z.number(),
  parse: measured,
  whole: measured,
  others: z.record(z.string(), z.union([measured, z.string()])),
});

/** Source analysis of a folder (the lab's applications when none is given), beside other programs on the same tree. */
export function measure(args: readonly string[]): Measurement[] {
  const file = fileURLToPath(new URL('source.ts', import.meta.url));
  const text = execFileSync(process.execPath, ['--import', 'tsx', file, ...args, '--json'], { encoding: 'utf8', maxBuffer: 1e8 });
  const { megabytes, parse, whole, others } = result.parse(JSON.parse(text));
  const rows: Measurement[] = [
    { name: 'source: parsed and lowered in a second', value: megabytes / parse.seconds, unit: 'MB/s', goal: 0, better: 'more' },
    { name: `source: ${megabytes.toFixed(2)} MB analysed in`, value: whole.seconds, unit: 's', goal: 3, better: 'less' },
    { name: 'source: memory', value: whole.megabytes, unit: 'MB', goal: 300, better: 'less' },
  ];
  for (const [name, other] of Object.entries(others)) {
    if (typeof other === 'string') continue;
    const own = name === 'Semgrep' ? whole : parse;
    rows.push({ name: `source: processor time / ${name}`, value: own.cpu / other.cpu, unit: 'ratio', goal: 0, better: 'more' });
  }
  return rows;
}
