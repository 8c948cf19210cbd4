import pc from 'picocolors';
import { gate } from '../index.ts';
import type { Report } from '../model/report.ts';
import { formats } from '../report/index.ts';
import { oneLine } from '../report/terminal-text.ts';
import { deliver, type Output } from './output.ts';
import type { Invocation } from './invocation.ts';

/**
 * Writes the report, says what it comes to, and returns the exit code. Inconclusive wins over the gate: a scan that saw too
 * little has neither passed nor failed.
 */
export async function conclude(report: Report, output: Output, invocation: Invocation, quiet: boolean): Promise<number> {
  const { terminal } = invocation;
  const { format, file } = output;
  const text = formats[format](report, { colour: terminal.colourOut && file === undefined, width: terminal.width });
  const delivered = await deliver(text, file, invocation);
  const colours = pc.createColors(terminal.colourErr);
  const isShown = file === undefined && (format === 'pretty' || format === 'summary');
  if (!quiet && !isShown) {
    if (file !== undefined && delivered) terminal.say(`report: ${file} (${format})`);
    terminal.say(formats.summary(report, { colour: terminal.colourErr, width: terminal.width }).trimEnd());
    for (const note of report.notes) terminal.say(`note: ${oneLine(note)}`);
  }
  const { passed, why } = gate(report, output);
  const isGated = output.threshold !== undefined || output.failOn !== undefined;
  if (isGated && report.outcome === 'done' && (!quiet || !passed)) {
    terminal.say(`${passed ? colours.green('gate passed:') : colours.red('gate failed:')} ${why}`);
  }
  if (report.outcome === 'inconclusive' || !delivered) return 2;
  return passed ? 0 : 1;
}
