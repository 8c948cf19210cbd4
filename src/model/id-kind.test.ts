import fc from 'fast-check';
import { expect, test } from 'vitest';
import { absentId, neighboursOf, readId } from './id-kind.ts';

test.each([
  ['42', 'integer', 'sequential'],
  ['8273645501', 'integer', 'low entropy'],
  ['1790000000123', 'integer', 'time-based'],
  ['00042', 'padded number', 'sequential'],
  ['INV-00042', 'prefixed number', 'sequential'],
  ['INV-2026-00042', 'prefixed number', 'sequential'],
  ['user17', 'prefixed number', 'sequential'],
  ['f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'UUID v1', 'time-based'],
  ['1ec9414c-232a-6b00-b3c8-9e6bdeced846', 'UUID v6', 'time-based'],
  ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f', 'UUID v7', 'random'],
  ['550e8400-e29b-41d4-a716-446655440000', 'UUID v4', 'random'],
  ['65f0a1b2c3d4e5f60718293a', 'ObjectId', 'time-based'],
  ['00000001c3d4e5f60718293a', 'random text', 'random'],
  ['01ARZ3NDEKTSV4RRFFQ69G5FAV', 'ULID', 'random'],
  ['0ujsswThIGTUYm2K8FjOOfXtY1K', 'KSUID', 'random'],
  ['1541815603606036480', 'snowflake', 'time-based'],
  ['MTI=', 'encoded', 'sequential'],
  ['b3JkZXI6MTI=', 'global id', 'sequential'],
  ['Z2lkOi8vc2hvcC9PcmRlci80Mg', 'global id', 'sequential'],
  ['T3JkZXI6NTUwZTg0MDAtZTI5Yi00MWQ0LWE3MTYtNDQ2NjU1NDQwMDAw', 'global id', 'random'],
  ['jR3k9x', 'short code', 'low entropy'],
  ['V1StGXR8_Z5jdHi6B-myT', 'random text', 'random'],
  ['ada@example.org', 'e-mail address', 'low entropy'],
  ['summer-sale', 'slug', 'low entropy'],
  ['ada', 'name', 'low entropy'],
  ['eu:42', 'composite key', 'low entropy'],
  ['acme/550e8400-e29b-41d4-a716-446655440000', 'composite key', 'random'],
])('%s is of the kind %s: %s', (id, kind, predictability) => {
  expect(readId(id)).toMatchObject({ kind, predictability });
});

test.each([
  ['42', ['41', '43', '40', '44']],
  ['1', ['0', '2', '3']],
  ['00042', ['00041', '00043', '00040', '00044']],
  ['INV-00099', ['INV-00098', 'INV-00100', 'INV-00097', 'INV-00101']],
  [
    '65f0a1b2c3d4e5f6071829ff',
    ['65f0a1b2c3d4e5f6071829fe', '65f0a1b2c3d4e5f607182a00', '65f0a1b2c3d4e5f6071829fd', '65f0a1b2c3d4e5f607182a01'],
  ],
  ['MTI=', ['MTE=', 'MTM=', 'MTA=', 'MTQ=']],
  ['b3JkZXI6MTI=', ['b3JkZXI6MTE=', 'b3JkZXI6MTM=', 'b3JkZXI6MTA=', 'b3JkZXI6MTQ=']],
  ['eu:42', ['eu:41', 'eu:43', 'eu:40', 'eu:44']],
  ['550e8400-e29b-41d4-a716-446655440000', []],
  ['ada', []],
])('the neighbours of %s', (id, expected) => {
  expect(neighboursOf(id, 2)).toEqual(expected);
});

test('the times in ids', () => {
  const times = ['f81d4fae-7dec-11d0-a765-00a0c91e6bf6', '1ec9414c-232a-6b00-b3c8-9e6bdeced846', '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'];
  expect(times.map((id) => new Date(readId(id).time ?? 0).toISOString().slice(0, 10))).toEqual(['1997-02-03', '2022-02-22', '2022-02-22']);
  expect(readId('65f0a1b2c3d4e5f60718293a').time).toBe(0x65f0a1b2 * 1000);
});

test('neighbours are of the same kind, and come back', () => {
  const ids = fc.oneof(
    fc.nat(1_000_000).map((count) => String(count + 10)),
    fc.nat(90_000).map((count) => `ORD-${String(count + 10).padStart(6, '0')}`),
    fc.uuid({ version: 1 }),
    fc.nat(90_000).map((count) => btoa(`Order:${count + 10}`)),
  );
  fc.assert(
    fc.property(ids, (id) => {
      for (const near of neighboursOf(id, 2)) {
        expect(readId(near).kind).toBe(readId(id).kind);
        expect(neighboursOf(near, 2)).toContain(id);
      }
    }),
  );
});

test('an absent id is of the same kind, and another', () => {
  const ids = ['42', '00042', 'INV-00042', '550e8400-e29b-41d4-a716-446655440000', '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'];
  const more = [
    '65f0a1b2c3d4e5f60718293a',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    '1541815603606036480',
    'MTI=',
    'b3JkZXI6MTI=',
    'ada@example.org',
    'eu:42',
  ];
  for (const id of [...ids, ...more]) {
    const absent = absentId(id, 'mb7x3kq9w2v5');
    expect(absent).not.toBe(id);
    expect([id, readId(absent).kind]).toEqual([id, readId(id).kind]);
  }
});

test('whatever text it is, it is read', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      expect(readId(text).kind).not.toBe('');
      expect(neighboursOf(text, 1)).not.toContain(text);
      expect(absentId(text, 'mb7x3kq9w2v5')).not.toBe(text);
    }),
  );
});
