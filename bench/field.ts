import { writeFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { UserError, type Report } from '../src/index.ts';
import { compareWithTruth } from './field-compare.ts';
import { surprises } from './field-expect.ts';
import { prepare, readReport, scanTarget } from './field-scan.ts';
import { fieldText, stabilityText } from './field-table.ts';
import { readExpectations, readNegatives, readTruth } from './field-truth.ts';

interface Flags {
  readonly target: string;
  readonly truth: string;
  readonly negatives?: string;
  readonly expect?: string;
  readonly part?: string;
  readonly url?: string;
  readonly report?: string;
  readonly spec?: string;
  readonly identities?: string;
  readonly allow: string;
  readonly runs: string;
  readonly before?: string;
  readonly keep?: string;
}

const program = new Command('field')
  .description('scan a target whose weaknesses are known, and compare')
  .requiredOption('--target <name>', 'what it is called in the table')
  .requiredOption('--truth <file>', 'JSON with what is wrong with it')
  .option('--negatives <file>', 'JSON with what must not be reported of it')
  .option('--expect <file>', 'YAML with what is known to be found and missed (test/field)')
  .option('--part <words>', 'keep the entries of a truth file of many targets whose path has these words at its end')
  .option('--url <url>', 'where it runs')
  .option('--report <file>', 'compare this finished report instead')
  .option('--spec <file>', 'its description')
  .option('--identities <file>', 'accounts at it')
  .option('--allow <what>', 'read, write or intrusive', 'write')
  .option('--runs <number>', 'scan so many times', '1')
  .option('--before <command>', 'run this before each scan, to put the target back as it was')
  .option('--keep <file>', 'write the report of the last scan here')
  .exitOverride();

/** The reports to compare, in the order in which they were made. */
async function reportsOf({ url, report, runs, before, ...flags }: Flags): Promise<Report[]> {
  if (report !== undefined) return [await readReport(report)];
  if (url === undefined) throw new UserError('target-missing', 'There is nothing to compare.', { hint: 'Give --url or --report.' });
  const lent = (['spec', 'identities', 'allow'] as const).flatMap((name) => (flags[name] === undefined ? [] : [`--${name}`, flags[name]]));
  const reports: Report[] = [];
  for (let run = 0; run < Number(runs); run += 1) {
    if (before !== undefined) await prepare(before);
    reports.push(await scanTarget([url, ...lent]));
  }
  return reports;
}

/** Prints the comparison; false when something is not as expected, or something sound was reported. */
async function main(flags: Flags): Promise<boolean> {
  const { target, truth, negatives, expect, part } = flags;
  const weaknesses = await readTruth(truth, part);
  const sound = negatives === undefined ? [] : await readNegatives(negatives, part);
  const expectations = expect === undefined ? undefined : await readExpectations(expect, part);
  const reports = await reportsOf(flags);
  const texts: string[] = [];
  const wrong: string[] = [];
  for (const report of reports) {
    const comparison = compareWithTruth(report.findings, weaknesses, sound);
    texts.push(fieldText(target, report, comparison, expectations));
    if (expectations) wrong.push(...surprises(comparison, expectations));
    wrong.push(...comparison.violated.map((violation) => `${violation.sound.id} is sound, and was reported`));
  }
  if (reports.length > 1) texts.push(stabilityText(reports));
  const last = reports.at(-1);
  if (flags.keep !== undefined && last) await writeFile(flags.keep, JSON.stringify(last, null, 2));
  process.stdout.write(`${texts.join('\n\n')}\n`);
  if (wrong.length > 0) process.stderr.write(`Not as expected:\n${wrong.map((sentence) => `- ${sentence}\n`).join('')}`);
  return wrong.length === 0;
}

try {
  program.parse();
  process.exitCode = (await main(program.opts<Flags>())) ? 0 : 1;
} catch (error) {
  if (error instanceof UserError) {
    process.stderr.write(`error: ${error.message}${error.hint === undefined ? '' : `\nhint: ${error.hint}`}\n`);
    process.exitCode = 2;
  } else if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else throw error;
}
