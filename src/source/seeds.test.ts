import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyzeFiles } from './analyze.ts';

// Each line says which rules fire on it: `# finding: rule; low: rule`. All that is not said must be silent above low.
const folder = fileURLToPath(new URL('../../test/source/', import.meta.url));
const names = await Promise.all(
  ['seeds', 'guards', 'stores', 'identities'].map(async (kind) => (await readdir(folder + kind)).map((name) => `${kind}/${name}`)),
);
const files = names.flat().filter((name) => name.endsWith('.py'));

function expected(text: string, word: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const [, names = ''] = new RegExp(`# (?:.*; )?${word}: ([\\w -]+)`).exec(line) ?? [];
    return names.split(' ').flatMap((name) => (name === '' ? [] : [`${index + 1} ${name}`]));
  });
}

/** Several files in one: `# file: models.py` begins the next. Each keeps the lines that it has here. */
function filesIn(name: string, text: string): { path: string; text: string }[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => (line.startsWith('# file: ') ? [index] : []));
  if (starts.length === 0) return [{ path: name, text }];
  return starts.map((start, number) => ({
    path: lines[start]?.slice('# file: '.length) ?? name,
    text: '\n'.repeat(start) + lines.slice(start, starts[number + 1]).join('\n'),
  }));
}

describe.each(files)('%s', (name) => {
  it('is read as its lines say', async () => {
    const text = await readFile(folder + name, 'utf8');
    const { findings } = await analyzeFiles({ files: filesIn(name, text), notes: [] });
    const lineOf = ({ check, location }: (typeof findings)[number]): string => `${location?.line ?? 0} ${check}`;
    const isLow = (severity: string): boolean => severity === 'low' || severity === 'info';
    expect(
      findings
        .filter(({ severity }) => !isLow(severity))
        .map(lineOf)
        .toSorted(),
    ).toEqual(expected(text, 'finding').toSorted());
    expect(findings.filter(({ severity }) => isLow(severity)).map(lineOf)).toEqual(expect.arrayContaining(expected(text, 'low')));
  });
});
