import { measure as measureDescription } from './description.ts';
import { printed } from './measurement.ts';
import { measure as measureThroughput } from './throughput.ts';

// Figures are printed, never asserted: a benchmark on a busy machine is no test.
const rows = [...(await measureDescription()), ...(await measureThroughput())];
process.stdout.write(`${printed(rows, process.argv.includes('--json'))}\n`);
