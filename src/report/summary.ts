import pc from 'picocolors';
import type { Report } from '../model/report.ts';
import { counted, inconclusiveAdvice, judgedSentence, operationsOf, severityCounts, sorted } from './phrases.ts';
import { oneLine } from './terminal-text.ts';

/** A few lines: the outcome, one line a finding, how much was judged. */
export function summary(report: Report, { colour }: { readonly colour: boolean }): string {
  const colours = pc.createColors(colour);
  const { found: shown, unproven } = sorted(report);
  const more = unproven.length === 0 ? '' : `; ${unproven.length} more in the source, not proven (${severityCounts(unproven)})`;
  const found = `${shown.length === 0 ? 'nothing found' : `${counted(shown.length, 'finding')} (${severityCounts(shown)})`}${more}`;
  return `${[
    `${colours.bold(report.outcome === 'inconclusive' ? colours.yellow('INCONCLUSIVE') : outcomePhrase(report))}  ${oneLine(report.target.url)}: ${found}`,
    ...report.reasons.map((reason) => `  why: ${oneLine(reason)}`),
    ...(report.outcome === 'inconclusive' ? [`  ${inconclusiveAdvice(report)}`] : []),
    ...shown.map((finding) => {
      const where = oneLine(operationsOf(finding));
      const place = finding.location ? ` ${oneLine(`${finding.location.file}:${finding.location.line}`)}` : '';
      return `  ${finding.severity.padEnd(8)} ${finding.confidence.padEnd(9)} ${where}  ${oneLine(finding.title)}${place} [${finding.fingerprint}]`;
    }),
    `  ${judgedSentence(report)}`,
  ].join('\n')}\n`;
}

function outcomePhrase({ kind, grade, score }: Report): string {
  return kind === 'source' ? 'Source' : `Grade ${grade ?? '–'} (${score ?? '–'}/100)`;
}
