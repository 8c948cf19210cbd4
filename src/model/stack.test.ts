import { expect, test } from 'vitest';
import { parseStack, stackPhrase } from './stack.ts';

test.each([
  ['flask,mongodb,bearer', { framework: 'flask', store: 'mongodb', auth: 'bearer' }],
  [' API-Keys , Flask', { framework: 'flask', auth: 'api-key' }],
  ['pymongo,jwt,mongo', { store: 'mongodb', auth: 'bearer' }],
  ['', {}],
])('%s', (text, stack) => {
  expect(parseStack(text)).toEqual(stack);
});

test.each([
  ['flask,oracle', /"oracle"/],
  ['flask,express', /two kinds of framework/],
])('%s is refused', (text, message) => {
  expect(() => parseStack(text)).toThrow(message);
});

test('a stack in words leaves out what is unknown', () => {
  expect(stackPhrase({ framework: 'flask', auth: 'api-key' })).toBe('Flask, API key');
  expect(stackPhrase({})).toBe('');
});
