import { describe, expect, test } from 'vitest';
import { surfaceFromText } from '../discover/index.ts';
import { decisionOf, roleOf } from '../model/permissions.ts';
import { parsePermissions, permissionsFor } from './index.ts';

const file = `version: 1
roles:
  admin: [root]
  user: [alice, bob]
permissions:
  GET /notes/{id}:
    anonymous: deny
    user: own
    admin: allow
  GET /totals:
    user: unknown
`;
const surface = surfaceFromText(
  JSON.stringify({
    openapi: '3.0.3',
    info: { title: '', version: '' },
    paths: { '/notes/{note_id}': { get: {} }, '/totals': { get: {} } },
  }),
  'openapi.json',
  { origin: 'http://api.example.test' },
);

test('decisions are found by role, and by the file before what an identity says of itself', () => {
  const { permissions } = permissionsFor(parsePermissions(file, 'p.yaml'), surface);
  const at = 'GET /notes/{note_id}';
  expect(decisionOf(permissions, at, { name: 'alice' })).toBe('own');
  expect(decisionOf(permissions, at, { name: 'root', role: 'user' })).toBe('allow');
  expect(decisionOf(permissions, at, { name: 'carol', role: 'auditor' })).toBeUndefined();
  expect(decisionOf(permissions, at, null)).toBe('deny');
  expect(decisionOf(permissions, 'GET /totals', { name: 'alice' })).toBeUndefined();
  expect(roleOf({ name: 'carol' })).toBe('user');
});

describe('a mistake is named with its line and what was meant', () => {
  test.each([
    ['permissions:\n  GET /totals:\n    user: denny\n', /p\.yaml:5: "denny" is no decision; did you mean deny\?/],
    ['permissions:\n  GET /totals:\n    usr: deny\n', /p\.yaml:5: no role is called "usr"; did you mean user\?/],
    ['permisions:\n  GET /totals: {}\n', /p\.yaml:3: unknown key "permisions"; did you mean permissions\?/],
    ['permissions:\n  GET /totals: deny\n', /p\.yaml:4: "GET \/totals" must be a map/],
    ['permissions: [GET]\n', /p\.yaml:3: permissions must be a map/],
    ['permissions: {a: [}\n', /p\.yaml:3: this is not YAML/],
    ['version: 2\n', /is of a version/],
  ])('%j', (text, message) => {
    expect(() => parsePermissions(`roles:\n  user: [alice]\n${text}`, 'p.yaml')).toThrow(message);
  });

  test('identities with two roles', () => {
    expect(() => parsePermissions('roles:\n  user: [alice]\n  admin: [alice]\n', 'p.yaml')).toThrow(
      'p.yaml:3: alice cannot have the roles',
    );
  });

  test('an operation that the description does not have', () => {
    const mistyped = parsePermissions(file.replace('GET /totals', 'GET /total'), 'p.yaml');
    expect(() => permissionsFor(mistyped, surface)).toThrow(
      '"GET /total", which the description does not have; did you mean "GET /totals"?',
    );
  });

  test('where there is no description, it is a note', () => {
    const { document: _document, ...crawled } = surface;
    const { permissions, notes } = permissionsFor(parsePermissions(file.replace('GET /totals', 'GET /gone'), 'p.yaml'), crawled);
    expect(notes).toEqual(['The permissions speak of "GET /gone", which was not found.']);
    expect(Object.keys(permissions.rules)).toEqual(['GET /notes/{note_id}']);
  });
});
