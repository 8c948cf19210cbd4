import { expect, test } from 'vitest';
import { pathsTo, withoutField } from './graphql-document.ts';

const document =
  'query orders($kind: Kind) { orders(kind: $kind, first: 50) { __typename edges { node { __typename id ... on Order { card } customer(a: 1) { __typename card } } } } }';

test.each([
  [['orders', 'edges', 'node', 'id'], ' id', ''],
  [['orders', 'edges', 'node', 'customer'], ' customer(a: 1) { __typename card }', ''],
  [['orders', 'edges', 'node', 'customer', 'card'], '__typename card }', '__typename }'],
  [['orders', 'edges', 'node', 'card'], '{ card }', '{ }'],
  [['orders'], '', ''],
  [['orders', 'nothing'], '', ''],
])('without %j', (path, from, to) => {
  expect(withoutField(document, path)).toBe(document.replace(from, to));
});

test('the paths to a field below another', () => {
  expect(pathsTo(document, 'card', 'customer')).toEqual([['orders', 'edges', 'node', 'customer', 'card']]);
  expect(pathsTo(document, 'card', 'orders')).toEqual([]);
  expect(pathsTo(document, 'card')).toHaveLength(2);
});
