import { measure as measureDescription } from './description.ts';
import { measure as measureInvented } from './invented-measure.ts';
import { printed } from './measurement.ts';
import { measure as measureThroughput } from './throughput.ts';
import { measure as measureWeakSecret } from './weak-secret.ts';

// Figures are printed, never asserted: a benchmark on a busy machine is no test.
const rows = [
  ...(await measureDescription()),
  ...(await measureThroughput()),
  ...(await measureWeakSecret()),
  ...(await measureInvented()),
];
process.stdout.write(`${printed(rows, process.argv.includes('--json'))}\n`);
