import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutRemedies } from '../../scripts/cut-remedies.ts';
import { diffLines, unifiedDiff } from '../../scripts/line-diff.ts';
import { readRegions } from '../../scripts/remedy-regions.ts';
import { applied } from './apply.test-support.ts';

const isKnown = (name: string): boolean => name === 'foreign-object-read' || name === 'property-assignment';
const head = '# remedy: foreign-object-read: Ask for the owner';
const why = '# It is theirs. So ask.';

function read(...lines: readonly string[]) {
  return readRegions(lines.join('\n'), 'app.py', isKnown);
}

function cut(vulnerable: readonly string[], repaired: readonly string[]) {
  return cutRemedies(
    { vulnerable: { file: 'v.py', text: vulnerable.join('\n') }, repaired: { file: 'r.py', text: repaired.join('\n') } },
    isKnown,
  );
}

describe('a region', () => {
  test('is read with its weaknesses, title, why and code', () => {
    expect(read('a', `  ${head}`, '  # One: it', '  # wraps. Two.', '  b', '  # inside', '  # end remedy', 'c')).toEqual({
      code: ['a', '  b', '  # inside', 'c'],
      regions: [
        { weaknesses: ['foreign-object-read'], title: 'Ask for the owner', why: 'One: it wraps. Two.', lines: [2, 7], from: 1, to: 3 },
      ],
    });
  });

  test.each([
    ['is never ended', [head, why, 'a'], /app\.py:1: the region is never ended/],
    ['is ended twice', [head, why, 'a', '# end remedy', '# end remedy'], /app\.py:5: a region ends that was never opened/],
    ['opens inside another', [head, why, 'a', head], /app\.py:4: a region opens inside the one of line 1/],
    ['names an unknown weakness', ['# remedy: bad-luck: Do it', why, 'a', '# end remedy'], /app\.py:1: "bad-luck" is neither/],
    ['has no title', ['# remedy: foreign-object-read', why, 'a', '# end remedy'], /app\.py:1: a region opens with/],
    ['has a title with a full stop', [`${head}.`, why, 'a', '# end remedy'], /without a full stop/],
    ['says no why', [head, 'a', '# end remedy'], /in two sentences; it has 0/],
    ['says why in one sentence', [head, '# Because.', 'a', '# end remedy'], /it has 1/],
    ['holds no code', [head, why, '# end remedy'], /holds no code/],
  ])('that %s is refused with file and line', (_, lines, message) => {
    expect(() => read(...lines)).toThrow(message);
  });
});

describe('cutting', () => {
  const route = ["@app.get('/notes/<id>')", 'def read_note(id):'];

  test('gives the change of a region, with its route and what stands around it', () => {
    const [remedy, ...others] = cut(
      ['import os', '', ...route, '    note = find(id)', '    return note', ''],
      ['import os', '', ...route, `    ${head}`, `    ${why}`, '    note = find(id, me)', '    # end remedy', '    return note', ''],
    );
    expect(others).toEqual([]);
    expect(remedy).toMatchObject({ place: 'read_note', route: { method: 'GET', path: '/notes/<id>' }, lines: [5, 8], definesOnly: false });
    expect(remedy?.diff.split('\n').slice(2)).toEqual([
      '@@ -3,4 +3,4 @@',
      " @app.get('/notes/<id>')",
      ' def read_note(id):',
      '-    note = find(id)',
      '+    note = find(id, me)',
      '     return note',
      '',
    ]);
  });

  test('adds the imports and definitions that the new lines use', () => {
    const remedies = cut(
      ['import os', 'import sys', '', 'x = 1', '', ...route, '    return find(id)', ''],
      [
        'import os',
        'import re',
        'import sys',
        '',
        'x = 1',
        '',
        head,
        why,
        'def check(id):',
        "    re.match('a', id)",
        '# end remedy',
        '',
        ...route,
        `    ${head}`,
        `    ${why}`,
        '    check(id)',
        '    # end remedy',
        '    return find(id)',
        '',
      ],
    );
    expect(remedies.map(({ definesOnly }) => definesOnly)).toEqual([true, false]);
    expect(remedies[1]?.diff).toContain('+import re\n');
    expect(remedies[1]?.diff).toContain('+def check(id):\n');
  });

  test('refuses a region that changes nothing, and a change that stands half outside', () => {
    expect(() => cut(['a', 'b'], ['a', head, why, 'b', '# end remedy'])).toThrow(/r\.py:2: the region is the same in both twins/);
    expect(() => cut(['a', 'b'], ['a', head, why, 'c', '# end remedy', 'd'])).toThrow(/"d" changes together with the region at line 2/);
  });
});

test('a diff, applied to the old lines, gives the new ones', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 14 });
  fc.assert(
    fc.property(lines, lines, fc.nat(3), (before, after, context) => {
      const edits = diffLines(before, after).map(({ oldFrom, oldTo, newFrom, newTo }) => ({
        at: oldFrom,
        removed: before.slice(oldFrom, oldTo),
        added: after.slice(newFrom, newTo),
        context: [context, context] as const,
      }));
      expect(applied(before, unifiedDiff(before, edits, { from: 'a', to: 'b' }))).toEqual(after);
    }),
  );
});
