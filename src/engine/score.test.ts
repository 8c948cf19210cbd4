import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { categories, type Category } from '../model/check.ts';
import { certainties, contexts, deductions, gradeOf, scoreOf, weights, type Scorable, type Tally } from './score.ts';

const scorable = fc.record<Scorable>({
  check: fc.constantFrom('a', 'b', 'c'),
  category: fc.constantFrom(...categories.slice(0, 4)),
  severity: fc.constantFrom('critical', 'high', 'medium', 'low', 'info'),
  confidence: fc.constantFrom('certain', 'firm', 'tentative'),
});
const judged: Tally['judged'] = { authentication: 4, bolaAuthorization: 2, bflaAuthorization: 1, propertyAuthorization: 9, encryption: 1 };
const context = fc.constantFrom(undefined, ...(['financial', 'medical', 'public', 'internal'] as const));

function finding(changes: Partial<Scorable> = {}): Scorable {
  return { check: 'foreign-object-read', category: 'bolaAuthorization', severity: 'high', confidence: 'certain', ...changes };
}

describe('the score', () => {
  test('stays between 0 and 100, and its grade agrees', () => {
    fc.assert(
      fc.property(fc.array(scorable, { maxLength: 40 }), context, (findings, chosen) => {
        const { score, grade, categories: each } = scoreOf({ judged, findings, context: chosen });
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        expect(grade).toBe(gradeOf(score ?? -1));
        for (const { score: own } of Object.values(each)) expect(own === null || (own >= 0 && own <= 100)).toBe(true);
      }),
    );
  });

  test('never rises when a judged category gets another finding', () => {
    fc.assert(
      fc.property(fc.array(scorable, { maxLength: 20 }), scorable, context, (findings, another, chosen) => {
        const before = scoreOf({ judged, findings, context: chosen }).score ?? -1;
        const after = scoreOf({ judged, findings: [...findings, another], context: chosen }).score ?? -1;
        expect(after).toBeLessThanOrEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  test('does not depend on the order of the findings', () => {
    const shuffled = fc
      .array(scorable, { maxLength: 20 })
      .chain((findings) =>
        fc.tuple(fc.constant(findings), fc.shuffledSubarray(findings, { minLength: findings.length, maxLength: findings.length })),
      );
    fc.assert(
      fc.property(shuffled, ([findings, other]) => {
        expect(scoreOf({ judged, findings: other })).toEqual(scoreOf({ judged, findings }));
      }),
    );
  });

  test('is null when nothing was judged', () => {
    expect(scoreOf({ judged: {}, findings: [] })).toMatchObject({ score: null, grade: null });
  });

  test('is capped by what is proven, and not by hints', () => {
    const many = { ...judged, encryption: 1 };
    expect(scoreOf({ judged: many, findings: [finding({ severity: 'critical', confidence: 'firm' })] })).toMatchObject({
      score: 49,
      grade: 'F',
    });
    expect(scoreOf({ judged: many, findings: [finding({ confidence: 'firm' })] })).toMatchObject({ score: 69, grade: 'D' });
    expect(scoreOf({ judged: many, findings: [finding({ severity: 'critical', confidence: 'tentative' })] }).score).toBeGreaterThan(90);
  });

  test('halves repeats of one check, not of different ones', () => {
    const tally = { bolaAuthorization: 1 };
    const two = scoreOf({ judged: tally, findings: [finding(), finding({ severity: 'medium' })] });
    expect(two.categories.bolaAuthorization).toEqual({ score: 64, judged: 2, findings: 2 });
    const apart = scoreOf({ judged: tally, findings: [finding(), finding({ severity: 'medium', check: 'other' })] });
    expect(apart.categories.bolaAuthorization.score).toBe(58);
  });

  test('weighs by context', () => {
    const findings = [finding({ category: 'rateLimiting', severity: 'medium' })];
    const tally = { rateLimiting: 1, dataExposure: 1 };
    const score = (chosen: Tally['context']): number | null => scoreOf({ judged: tally, findings, context: chosen }).score;
    expect([score(undefined), score('public'), score('internal')]).toEqual([96, 92, 97]);
  });
});

describe('docs/scoring.md', () => {
  const page = readFileSync(new URL('../../docs/scoring.md', import.meta.url), 'utf8');
  const rows = (title: string): string[][] => {
    const section = page.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
    const table = section.split('\n').filter((line) => line.startsWith('|'));
    return table.slice(2).map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
  };

  test('gives the tables that are in force', () => {
    expect(Object.fromEntries(rows('Points').map(([name, points]) => [name, Number(points)]))).toEqual(deductions);
    expect(Object.fromEntries(rows('Confidence').map(([name, factor]) => [name, Number(factor)]))).toEqual(certainties);
    const table = rows('Weights');
    expect(Object.fromEntries(table.map(([name, weight]) => [name, Number(weight)]))).toEqual(weights);
    (['financial', 'medical', 'public', 'internal'] as const).forEach((name, index) => {
      const column = table.flatMap(([category = '', ...cells]) => (cells[index + 1] === '' ? [] : [[category, Number(cells[index + 1])]]));
      expect(Object.fromEntries(column)).toEqual(contexts[name]);
    });
  });

  test('has worked examples that come out as they say', () => {
    const examples = [...page.matchAll(/```json\n([\s\S]*?)```\s*→ score (\S+), grade (\w|–)(?:; (.*))?/g)];
    expect(examples.length).toBeGreaterThanOrEqual(5);
    for (const [, text = '', score, grade, parts] of examples) {
      const result = scoreOf(JSON.parse(text) as Tally);
      expect([String(result.score), result.grade ?? '–']).toEqual([score, grade]);
      for (const [, category, own] of (parts ?? '').matchAll(/(\w+) (\d+)/g)) {
        expect(result.categories[category as Category].score).toBe(Number(own));
      }
    }
  });
});
