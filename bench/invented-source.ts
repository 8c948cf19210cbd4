import { Command } from 'commander';
import { tableOfSource, tallyOfSource } from './invented-source-tally.ts';

// Which apps are analysed depends on the seed alone, so that a rate can be measured again.
const program = new Command('invented-source')
  .description('analyse the source of invented Flask apps, and print the rates of missed and wrong findings')
  .option('--count <number>', 'how many', '500')
  .option('--seed <number>', 'the number of the first', '1')
  .option('--verbose', 'name each miss and each wrong finding on standard error')
  .parse();
const options = program.opts<{ count: string; seed: string; verbose?: boolean }>();
const say = options.verbose === true ? (text: string): void => void process.stderr.write(`${text}\n`) : undefined;
const tally = await tallyOfSource(Number(options.count), Number(options.seed), say);
process.stdout.write(`${tableOfSource(tally)}\n`);
