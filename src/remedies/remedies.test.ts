import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readExpected, readSystem, systemNames } from '../../lab/system.ts';
import { knownWeaknesses, readTwins, remediesOf } from '../../scripts/remedies.ts';
import { checks } from '../checks/index.ts';
import { applied } from './apply.test-support.ts';
import { fixOf, knownNames, remedies, remediesFor, sourceOf, storesOf } from './index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An application without the comments that mark its remedies. */
function unmarked(file: string): string {
  const text = readFileSync(`${root}${file}`, 'utf8');
  return text.replaceAll(/^ *# remedy: .*\n(?: *# .*\n)*/gm, '').replaceAll(/^ *# end remedy\n/gm, '');
}

describe('every remedy', () => {
  test('is there: at least 20, each with an id of its own', () => {
    expect(remedies.length).toBeGreaterThanOrEqual(20);
    expect(new Set(remedies.map(({ id }) => id)).size).toBe(remedies.length);
  });

  test('holds only code that stands in a repaired application, as it stands there', () => {
    const texts = new Map(remedies.map(({ source }) => [source.file, unmarked(source.file)]));
    for (const { id, diff, source } of remedies) {
      const runs =
        diff
          .split('\n')
          .slice(2)
          .join('\n')
          .match(/(?:^\+.*\n)+/gm) ?? [];
      expect(runs.length, id).toBeGreaterThan(0);
      for (const run of runs) expect(`\n${texts.get(source.file)}`, id).toContain(`\n${run.replaceAll(/^\+/gm, '')}`);
    }
  });

  test('applies to the vulnerable twin', () => {
    for (const { diff, source } of remedies) {
      const before = readFileSync(root + source.file.replace('/repaired/', '/vulnerable/'), 'utf8').split('\n');
      expect(applied(before, diff)).not.toEqual(before);
    }
  });

  test('names the lines of its region', () => {
    for (const { source, title } of remedies) {
      const lines = readFileSync(root + source.file, 'utf8')
        .split('\n')
        .slice(source.lines[0] - 1, source.lines[1]);
      expect(lines[0]).toContain(title);
      expect(lines.at(-1)?.trim()).toBe('# end remedy');
    }
  });

  test('answers checks that exist, and says what it is about', () => {
    const ids = new Set(checks.map((check) => check.id));
    for (const remedy of remedies) {
      expect(remedy.checks.filter((check) => !ids.has(check))).toEqual([]);
      expect(remedy.cwe.length * remedy.owasp.length).toBeGreaterThan(0);
    }
  });

  test.each(systemNames)('of %s is as generated', async (name) => {
    const system = await readSystem(name);
    const cut = remediesOf(system, readTwins(root, name), knownWeaknesses(checks));
    expect(remedies.filter(({ id }) => id.startsWith(`${name}/`))).toEqual(cut);
  });
});

/** What is found only because of another weakness of the same operation: the words of the check, and the fix of the other. */
const consequences = new Set(['anonymous-access at GET /api/products/{product_id}/reviews']);

test.each(systemNames)('whatever is found in %s has a fix of its stack', async (name) => {
  const { stack } = await readSystem(name);
  const { operations } = await readExpected(await readSystem(name));
  const missing = operations.flatMap(({ operation, vulnerable }) => {
    const [method = '', path = ''] = operation.split(' ');
    return vulnerable.flatMap(({ check }) => (fixOf(check, stack, { method, path }) ? [] : `${check} at ${operation}`));
  });
  expect(missing.filter((each) => !consequences.has(each))).toEqual([]);
});

describe('looking up', () => {
  const stackOf = (name: string, stack?: Parameters<typeof remediesFor>[1]) =>
    remediesFor(name, stack).map(({ stack: own, fit }) => [own.store, own.auth, fit].join(' '));

  test('puts the exact stack first, then the same store, then the same framework', () => {
    const found = stackOf('foreign-object-read', { framework: 'flask', store: 'mongodb', auth: 'bearer' });
    expect(found[0]).toBe('mongodb bearer exact');
    const fits = found.map((each) => each.split(' ')[2]);
    expect([...new Set(fits)]).toEqual(['exact', 'store', 'framework']);
    expect(found).toHaveLength(stackOf('foreign-object-read').length);
  });

  test('says so where a remedy is of another framework, or of another store', () => {
    const foreign = remediesFor('property-assignment', { framework: 'express', store: 'mongodb' });
    expect(foreign[0]).toMatchObject({ fit: 'other-framework', caveat: expect.stringContaining('not for Express') });
    expect(foreign.every(({ caveat }) => caveat !== undefined)).toBe(true);
    const near = remediesFor('session-fixation', { framework: 'flask', store: 'sqlalchemy' });
    expect(near[0]).toMatchObject({ fit: 'framework', caveat: expect.stringContaining('not for SQLAlchemy') });
  });

  test('claims no fit where nothing is known', () => {
    expect(remediesFor('foreign-object-read', {}).every(({ fit, caveat }) => fit === 'other' && caveat !== undefined)).toBe(true);
  });

  test('knows weaknesses without a check, checks without a weakness, and nothing else', () => {
    expect(remediesFor('session-fixation')).toHaveLength(1);
    expect(remediesFor('neighbouring-id-read').length).toBeGreaterThan(3);
    expect(remediesFor('no-such-thing')).toEqual([]);
    expect(knownNames()).toContain('tenant-header-trusted');
    expect(storesOf('flask')).toEqual(['dynamodb', 'mongodb', 'sqlalchemy']);
    expect(storesOf('express')).toEqual([]);
  });

  test('puts what only defines something last', () => {
    const found = remediesFor('sensitive-property-returned', { framework: 'flask', store: 'mongodb' });
    const own = found.filter(({ fit }) => fit === 'store').map(({ definesOnly }) => definesOnly);
    expect(own).toEqual(own.toSorted((a, b) => Number(a) - Number(b)));
    expect(own).toContain(true);
  });
});

describe('a fix', () => {
  const operation = { method: 'PATCH', path: '/things/{id}' };

  test('is of the same framework and store, and of a route like the operation', () => {
    const stack = { framework: 'flask', store: 'mongodb', auth: 'bearer' } as const;
    const change = fixOf('property-assignment', stack, operation);
    const signUp = fixOf('property-assignment', stack, { method: 'POST', path: '/sign-up' });
    const routes = remedies.map((remedy) => [sourceOf(remedy), remedy.route?.method] as const);
    expect(new Map(routes).get(change?.source ?? '')).toBe('PATCH');
    expect(new Map(routes).get(signUp?.source ?? '')).toBe('POST');
  });

  test.each([
    ['of another framework', { framework: 'express', store: 'mongodb', auth: 'bearer' }],
    ['without a store', { framework: 'flask', auth: 'bearer' }],
    ['without a framework', { store: 'mongodb' }],
  ] as const)('is not given %s', (_, stack) => {
    expect(fixOf('property-assignment', stack, operation)).toBeUndefined();
  });
});
