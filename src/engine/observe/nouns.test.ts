import { expect, test } from 'vitest';
import { operationOf } from '../../../test/support/report-fixture.ts';
import { shapes } from './address.ts';
import { nounsOf } from './nouns.ts';
import { creates } from './slots.ts';

const operations = [
  '/orders',
  '/orders/{id}',
  '/work-orders',
  '/work-orders/{id}',
  '/blog-posts/{id}',
  '/users/{id}',
  '/admin-users/{id}',
].flatMap((path) => [operationOf('GET', path), operationOf('POST', path)]);
const nounFor = nounsOf(operations);

test.each([
  ['orders', 'order'],
  ['work-orders', 'workorder'],
  ['work_order', 'workorder'],
  ['blog-posts', 'post'],
  ['admin-users', 'user'],
  ['past-orders', 'order'],
])('%s: %s', (name, noun) => {
  expect(nounFor(name)).toBe(noun);
});

test('paths and creations are told apart', () => {
  const shapeFor = shapes(operations);
  expect(shapeFor(operationOf('GET', '/orders/{id}/work-orders/{work}')).path.map(({ noun }) => noun)).toEqual(['order', 'workorder']);
  expect(creates(operationOf('POST', '/work-orders'), operations, nounFor)).toBe('workorder');
});
