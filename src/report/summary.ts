import pc from 'picocolors';
import type { Report } from '../model/report.ts';
import { counted, inconclusiveAdvice, judgedSentence, severityCounts } from './phrases.ts';
import { oneLine } from './terminal-text.ts';

/** A few lines: the outcome, one line a finding, how much was judged. */
export function summary(report: Report, { colour }: { readonly colour: boolean }): string {
  const colours = pc.createColors(colour);
  const found =
    report.findings.length === 0 ? 'nothing found' : `${counted(report.findings.length, 'finding')} (${severityCounts(report.findings)})`;
  const outcome =
    report.outcome === 'inconclusive' ? colours.yellow('INCONCLUSIVE') : `Grade ${report.grade ?? '–'} (${report.score ?? '–'}/100)`;
  return `${[
    `${colours.bold(outcome)}  ${oneLine(report.target.url)}: ${found}`,
    ...report.reasons.map((reason) => `  why: ${oneLine(reason)}`),
    ...(report.outcome === 'inconclusive' ? [`  ${inconclusiveAdvice}`] : []),
    ...report.findings.map((finding) => {
      const where = oneLine(`${finding.operation.method} ${finding.operation.path}`);
      return `  ${finding.severity.padEnd(8)} ${finding.confidence.padEnd(9)} ${where}  ${oneLine(finding.title)} [${finding.fingerprint}]`;
    }),
    `  ${judgedSentence(report)}`,
  ].join('\n')}\n`;
}
