import { expect, test } from 'vitest';
import { sensitivity } from './sensitive.ts';

test.each([
  ['password', 'hunter22', 'password'],
  ['password_hash', '$2b$12$abcdefghijklmnopqrstuuJvXq1d0mVn3h0mK7yq0mVn3h0mK7yqO', 'password hash'],
  ['pw', 'scrypt:32768:8:1$abcdefgh$0123456789abcdef', 'password hash'],
  ['password', '5f4dcc3b5aa765d61d8327deb882cf99', 'password hash'],
  ['apiKey', 'k-5b1f0c2d9e8a', 'credential'],
  ['note', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc', 'credential'],
  ['internal_notes', 'pays late', 'internal field'],
  ['ssn', '078-05-1120', 'personal number'],
  ['PATH', '/usr/local/bin:/usr/bin:/bin', 'process environment'],
  ['JWT_SECRET', 'access', 'credential'],
  ['SQL_PASSWORD', 'mysecretpassword', 'credential'],
])('%s: %s', (name, value, kind) => {
  expect(sensitivity(name, value)?.kind).toBe(kind);
});

test.each([
  ['password', '********'],
  ['password', true],
  ['password', null],
  ['token', 'spring-party'],
  ['next_page_token', 'abcdefghijkl'],
  ['hash', '9e107d9d372bb6826bd81d3542a419d6'],
  ['title', 'How to choose a password'],
  ['email', 'ada@example.org'],
  ['pin', 'A'],
  ['PWD', '/srv/app'],
  ['PATH', '/usr'],
  ['CA_SECRET', '/etc/ssl/ca.pem'],
  ['api_key', '<hidden>'],
] as const)('%s: %s is nothing to report', (name, value) => {
  expect(sensitivity(name, value)).toBeUndefined();
});
