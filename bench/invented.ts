import { Command } from 'commander';
import { measurementsOf, tableOf, tallyOf } from './invented-measure.ts';
import { printed } from './measurement.ts';

// Which APIs are scanned depends on the seed alone, so that a rate can be measured again.
const program = new Command('invented')
  .description('scan invented APIs, and print the rates of missed and wrong findings')
  .option('--count <number>', 'how many', '500')
  .option('--seed <number>', 'the number of the first', '1')
  .option('--verbose', 'name each miss and each wrong finding on standard error')
  .option('--json', 'print measurements instead of the table')
  .parse();
const options = program.opts<{ count: string; seed: string; verbose?: boolean; json?: boolean }>();
const say = options.verbose === true ? (text: string): void => void process.stderr.write(`${text}\n`) : undefined;
const tally = await tallyOf(Number(options.count), Number(options.seed), say);
process.stdout.write(`${options.json === true ? printed(measurementsOf(tally), true) : tableOf(tally)}\n`);
