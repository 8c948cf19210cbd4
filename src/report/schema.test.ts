import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { reportFixture } from '../../test/support/report-fixture.ts';
import { UserError } from '../model/user-error.ts';
import { json } from './json.ts';
import { parseReport, reportJsonSchema } from './schema.ts';

const written = readFileSync(new URL('../../report.schema.json', import.meta.url), 'utf8');

test('report.schema.json is the one that is generated', () => {
  expect(written).toBe(`${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
});

describe('a built report', () => {
  const ajv = new Ajv2020({ allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(written) as object);

  test.each([
    ['with findings', {}],
    ['inconclusive', { reasons: ['No.'], judged: [] }],
    ['with a context', { context: 'medical' as const }],
    [
      'with a stack and fixes',
      {
        stack: { framework: 'flask' as const, auth: 'api-key' as const, seenIn: ['flask: as told'] },
        fixOf: () => ({ title: 'Ask', stack: { store: 'mongodb' as const }, why: 'So. And so.', diff: '@@ @@', source: 'a.py:1-2' }),
      },
    ],
    ['of nothing', { surface: undefined, world: undefined, judged: [], reach: [], identities: [] }],
  ])('%s is valid', (_, changes) => {
    validate(JSON.parse(json(reportFixture(changes))));
    expect(validate.errors).toBeNull();
  });

  test('with anything else in it is not', () => {
    expect(validate({ ...reportFixture(), more: 1 })).toBe(false);
    expect(validate({ ...reportFixture(), score: 101 })).toBe(false);
  });

  test('comes back as it was from its JSON', () => {
    const report = reportFixture();
    expect(parseReport(json(report))).toEqual(report);
  });
});

test.each([
  ['{', /is not JSON/],
  ['[]', /not a report/],
  ['{"schemaVersion":"9"}', /schemaVersion/],
])('%s is refused in words', (text, message) => {
  expect(() => parseReport(text, 'base.json')).toThrow(UserError);
  expect(() => parseReport(text, 'base.json')).toThrow(message);
});
