import type { AnyCheck } from '../model/check.ts';

const sent: Readonly<Record<AnyCheck['phase'], string>> = {
  read: 'reading requests only',
  write: 'changes to objects and accounts of its own, undone',
  destroy: 'deletions of objects made for it',
  'by-method': 'reading requests; with `--allow write` also changes to objects made for it',
};

/** The documentation page of a check, in Markdown: what `docs/checks/` holds and `middlebrick explain` prints. */
export function checkPage(check: AnyCheck): string {
  const needs = check.needs.length === 0 ? 'nothing beyond the target' : check.needs.join(', ');
  const examples = (title: string, items: readonly { readonly title: string }[]): string[] => [
    '',
    `## ${title}`,
    '',
    ...items.map((item) => `- ${item.title}.`),
  ];
  return [
    `# ${check.id}`,
    '',
    `${check.docs.title}.`,
    '',
    '| | |',
    '| --- | --- |',
    `| category | ${check.category} |`,
    `| severity | ${check.severity} |`,
    `| OWASP | ${check.docs.owasp} |`,
    `| CWE | ${check.docs.cwe.map((number) => `CWE-${number}`).join(', ')} |`,
    `| needs | ${needs} |`,
    `| sends | ${sent[check.phase]} |`,
    '',
    '## Risk',
    '',
    check.docs.risk,
    '',
    '## Remedy',
    '',
    check.docs.remedy,
    ...examples('Fails on', check.examples.vulnerable),
    ...examples('Stays silent on', check.examples.safe),
    '',
  ].join('\n');
}
