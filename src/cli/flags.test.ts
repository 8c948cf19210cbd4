import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { bytes, count, names, positive } from './flags.ts';

test.each([
  ['5', 5],
  ['0.5', 0.5],
])('%s is a positive number', (text, value) => expect(positive(text)).toBe(value));

test.each(['abc', '', '0', '-1', '1e3', 'Infinity', '5s', '0x10'])('"%s" is no positive number', (text) => {
  expect(() => positive(text)).toThrow(InvalidArgumentError);
});

test.each(['1.5', '0', 'ten', '99999999999999999999'])('"%s" is no count', (text) => {
  expect(() => count(text)).toThrow(InvalidArgumentError);
});

test.each([
  ['5000', 5000],
  ['5MB', 5_000_000],
  ['1.5 k', 1500],
  ['2g', 2_000_000_000],
])('%s is %i bytes', (text, value) => expect(bytes(text)).toBe(value));

test.each(['5XB', '0', '-5MB', 'MB'])('"%s" is no number of bytes', (text) => {
  expect(() => bytes(text)).toThrow(InvalidArgumentError);
});

test('lists are collected over commas and repetitions', () => {
  expect(names('c, ', names('a,b'))).toEqual(['a', 'b', 'c']);
});
