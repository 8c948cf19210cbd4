import { isDenied, isServed } from '../../model/answer.ts';
import type { OperationSubject, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import { exampleApi } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { forgeryProbes, judgeForgeries, type Forgeries } from '../forged-token.ts';
import { keyOf, signedWithKnownKey } from '../known-key.ts';
import { defineCheck } from '../support.ts';
import { jwtHere, tokenPlaces } from '../token-kinds.ts';

/** In September 2001, by anybody's clock. */
const longAgo = 1_000_000_000;
/** Seconds by which clocks may differ. */
const skew = 300;

export default defineCheck({
  id: 'expired-token-accepted',
  category: 'authentication',
  severity: 'high',
  docs: {
    title: 'A token is accepted after its expiry',
    risk: 'A token that leaked once, in a log or a backup, opens the account for ever.',
    remedy:
      'Leave the verification of "exp" on (PyJWT: no verify_exp=False, jsonwebtoken: no ignoreExpiration), and answer 401 for expired tokens.',
    cwe: [613],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject)?.jwt.claims['exp'] !== undefined,
  plan: (subject) => {
    if (isForgeable(subject)) return forgeryProbes(subject, forgeriesBy(subject.world));
    const [place] = tokenPlaces(subject.world);
    if (!place) throw new Error('expired-token-accepted was planned without a guarded request');
    return { anonymous: [{ ...place.call, as: null }], genuine: [place.call] };
  },
  judge: (subject, results): Verdict =>
    isForgeable(subject)
      ? judgeForgeries(subject, results, forgeriesBy(subject.world), 'The expiry of tokens is not looked at.')
      : lentExpired(subject, results['anonymous']?.[0], results['genuine']?.[0]),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The signature is verified, the expiry is not',
        tokens: { secret: 'secret' },
        verify: ({ signature, expected }) => signature === expected,
      }),
      exampleApi({
        title: 'A token of last year still serves',
        tokens: { claims: () => ({ iat: 1_600_000_000, exp: 1_600_000_900 }) },
        verify: ({ signature, expected }) => signature === expected,
      }),
    ],
    safe: [
      exampleApi({ title: 'Expiry is checked, and the key is known', tokens: { secret: 'secret' } }),
      exampleApi({ title: 'Nothing forged is accepted' }),
      exampleApi({ title: 'Tokens without expiry', tokens: { claims: () => ({ exp: null }) } }),
      exampleApi({ title: 'An old token serves what everybody is served', tokens: { secret: 'secret' }, verify: () => true }),
      ...tokenHazards({ tokens: { secret: 'secret' } }),
    ],
  },
});

/** With the key of the tokens an expired one can be made: otherwise one would have to wait for it. */
function isForgeable(subject: OperationSubject): boolean {
  const lent = jwtHere(subject);
  return lent !== undefined && keyOf(subject.world, lent) !== undefined;
}

function forgeriesBy(world: OperationSubject['world']): Forgeries {
  const expired = (claims: JsonObject): JsonObject => ({ ...claims, ...dated(claims), exp: longAgo });
  return signedWithKnownKey(world, 'token that expired in 2001', expired, { keepsName: true });
}

/** Times before the expiry, where the token has them. */
function dated(claims: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(['iat', 'nbf'].filter((name) => typeof claims[name] === 'number').map((name) => [name, longAgo - 900]));
}

/** The token that was lent may have expired already. */
function lentExpired(subject: OperationSubject, anonymous: Answer | undefined, genuine: Answer | undefined): Verdict {
  const exp = jwtHere(subject)?.jwt.claims['exp'];
  if (typeof exp !== 'number' || !genuine || genuine.startedAt / 1000 < exp + skew)
    return { outcome: 'skipped', why: 'it needs a token that has expired, or the key to make one' };
  if (!anonymous || !isDenied(anonymous)) return { outcome: 'pass', why: 'no credential is asked for' };
  if (!isServed(genuine)) return { outcome: 'pass' };
  return {
    outcome: 'fail',
    confidence: 'certain',
    proof: `The token expired ${Math.round((genuine.startedAt / 1000 - exp) / 60)} minutes before it was served; the anonymous caller is refused.`,
    exhibits: [
      { label: 'with the expired token', answer: genuine },
      { label: 'without any', answer: anonymous },
    ],
  };
}
