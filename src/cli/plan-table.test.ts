import { expect, test } from 'vitest';
import { planTable } from './plan-table.ts';

test('a row per probe, aligned, and nothing of the target that steers the terminal', () => {
  const line = { check: 'foreign-object-read', operation: 'GET /a', as: 'bob', probe: 'stranger', phase: 'read', more: 0 };
  const table = planTable(
    [
      { ...line, request: 'GET /a\u001b[2J' },
      { ...line, as: 'anonymous', request: 'GET /b', more: 2 },
    ],
    100,
  );
  expect(table.split('\n')).toEqual([
    'phase  check                as         request',
    'read   foreign-object-read  bob        GET /a',
    'read   foreign-object-read  anonymous  GET /b (and up to 2 more)',
    '',
    '2 probes, none of them sent.',
    '',
  ]);
});
