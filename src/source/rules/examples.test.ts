import { describe, expect, it } from 'vitest';
import { analyzeFiles } from '../analyze.ts';
import { rules } from './index.ts';

/** Lines that an example marks, 1-based. */
function marked(text: string): number[] {
  return text.split('\n').flatMap((line, index) => (/# finding\b/.test(line) ? [index + 1] : []));
}

/** The same of those that may only be meant as a question. */
function questioned(text: string): number[] {
  return text.split('\n').flatMap((line, index) => (/# finding, tentative\b/.test(line) ? [index + 1] : []));
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  it.each(rule.examples.map((text, index) => [index + 1, text] as const))(
    'fires where example %i says, and nowhere else',
    async (_, text) => {
      const { findings, notes } = await analyzeFiles({ files: [{ path: 'app.py', text }], notes: [] }, { only: [id] });
      expect(notes).toEqual([]);
      expect(findings.map(({ location }) => location?.line).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(marked(text));
      const tentative = findings.filter(({ confidence }) => confidence === 'tentative').map(({ location }) => location?.line);
      expect(tentative).toEqual(expect.arrayContaining(questioned(text)));
    },
  );

  it('has an example that fires and a line that is fine', () => {
    expect(rule.examples.some((text) => text.includes('# finding'))).toBe(true);
    expect(rule.examples.some((text) => text.includes('# ok'))).toBe(true);
  });
});
