import { analyzeInvented, missedOf, type Compared } from '../test/invented-source/analyze-invented.ts';
import { designOf } from '../test/invented-source/arbitrary.ts';
import type { Design, Operation, PlantKind } from '../test/invented-source/design.ts';

/** What was counted of one value of a feature: `store` `peewee`. */
export interface SourceCount {
  views: number;
  planted: number;
  missed: number;
  wrong: number;
}

/** Everything that was counted over many invented apps. */
export interface SourceTally {
  apps: number;
  /** Wrong findings in apps in which nothing is planted. */
  wrongOnSound: number;
  readonly all: SourceCount;
  /** Weaknesses in apps in which nothing shows how it is done right: of these a suspicion is enough. */
  readonly alone: SourceCount;
  /** Feature → value → counts. */
  readonly features: Map<string, Map<string, SourceCount>>;
}

/** Analyses `count` invented apps, numbered from `seed`. `say` hears of each weakness that was missed and each wrong finding. */
export async function tallyOfSource(count: number, seed: number, say: (line: string) => void = () => {}): Promise<SourceTally> {
  const tally: SourceTally = { apps: 0, wrongOnSound: 0, all: none(), alone: none(), features: new Map() };
  for (let number = seed; number < seed + count; number++) {
    const compared = await analyzeInvented(designOf(number));
    add(tally, compared);
    for (const { plant, places } of missedOf(compared)) say(`${number}: missed ${plant.kind} at ${places.join(' or ')}`);
    for (const { finding } of compared.wrong)
      say(`${number}: wrong ${finding.check} at ${finding.location?.file ?? '?'}:${finding.location?.line ?? 0}: ${finding.proof}`);
  }
  return tally;
}

function add(tally: SourceTally, { design, written, expected, wrong }: Compared): void {
  tally.apps++;
  if (design.plants.length === 0) tally.wrongOnSound += wrong.length;
  const raise = (resource: number, index: number, plant: PlantKind | undefined, change: (count: SourceCount) => void): void => {
    change(tally.all);
    for (const [feature, value] of featuresOf(design, design.resources[resource]?.operations[index], plant)) {
      const values = tally.features.get(feature) ?? new Map<string, SourceCount>();
      tally.features.set(feature, values);
      const counts = values.get(value) ?? none();
      values.set(value, counts);
      change(counts);
    }
  };
  for (const { resource, index } of written.operations) raise(resource, index, undefined, (count) => count.views++);
  for (const { plant, found, isAlone } of expected) {
    if (isAlone) {
      tally.alone.planted++;
      if (!found) tally.alone.missed++;
      continue;
    }
    raise(plant.resource, plant.operation, plant.kind, (count) => {
      count.planted++;
      if (!found) count.missed++;
    });
  }
  for (const { operation } of wrong) {
    const at = written.operations.find(({ number }) => number === operation);
    raise(at?.resource ?? -1, at?.index ?? -1, undefined, (count) => count.wrong++);
  }
}

function featuresOf(design: Design, operation: Operation | undefined, plant: PlantKind | undefined): readonly [string, string][] {
  return [
    ...(plant ? [['planted', plant] satisfies [string, string]] : []),
    ['framework', design.framework],
    ['store', design.store],
    ['identity', design.identity],
    ['modules', String(design.style.modules)],
    ...(operation
      ? ([
          ['operation', operation.kind],
          ['guard', operation.guard],
          ['work is done in', operation.layer],
        ] satisfies [string, string][])
      : []),
  ];
}

function none(): SourceCount {
  return { views: 0, planted: 0, missed: 0, wrong: 0 };
}

/** The rates as a table for people. */
export function tableOfSource({ apps, wrongOnSound, all, alone, features }: SourceTally): string {
  const lines = [row('', 'views', 'planted', 'missed', 'found', 'wrong'), counted(`${apps} apps`, all)];
  lines.push(
    `  wrong in 1,000 views: ${((1000 * all.wrong) / Math.max(1, all.views)).toFixed(2)}; where nothing is planted: ${wrongOnSound}`,
  );
  lines.push(counted('  where nothing shows how', alone));
  for (const [feature, values] of features) {
    lines.push('', feature);
    for (const [value, count] of [...values].toSorted(([a], [b]) => a.localeCompare(b))) lines.push(counted(`  ${value}`, count));
  }
  return lines.join('\n');
}

function counted(name: string, { views, planted, missed, wrong }: SourceCount): string {
  return row(name, views, planted, missed, planted === 0 ? '-' : ((planted - missed) / planted).toFixed(3), wrong);
}

function row(name: string, ...cells: readonly (string | number)[]): string {
  return name.padEnd(26) + cells.map((cell) => String(cell).padStart(9)).join('');
}
