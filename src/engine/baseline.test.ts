import { describe, expect, test } from 'vitest';
import { reportFixture } from '../../test/support/report-fixture.ts';
import { UserError } from '../model/user-error.ts';
import { compareWith, gate, parseThreshold } from './baseline.ts';

const report = reportFixture();
const [critical, high, medium] = report.findings;

describe('a threshold', () => {
  test.each([
    ['80', 80],
    ['B', 80],
    ['b', 80],
    ['C', 70],
    ['f', 0],
    ['0', 0],
    ['100', 100],
    ['79.5', 79.5],
    [' a ', 90],
  ])('%s is %d', (text, score) => {
    expect(parseThreshold(text)).toBe(score);
  });

  test.each(['abc', '', 'E', '101', '-1', '1e1', 'NaN', '80%', 'AA', '0x10'])('"%s" is refused', (text) => {
    expect(() => parseThreshold(text)).toThrow(UserError);
  });
});

describe('the gate', () => {
  test('passes when none was asked for', () => {
    expect(gate(report, {}).passed).toBe(true);
  });

  test('compares the score, the bound included', () => {
    expect(gate(report, { threshold: 49 }).passed).toBe(true);
    expect(gate(report, { threshold: 50 })).toEqual({ passed: false, why: 'The score 49 is below 50.' });
    expect(gate(report, { threshold: 'D' }).passed).toBe(false);
    expect(gate(report, { threshold: Number.NaN }).passed).toBe(false);
  });

  test('fails at the severity and above', () => {
    expect(gate({ ...report, findings: medium ? [medium] : [] }, { failOn: 'high' }).passed).toBe(true);
    expect(gate({ ...report, findings: medium ? [medium] : [] }, { failOn: 'medium' })).toEqual({
      passed: false,
      why: '1 finding is medium or worse.',
    });
  });

  test('fails closed', () => {
    const blind = reportFixture({ judged: [], reasons: [] });
    expect(gate(blind, { threshold: 0 }).passed).toBe(false);
    expect(gate(blind, { failOn: 'critical' }).passed).toBe(false);
    expect(gate({ ...report, outcome: 'inconclusive' }, { threshold: 0 }).passed).toBe(false);
  });

  test('does not count what the baseline knows', () => {
    expect(gate(report, { threshold: 'A', failOn: 'low', baseline: report })).toMatchObject({ passed: true });
    const older = { ...report, findings: critical && medium ? [critical, medium] : [] };
    expect(gate(report, { failOn: 'critical', baseline: older }).passed).toBe(true);
    expect(gate(report, { failOn: 'high', baseline: older }).passed).toBe(false);
    expect(gate(report, { threshold: 70, baseline: older })).toEqual({
      passed: false,
      why: 'The score 69 is below 70 (2 known from the baseline not counted).',
    });
  });

  test('tells new, known and gone apart', () => {
    const older = { ...report, findings: high && critical ? [high, { ...critical, fingerprint: '0000000000000000' }] : [] };
    const { new: fresh, known, gone } = compareWith(report, older);
    expect(fresh).toEqual([critical, medium]);
    expect(known).toEqual([high]);
    expect(gone.map((finding) => finding.fingerprint)).toEqual(['0000000000000000']);
  });
});
