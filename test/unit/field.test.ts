import { expect, test } from 'vitest';
import { compareWithTruth } from '../../bench/field-compare.ts';
import { surprises } from '../../bench/field-expect.ts';
import { isSamePlace } from '../../bench/field-place.ts';
import type { Expectations, Weakness } from '../../bench/field-truth.ts';
import type { Finding } from '../../src/index.ts';
import { reportFixture } from '../support/report-fixture.ts';

const [template] = reportFixture().findings;

function finding(check: string, category: Finding['category'], cwe: string, operation: string, more: Partial<Finding> = {}): Finding {
  if (!template) throw new Error('The fixture has no findings.');
  const [method = '', path = ''] = operation.split(' ');
  return { ...template, check, category, cwe: [cwe], operation: { method, path }, confidence: 'certain', ...more };
}

function weakness(id: string, operation: string, name: string, cwe: string): Weakness {
  const [method = '', path = ''] = operation.split(' ');
  return { id, method, path, class: name, cwe, note: '', verified: 'run' };
}

const foreignRead = finding('foreign-object-read', 'bolaAuthorization', 'CWE-639', 'GET /notes/{noteId}');
const weakSecret = finding('weak-token-secret', 'authentication', 'CWE-798', 'GET /me');
const truth = [
  weakness('x-1', 'GET /api/v1/notes/{id}', 'BOLA', 'CWE-639'),
  weakness('x-2', 'PUT /api/v1/notes/{id}', 'BOLA', 'CWE-639'),
  weakness('x-3', 'ANY *', 'jwt-weak-secret', 'CWE-1391'),
];

test.each([
  ['GET /notes/{id}', 'GET /notes/{note}', true],
  ['GET /notes/{id}', 'PUT /notes/{id}', false],
  ['ANY /notes/{id}', 'PUT /notes/{id}', true],
  ['GET /api/notes/', 'GET /notes', true],
  ['GET /notes', 'GET /notes/{id}', false],
  ['GET /my-notes', 'GET /notes', false],
  ['GET /', 'GET /notes', false],
  ['GET *', 'GET /notes', true],
  ['POST :4000/graphql', 'POST /graphql', true],
])('%s and %s are one place: %s', (a, b, expected) => {
  const place = (text: string): { method: string; path: string } => ({ method: text.split(' ')[0] ?? '', path: text.split(' ')[1] ?? '' });
  expect(isSamePlace(place(a), place(b))).toBe(expected);
});

test('findings are matched by place and class, those of the whole API by class alone', () => {
  const { held, proven, accounted, unexpected } = compareWithTruth([foreignRead, weakSecret], truth);
  expect(held.map(({ weakness: { id }, outcome }) => [id, outcome])).toEqual([
    ['x-1', 'found'],
    ['x-2', 'missed'],
    ['x-3', 'found'],
  ]);
  expect([proven, accounted, unexpected]).toEqual([2, 2, []]);
});

test('a finding of another class at the same place is unexpected, a tentative one only hints', () => {
  const exposure = finding('sensitive-property-returned', 'dataExposure', 'CWE-200', 'GET /notes/{id}');
  const { held, proven, unexpected } = compareWithTruth([exposure, { ...foreignRead, confidence: 'tentative' }], truth);
  expect(held.map(({ outcome }) => outcome)).toEqual(['hinted', 'missed', 'missed']);
  expect([proven, unexpected]).toEqual([1, [exposure]]);
});

test('what is sound must not be reported', () => {
  const sound = { id: 'n-1', method: 'GET', path: '/notes/{id}', must_not_report: 'BOLA', note: '' };
  expect(compareWithTruth([foreignRead], [], [sound]).violated).toEqual([{ sound, finding: foreignRead }]);
  expect(compareWithTruth([weakSecret, { ...foreignRead, confidence: 'tentative' }], [], [sound]).violated).toEqual([]);
});

test('a known miss that is found surprises, and so does a lost one', () => {
  const comparison = compareWithTruth([foreignRead, weakSecret], truth);
  const expected: Expectations = { found: ['x-1', 'x-3'], missed: [{ id: 'x-2', why: 'writes are not tried' }], beside: [] };
  expect(surprises(comparison, expected)).toEqual([]);
  expect(surprises(comparison, { ...expected, found: ['x-1', 'x-2'], missed: [{ id: 'x-3', why: 'no word list' }] })).toEqual([
    'x-2 is no longer found',
    'x-3 is found: move it to found',
  ]);
  expect(surprises(comparison, { ...expected, missed: [] })).toHaveLength(1);
});

test('a finding beside the truth wants a verdict, and a verdict wants its finding', () => {
  const comparison = compareWithTruth([foreignRead], []);
  const none: Expectations = { found: [], missed: [], beside: [] };
  const known = { check: 'foreign-object-read', operation: 'GET /notes/{id}', verdict: true, why: 'seen with curl' };
  expect(surprises(comparison, none)).toHaveLength(1);
  expect(surprises(comparison, { ...none, beside: [known] })).toEqual([]);
  expect(surprises(compareWithTruth([], []), { ...none, beside: [known] })).toHaveLength(1);
});
