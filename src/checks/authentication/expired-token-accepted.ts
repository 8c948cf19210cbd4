import { isDenied, isServed } from '../../model/answer.ts';
import type { OperationSubject, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import { exampleApi } from '../example-api.ts';
import { forgeryProbes, guardedPlaces, judgeForgeries, jwtHere, type Forgery } from '../forged-token.ts';
import { forged, signedBy } from '../jwt.ts';
import { defineCheck } from '../support.ts';

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
    const forgery = forgeryFor(subject);
    return forgery
      ? forgeryProbes(subject, [forgery])
      : { anonymous: [{ ...placeOf(subject).call, as: null }], genuine: [placeOf(subject).call] };
  },
  judge: (subject, results): Verdict => {
    const forgery = forgeryFor(subject);
    if (forgery) return judgeForgeries(subject, results, [forgery], 'The expiry of tokens is not looked at.');
    return lentExpired(subject, results['anonymous']?.[0], results['genuine']?.[0]);
  },
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
    ],
  },
});

function placeOf({ world }: OperationSubject): ReturnType<typeof guardedPlaces>[number] {
  const [place] = guardedPlaces(world);
  if (!place) throw new Error('expired-token-accepted was planned without a guarded request');
  return place;
}

/** With the key of the tokens an expired one can be made: otherwise one would have to wait for it. */
function forgeryFor(subject: OperationSubject): Forgery | undefined {
  const key = subject.world.keys?.secretOf(placeOf(subject).as);
  if (key === undefined) return undefined;
  const expired = (sign: string) => (token: string) =>
    forged(token, { claims: (claims) => ({ ...claims, ...dated(claims), exp: longAgo }), sign: signedBy(sign) });
  return { label: 'token that expired in 2001', forge: expired(key), control: expired(`${key}, and not quite`) };
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
