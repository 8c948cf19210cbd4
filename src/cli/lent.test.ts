import { expect, test } from 'vitest';
import { harsOf } from './lent.ts';

test('a recording takes its name from the flag or from its file', () => {
  expect(harsOf({ har: ['alice=a.har', 'root(admin)=/tmp/x=y.har', './team/bob.har'] })).toEqual({
    hars: [
      { name: 'alice', file: 'a.har' },
      { name: 'root', role: 'admin', file: '/tmp/x=y.har' },
      { name: 'bob', file: './team/bob.har' },
    ],
  });
  expect(harsOf({})).toEqual({});
  expect(() => harsOf({ har: [''] })).toThrow(expect.objectContaining({ code: 'har-flag-invalid' }));
});
