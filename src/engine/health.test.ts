import { expect, test } from 'vitest';
import { world } from '../../test/support/report-fixture.ts';
import { Pulse, reasonsOf } from './health.ts';

const nobody = { ...world, identities: [], proofs: [], looks: [], accesses: [] };
const wanted = { identities: 0, signUp: true };
const logIn = /There is a log-in, and no account could be signed up/;

test('a log-in that nobody passed keeps a scan from concluding', () => {
  const reasons = reasonsOf({ ...nobody, authOperations: new Set(['POST /login']) }, new Pulse(), wanted);
  expect(reasons.filter((reason) => logIn.test(reason))).toHaveLength(1);
});

test.each([
  ['there is no log-in', { ...nobody, authOperations: new Set<string>() }, wanted],
  ['nobody was to be signed up', { ...nobody, authOperations: new Set(['POST /login']) }, { identities: 0, signUp: false }],
  ['somebody is logged in', { ...world, authOperations: new Set(['POST /login']) }, wanted],
])('it is not said where %s', (_, given, asked) => {
  expect(reasonsOf(given, new Pulse(), asked).some((reason) => logIn.test(reason))).toBe(false);
});
