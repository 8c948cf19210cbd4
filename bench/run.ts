import { measure as measureDescription } from './description.ts';
import { measure as measureInvented } from './invented-measure.ts';
import { printed } from './measurement.ts';
import { measure as measureSource } from './source-measure.ts';
import { measure as measureThroughput } from './throughput.ts';
import { measure as measureWeakSecret } from './weak-secret.ts';

// Figures are printed, never asserted: a benchmark on a busy machine is no test.
const args = process.argv.slice(2);
const invented = await measureInvented();
const rows = [
  ...(await measureDescription()),
  ...(await measureThroughput()),
  ...(await measureWeakSecret()),
  ...invented.rows,
  // A folder of Python and --semgrep-rules DIR are handed on: npm run bench -- FOLDER
  ...measureSource(args.filter((arg) => arg !== '--json')),
];
process.stdout.write(`${printed(rows, args.includes('--json'))}\n`);
// Where the engine is weak: what is missed and what is wrong, by check and by feature.
if (!args.includes('--json')) process.stdout.write(`\n${invented.table}\n`);
