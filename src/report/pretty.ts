import pc from 'picocolors';
import { categories } from '../model/check.ts';
import type { Report } from '../model/report.ts';
import {
  aboutTarget,
  categoryNames,
  counted,
  foundSentence,
  inconclusiveAdvice,
  judgedSentence,
  runPhrase,
  reachColumns,
  reachLegend,
  reachMarks,
  skippedByReason,
  sorted,
} from './phrases.ts';
import { openFinding, prettyFinding, type Style } from './pretty-finding.ts';
import { column, fit, oneLine, wrap } from './terminal-text.ts';

export interface FormatOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** The report for a terminal: findings, then what was covered and what was not, then the score. */
export function pretty(report: Report, { colour, width }: FormatOptions): string {
  const style: Style = { colours: pc.createColors(colour), width: Math.max(40, Math.min(width, 120)) };
  const parts = [
    head(report, style),
    ...sorted(report).found.map((finding, index, found) => prettyFinding(finding, style, isFirstFix(found, index))),
    open(report, style),
    identities(report, style),
    reach(report, style),
    unreached(report, style),
    ignored(report, style),
    skipped(report, style),
    bullets('Notes', report.notes, style),
    scores(report, style),
    verdict(report, style),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Several findings of one check have one fix; the first shows it. */
function isFirstFix(findings: Report['findings'], index: number): boolean {
  return findings.findIndex(({ fix }) => fix?.source === findings[index]?.fix?.source) === index;
}

/** What the source says and no probe showed: what may be grave as a whole, the rest in one line each. */
function open(report: Report, style: Style): string[] {
  const { unproven } = sorted(report);
  if (unproven.length === 0) return [];
  const grave = unproven.filter(({ severity, confidence }) => /^(?:critical|high|medium)$/.test(severity) && confidence !== 'tentative');
  const mild = unproven.filter((finding) => !grave.includes(finding));
  return [
    style.colours.bold('In the source, and not proven by this scan'),
    ...grave.flatMap((finding) => ['', ...prettyFinding(finding, style)]),
    ...(grave.length > 0 && mild.length > 0 ? [''] : []),
    ...mild.map((finding) => openFinding(finding, style)),
  ];
}

/** Views that no request got further than the door of. */
function unreached({ kind, coverage: { source } }: Report, { colours, width }: Style): string[] {
  if (!source || source.unreached.length === 0 || kind === 'source') return [];
  const why = { refused: 'every request was refused', failed: 'every request failed', 'not-tried': 'no request was sent' } as const;
  return [
    colours.bold(`Views that were not reached (${source.unreached.length} of ${source.views})`),
    ...source.unreached.map(({ file, line, operation, got }) => fit(oneLine(`  ${file}:${line}  ${operation}: ${why[got]}`), width)),
  ];
}

/** What comments in the source set aside. */
function ignored({ coverage: { source } }: Report, { colours, width }: Style): string[] {
  if (!source || source.ignored.length === 0) return [];
  return [
    colours.bold(`Set aside by comments in the source (${source.ignored.length})`),
    ...source.ignored.map(({ file, line, rule, reason }) =>
      fit(oneLine(`  ${file}:${line}  ${rule}${reason === '' ? ', without a reason' : `: ${reason}`}`), width),
    ),
  ];
}

function head(report: Report, { colours, width }: Style): string[] {
  const { tool, target } = report;
  const about = aboutTarget(target).map(oneLine);
  return [
    `${colours.bold(`${tool.name} ${oneLine(tool.version)}`)}  ${fit(oneLine(target.url), width - 20)}`,
    ...(about.length > 0 ? [colours.dim(fit(about.join(' · '), width))] : []),
    colours.dim(fit(oneLine(runPhrase(report)), width)),
  ];
}

function identities(report: Report, { colours, width }: Style): string[] {
  if (report.identities.length === 0) return [];
  const rows = report.identities.flatMap((identity) => {
    const extra = [identity.role, identity.tenant].filter((part) => part !== undefined).join(', ');
    const name = oneLine(extra === '' ? identity.name : `${identity.name} (${extra})`);
    const mark = identity.usable ? colours.green('✓') : colours.red('✗');
    const [first = '', ...rest] = wrap(oneLine(identity.why), width - 28);
    return [`  ${mark} ${column(name, 22)}  ${first}`, ...rest.map((line) => ' '.repeat(28) + line)];
  });
  return [colours.bold('Identities'), ...rows];
}

function reach(report: Report, { colours, width }: Style): string[] {
  const rows = report.coverage.reach;
  if (rows.length === 0) return [];
  const names = reachColumns(report);
  const each = Math.max(4, Math.min(12, Math.floor((width * 0.5) / Math.max(1, names.length)) - 1));
  const first = Math.min(Math.max(...rows.map((row) => oneLine(row.operation).length)), width - names.length * (each + 1) - 2);
  const paint = { served: colours.green, refused: colours.dim, failed: colours.yellow, 'not-tried': colours.dim };
  return [
    `${colours.bold('Reach')}  ${colours.dim(reachLegend)}`,
    colours.dim(`  ${column('', first)} ${names.map((name) => column(oneLine(name), each)).join(' ')}`.trimEnd()),
    ...rows.map((row) => {
      const cells = names.map((name) => {
        const access = row.access[name] ?? 'not-tried';
        return paint[access](column(reachMarks[access], each));
      });
      return `  ${column(oneLine(row.operation), first)} ${cells.join(' ')}`.trimEnd();
    }),
  ];
}

function skipped(report: Report, { colours, width }: Style): string[] {
  const groups = skippedByReason(report.skipped);
  if (groups.length === 0) return [];
  const lines = groups.flatMap(({ why, what, count }) => [
    ...wrap(`${oneLine(why)} (${counted(count, 'subject')})`, width - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`),
    ...wrap(what.map(oneLine).join(', '), width - 6).map((line) => colours.dim(`      ${line}`)),
  ]);
  return [colours.bold('Not tested'), ...lines];
}

function bullets(title: string, sentences: readonly string[], { colours, width }: Style): string[] {
  if (sentences.length === 0) return [];
  const lines = sentences.flatMap((sentence) =>
    wrap(oneLine(sentence), width - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`),
  );
  return [colours.bold(title), ...lines];
}

function scores(report: Report, { colours, width }: Style): string[] {
  if (report.kind === 'source') return [];
  const size = Math.max(10, Math.min(30, width - 62));
  const rows = categories.flatMap((category) => {
    const scored = report.categories[category];
    if (!scored || scored.score === null) return [];
    const name = `  ${column(categoryNames[category], 28)}`;
    const full = Math.round((scored.score / 100) * size);
    const paint = scored.score >= 90 ? colours.green : scored.score >= 60 ? colours.yellow : colours.red;
    const bar = paint('█'.repeat(full)) + colours.dim('░'.repeat(size - full));
    const findings = scored.findings === 0 ? '' : `, ${counted(scored.findings, 'finding')}`;
    return [
      `${name} ${bar} ${String(scored.score).padStart(3)}  ${fit(`${counted(scored.judged, 'verdict')}${findings}`, width - size - 37)}`,
    ];
  });
  const blank = categories.filter((category) => report.categories[category]?.score == null).map((category) => categoryNames[category]);
  const missing = blank.length === 0 ? [] : wrap(`Not judged: ${blank.join(', ')}.`, width - 2).map((line) => colours.dim(`  ${line}`));
  return [colours.bold('Score'), ...rows, ...missing];
}

function verdict(report: Report, style: Style): string[] {
  const { colours, width } = style;
  const summary = wrap(`${foundSentence(report)}. ${judgedSentence(report)}`, width);
  if (report.outcome === 'inconclusive') {
    return [
      colours.bold(colours.inverse(colours.yellow(' INCONCLUSIVE '))),
      ...bullets('Why', report.reasons, style),
      ...wrap(inconclusiveAdvice(report), width),
      ...summary,
    ];
  }
  if (report.kind === 'source') return summary;
  const paint = report.grade === 'A' || report.grade === 'B' ? colours.green : report.grade === 'F' ? colours.red : colours.yellow;
  return [`${colours.bold(paint(`Grade ${report.grade ?? '–'}`))}  ${report.score ?? '–'}/100`, ...summary];
}
