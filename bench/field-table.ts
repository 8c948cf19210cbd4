import type { Finding, Report } from '../src/index.ts';
import { owaspOf } from './field-classes.ts';
import { isProven, nameOf, type FieldComparison, type Held } from './field-compare.ts';
import { verdictOn } from './field-expect.ts';
import type { Expectations } from './field-truth.ts';

type Row = readonly (string | number)[];

const judgedFirst = new Set(['API1', 'API2', 'API3', 'API5']);

/** A comparison as Markdown, for a closing note. */
export function fieldText(target: string, report: Report, comparison: FieldComparison, expectations?: Expectations): string {
  const { held, unexpected, violated } = comparison;
  const miss = ({ weakness: { id, method, path, class: name, note }, outcome }: Held): string => {
    const why = expectations?.missed.find((known) => known.id === id)?.why ?? note;
    return `- ${id} ${method} ${path} (${name})${outcome === 'hinted' ? ', tentative only' : ''}: ${why}`;
  };
  return [
    `### ${target}`,
    '',
    figures(report, comparison),
    '',
    ...(held.length === 0 ? [] : [byClass(held), '']),
    ...list('Missed', held.filter(({ outcome }) => outcome !== 'found').map(miss)),
    ...list(
      'Not in the truth',
      unexpected.map((finding) => `- ${described(finding)}${judgement(finding, expectations)}`),
    ),
    ...list(
      'Reported although it is sound',
      violated.map(({ sound, finding }) => `- ${sound.id}: ${described(finding)} (${sound.note})`),
    ),
    ...list(
      'Reasons',
      report.reasons.map((reason) => `- ${reason}`),
    ),
  ].join('\n');
}

/** How far runs agree: findings that not every run had. */
export function stabilityText(reports: readonly Report[]): string {
  const runs = reports.map(({ findings }) => new Map(findings.filter(isProven).map((finding) => [finding.fingerprint, nameOf(finding)])));
  const all = new Map(runs.flatMap((run) => [...run]));
  const shaky = [...all].filter(([fingerprint]) => !runs.every((run) => run.has(fingerprint))).map(([, name]) => `- ${name}`);
  return [`Runs: ${reports.length}, ${shaky.length === 0 ? 'with the same findings' : 'which differ in:'}`, ...shaky].join('\n');
}

function figures({ stats, outcome, grade }: Report, { held, proven, accounted, violated, unexpected }: FieldComparison): string {
  const found = held.filter((each) => each.outcome === 'found');
  const judged = held.filter(({ weakness }) => judgedFirst.has(owaspOf(weakness.class, weakness.cwe)));
  const certain = found.filter((each) => each.findings[0]?.confidence === 'certain').length;
  return table(
    [
      'outcome',
      'grade',
      'recall',
      'recall API1, 2, 3, 5',
      'certain',
      'precision',
      'not in the truth',
      'sound reported',
      'requests',
      'seconds',
      'requests per proven finding',
    ],
    [
      [
        outcome,
        grade ?? '-',
        ratio(found.length, held.length),
        ratio(judged.filter((each) => each.outcome === 'found').length, judged.length),
        certain,
        ratio(accounted, proven),
        unexpected.length,
        violated.length,
        stats.requests,
        stats.seconds.toFixed(1),
        proven === 0 ? '-' : (stats.requests / proven).toFixed(1),
      ],
    ],
  );
}

function byClass(held: readonly Held[]): string {
  const classes = new Map<string, Held[]>();
  for (const each of held) {
    const { class: name, cwe } = each.weakness;
    const key = `${owaspOf(name, cwe)} ${name}`;
    classes.set(key, [...(classes.get(key) ?? []), each]);
  }
  const rows = [...classes]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entries]): Row => {
      const found = entries.filter(({ outcome }) => outcome === 'found');
      const certain = found.filter(({ findings }) => findings[0]?.confidence === 'certain');
      return [...key.split(' '), ratio(found.length, entries.length), certain.length];
    });
  return table(['OWASP', 'class', 'found', 'certain'], rows);
}

function described(finding: Finding): string {
  return `${nameOf(finding)} (${finding.severity}, ${finding.confidence}): ${finding.proof}`;
}

function judgement(finding: Finding, expectations: Expectations | undefined): string {
  const verdict = expectations && verdictOn(finding, expectations);
  if (verdict === undefined) return ' **To be judged by hand.**';
  return verdict ? ' **True, by hand.**' : ' **False, by hand.**';
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? '-' : `${part}/${whole} = ${(part / whole).toFixed(2)}`;
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}:`, '', ...items, ''];
}

function table(head: readonly string[], rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
