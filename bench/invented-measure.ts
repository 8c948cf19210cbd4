import { blueprintOf } from '../test/invented/arbitrary.ts';
import { missedOf, scanInvented } from '../test/invented/scan-invented.ts';
import { Tally, type Count } from './invented-tally.ts';
import type { Measurement } from './measurement.ts';

/** Scans `count` invented APIs, numbered from `seed`. `say` hears of each that was missed in part or reported wrongly. */
export async function tallyOf(count: number, seed: number, say: (line: string) => void = () => {}): Promise<Tally> {
  const tally = new Tally();
  for (let number = seed; number < seed + count; number++) {
    const compared = await scanInvented(blueprintOf(number));
    tally.add(compared);
    for (const { check, operations } of missedOf(compared)) say(`${number}: missed ${check} at ${operations.join(' or ')}`);
    for (const { check, operation } of compared.wrong) say(`${number}: wrong ${check} at ${operation.method} ${operation.path}`);
  }
  return tally;
}

/** The figures that count, and the share that was found of each check and each value of each feature. */
export function measurementsOf(tally: Tally): Measurement[] {
  const { all, wrongOnSound } = tally;
  const rows: Measurement[] = [
    { name: 'invented: planted weaknesses found', value: found(all), unit: 'ratio', goal: 0.97, better: 'more' },
    {
      name: 'invented: wrong findings in 1,000 operations',
      value: (1_000 * all.wrong) / Math.max(1, all.operations),
      unit: '',
      goal: 1,
      better: 'less',
    },
    { name: 'invented: wrong findings where nothing is planted', value: wrongOnSound, unit: '', goal: 0, better: 'less' },
  ];
  const share = (name: string, count: Count): Measurement[] =>
    count.planted === 0 ? [] : [{ name: `invented: found, ${name}`, value: found(count), unit: 'ratio', goal: 0, better: 'more' }];
  for (const [check, count] of tally.byCheck) rows.push(...share(check, count));
  for (const [feature, values] of tally.byFeature) for (const [value, count] of values) rows.push(...share(`${feature} ${value}`, count));
  return rows;
}

function found({ planted, missed }: Count): number {
  return planted === 0 ? 1 : (planted - missed) / planted;
}

/** A small count, for the benchmarks that run often: the figures that count, and the rates by check and by feature. */
export async function measure(): Promise<{ readonly rows: readonly Measurement[]; readonly table: string }> {
  const tally = await tallyOf(200, 1);
  return { rows: measurementsOf(tally).slice(0, 3), table: tableOf(tally) };
}

/** The rates as a table for people. */
export function tableOf(tally: Tally): string {
  const lines = [line('', 'operations', 'planted', 'missed', 'found', 'wrong')];
  const add = (name: string, count: Count): void =>
    void lines.push(
      line(
        name,
        count.operations === 0 ? '' : count.operations,
        count.planted,
        count.missed,
        count.planted === 0 ? '-' : found(count).toFixed(3),
        count.wrong,
      ),
    );
  add(`${tally.apis} APIs`, tally.all);
  lines.push('', 'check');
  for (const [check, count] of [...tally.byCheck].sort(byName)) add(`  ${check}`, count);
  for (const [feature, values] of tally.byFeature) {
    lines.push('', feature);
    for (const [value, count] of [...values].sort(byName)) add(`  ${value}`, count);
  }
  lines.push('', 'not asked of the engine'.padEnd(60) + 'planted'.padStart(9) + 'found'.padStart(9));
  for (const [why, { planted, found: seen }] of [...tally.unclaimed].sort(byName))
    lines.push(`  ${why}`.padEnd(60) + String(planted).padStart(9) + String(seen).padStart(9));
  return lines.join('\n');
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left.localeCompare(right);
}

function line(name: string, ...cells: readonly (string | number)[]): string {
  return name.padEnd(34) + cells.map((cell) => String(cell).padStart(11)).join('');
}
