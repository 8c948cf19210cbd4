import type pc from 'picocolors';
import { sourceOf, stackPhrase, type FittedRemedy } from '../index.ts';
import { diffLines } from '../report/diff-text.ts';
import { column, wrap } from '../report/terminal-text.ts';

export interface RemedyStyle {
  readonly colours: ReturnType<typeof pc.createColors>;
  readonly width: number;
}

/** One line for each remedy, under the names of their stacks. */
export function remedyList(remedies: readonly FittedRemedy[], { colours }: RemedyStyle): string {
  const longest = Math.max(...remedies.map(({ weaknesses }) => weaknesses.join(', ').length));
  const stacks = [...new Set(remedies.map(({ stack }) => stackPhrase(stack)))];
  const parts = stacks.map((stack) => {
    const lines = remedies
      .filter((remedy) => stackPhrase(remedy.stack) === stack)
      .toSorted((a, b) => order(a.weaknesses.join(), b.weaknesses.join()))
      .map(({ weaknesses, title }) => `  ${column(weaknesses.join(', '), longest)}  ${title}`);
    return [colours.bold(stack), ...lines].join('\n');
  });
  return `${parts.join('\n\n')}\n`;
}

/** The remedies one after the other. */
export function remedyPage(remedies: readonly FittedRemedy[], format: 'pretty' | 'markdown', style: RemedyStyle): string {
  const one = format === 'markdown' ? markdown : pretty;
  return `${remedies.map((remedy) => one(remedy, style).join('\n')).join('\n\n')}\n`;
}

function pretty(remedy: FittedRemedy, { colours, width }: RemedyStyle): string[] {
  return [
    colours.bold(remedy.title),
    colours.dim(`  ${[...remedy.weaknesses, ...remedy.owasp, ...remedy.cwe].join(' · ')}`),
    colours.dim(`  ${stackPhrase(remedy.stack)} · ${sourceOf(remedy)}`),
    ...(remedy.caveat === undefined ? [] : wrap(remedy.caveat, width - 2).map((line) => colours.yellow(`  ${line}`))),
    '',
    ...wrap(remedy.why, Math.min(width, 100) - 2).map((line) => `  ${line}`),
    '',
    ...diffLines(remedy.diff, colours).map((line) => `  ${line}`),
  ];
}

function markdown(remedy: FittedRemedy): string[] {
  return [
    `## ${remedy.title}`,
    '',
    `${remedy.weaknesses.map((weakness) => `\`${weakness}\``).join(', ')} (${[...remedy.owasp, ...remedy.cwe].join(', ')}), in ${stackPhrase(remedy.stack)}: \`${sourceOf(remedy)}\``,
    '',
    ...(remedy.caveat === undefined ? [] : [`**${remedy.caveat}**`, '']),
    remedy.why,
    '',
    '```diff',
    remedy.diff.trimEnd(),
    '```',
  ];
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
