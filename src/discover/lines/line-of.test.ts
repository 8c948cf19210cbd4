import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leaves } from '../../model/json.ts';
import { lineFinder } from './line-of.ts';

const json = `{
  "a": {"b": [1, "x, ]}\\"",
    {"c": null}
  ]},
  "d/e": true,
  "~": { "": -1.5e3 },
  "last": "\\\\"
}`;

describe('lines in JSON', () => {
  const lineOf = lineFinder(json, 'json');
  it.each([
    ['', 1],
    ['/a', 2],
    ['/a/b', 2],
    ['/a/b/1', 2],
    ['/a/b/2/c', 3],
    ['/d~1e', 5],
    ['/~0/', 6],
    ['/last', 7],
    ['/nowhere', undefined],
    ['/a/b/3', undefined],
    ['/last/deeper', undefined],
  ])('%s', (pointer, line) => {
    expect(lineOf(pointer)).toBe(line);
  });

  it('are found for every leaf of any JSON, and hold its name', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 2);
        const lines = text.split('\n');
        const find = lineFinder(text, 'json');
        for (const { pointer, name } of leaves(JSON.parse(text))) {
          const line = find(pointer);
          expect(line).toBeDefined();
          if (!/\/\d+$/.test(pointer)) expect(lines[(line ?? 0) - 1]).toContain(JSON.stringify(name).slice(1, -1));
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

describe('lines in YAML', () => {
  const yaml =
    '# books\nopenapi: 3.0.0\nx: &shared\n  title: T\ninfo:\n  <<: *shared\npaths:\n  /a:\n    get:\n      tags:\n        - one\n        - two\n  200:\n    x: *shared\n';
  const lineOf = lineFinder(yaml, 'yaml');
  it.each([
    ['/openapi', 2],
    ['/info', 5],
    ['/info/title', 4],
    ['/paths/~1a/get', 9],
    ['/paths/~1a/get/tags/1', 12],
    ['/paths/200/x/title', 4],
    ['/paths/nowhere', undefined],
  ])('%s', (pointer, line) => {
    expect(lineOf(pointer)).toBe(line);
  });
});
