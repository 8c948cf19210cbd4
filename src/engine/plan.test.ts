import { expect, test } from 'vitest';
import { checkOf, operationOf, surface, world } from '../../test/support/report-fixture.ts';
import { plan } from './plan.ts';

test('what the source of the target speaks against is tried first; without it, the order is that of the operations', () => {
  const view = { file: 'app.py', line: 1, column: 1, function: 'f' };
  const hints = { view, keys: [], assignable: [] };
  const calm = { ...operationOf('GET', '/a'), hints: { ...hints, suspects: [] } };
  const suspected = { ...operationOf('GET', '/b'), hints: { ...hints, suspects: ['bola-open-lookup'] } };
  const other = operationOf('GET', '/c');
  const check = {
    ...checkOf('some-check', 'authentication', 'low'),
    needs: [],
    subject: 'operation' as const,
    applies: () => true,
    plan: () => ({}),
  };
  const order = (...operations: readonly (typeof other)[]): string[] =>
    plan([check], { ...world, surface: { ...surface, operations } }, 'read').planned.map(({ subject }) => subject.operation.path);
  expect(order(calm, suspected, other)).toEqual(['/b', '/a', '/c']);
  expect(order(calm, other)).toEqual(['/a', '/c']);
});
