import { expect, test } from 'vitest';
import { checks } from '../checks/index.ts';
import type { AnyCheck, Confidence, Judged, OperationSubject } from '../model/check.ts';
import { surfaceFromText } from '../discover/index.ts';
import { withoutOffshoots } from './roots.ts';

const [first, second] = checks;
if (!first || !second) throw new Error('there are no checks');
const root: AnyCheck = { ...first, id: 'root' };
const offshoot: AnyCheck = { ...second, id: 'offshoot', yieldsTo: ['root'] };
const surface = surfaceFromText(
  JSON.stringify({ openapi: '3.0.3', info: { title: '', version: '' }, paths: { '/a': { get: {} }, '/b': { get: {} } } }),
  'x',
  {
    origin: 'http://api.example.test',
  },
);

function failed(check: AnyCheck, path: string, confidence: Confidence = 'certain'): Judged {
  const operation = surface.operations.find((candidate) => candidate.path === path);
  if (!operation) throw new Error(`no ${path}`);
  const subject = { kind: 'operation', operation } as OperationSubject;
  return { check, subject, verdict: { outcome: 'fail', confidence, proof: `It fails by ${check.id}.`, exhibits: [] } };
}

function outcomes(judged: readonly Judged[]): string[] {
  return withoutOffshoots(judged).map(({ check, verdict }) => `${check.id} ${verdict.outcome}`);
}

test('a failure gives way to its root at the same operation', () => {
  expect(outcomes([failed(offshoot, '/a'), failed(root, '/a')])).toEqual(['offshoot skipped', 'root fail']);
  const [, kept] = withoutOffshoots([failed(offshoot, '/a'), failed(root, '/a')]);
  expect(kept?.verdict).toMatchObject({ proof: 'It fails by root. For the same reason offshoot fails here.' });
});

test('a root at another operation, or one that is only suspected, takes nothing back', () => {
  expect(outcomes([failed(offshoot, '/a'), failed(root, '/b')])).toEqual(['offshoot fail', 'root fail']);
  expect(outcomes([failed(offshoot, '/a'), failed(root, '/a', 'tentative')])).toEqual(['offshoot fail', 'root fail']);
});
