import type { OperationSubject, Verdict } from '../../model/check.ts';
import type { JsonObject } from '../../model/json.ts';
import { exampleApi } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { forgeryProbes, judgeForgeries, type Forgeries } from '../forged-token.ts';
import { keyOf, signedWithKnownKey } from '../known-key.ts';
import { defineCheck } from '../support.ts';
import { jwtHere } from '../token-kinds.ts';

/** In December 2099, by anybody's clock. */
const farAhead = 4_100_000_000;

export default defineCheck({
  id: 'premature-token-accepted',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'A token is accepted before it becomes valid',
    risk: 'Tokens that are handed out ahead of time, for a booking or a trial, open the account at once.',
    remedy: 'Leave the verification of "nbf" on (PyJWT: no verify_nbf=False, jsonwebtoken: no ignoreNotBefore).',
    cwe: [613, 345],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject) !== undefined,
  plan: (subject) => forgeryProbes(subject, forgeriesBy(subject.world)),
  judge: (subject, results): Verdict => {
    const lent = jwtHere(subject);
    if (!lent || keyOf(subject.world, lent) === undefined)
      return { outcome: 'skipped', why: 'it needs the key of the tokens, to make one' };
    return judgeForgeries(subject, results, forgeriesBy(subject.world), 'The time before which tokens are not valid is not looked at.');
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The key is known, and "nbf" is not looked at',
        tokens: { secret: 'secret' },
        verify: ({ signature, expected, expired }) => signature === expected && !expired,
      }),
    ],
    safe: [
      exampleApi({
        title: 'The key is known, and "nbf" is compared with the clock',
        tokens: { secret: 'secret' },
        verify: ({ signature, expected, expired, claims }) =>
          signature === expected && !expired && Number(claims['nbf'] ?? 0) <= 4_000_000_000,
      }),
      exampleApi({ title: 'The key is not known' }),
      exampleApi({
        title: 'Tokens are looked up besides',
        tokens: { secret: 'secret' },
        verify: ({ signature, expected, claims }) => signature === expected && claims['exp'] === 4_000_000_900,
      }),
      ...tokenHazards({
        tokens: { secret: 'secret' },
        verify: ({ signature, expected, claims }) => signature === expected && claims['nbf'] === undefined,
      }),
    ],
  },
});

function forgeriesBy(world: OperationSubject['world']): Forgeries {
  const change = (claims: JsonObject): JsonObject => ({
    ...claims,
    nbf: farAhead,
    ...(claims['exp'] === undefined ? {} : { exp: farAhead + 900 }),
  });
  return signedWithKnownKey(world, 'token that becomes valid in 2099', change, { keepsName: true });
}
