import type { OperationSubject, Verdict } from '../../model/check.ts';
import { exampleApi } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { jwtHere, tokenPlaces } from '../token-kinds.ts';

/** Longer than anybody stays logged in without noticing. */
const mostDays = 366;

export default defineCheck({
  id: 'token-without-expiry',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'Tokens never expire, or after years',
    risk: 'A token that leaks, in a log, a backup or a link, opens the account until the signing key is changed.',
    remedy: 'Give tokens an "exp" of minutes, and a refresh token that can be ended to renew them with.',
    cwe: [613],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject) !== undefined,
  plan: () => ({}),
  judge: (subject): Verdict => {
    const claims = jwtHere(subject)?.jwt.claims ?? {};
    const [answer] = tokenPlaces(subject.world)[0]?.baseline.answers ?? [];
    const exhibits = answer ? [{ label: 'with the token', answer }] : [];
    if (claims['exp'] === undefined) {
      const proof = `The token, a JWT, has no "exp" among its claims (${Object.keys(claims).slice(0, 8).join(', ')}).`;
      return { outcome: 'fail', confidence: 'firm', proof, exhibits };
    }
    const from = typeof claims['iat'] === 'number' ? claims['iat'] : (answer?.startedAt ?? 0) / 1000;
    const days = Math.round((Number(claims['exp']) - from) / 86_400);
    if (!(days > mostDays)) return { outcome: 'pass' };
    return { outcome: 'fail', confidence: 'firm', severity: 'info', proof: `The token, a JWT, is valid for ${days} days.`, exhibits };
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'Tokens for ever', tokens: { claims: () => ({ exp: null }) } }),
      exampleApi({ title: 'Tokens for ten years', tokens: { claims: () => ({ exp: 4_315_360_000 }) } }),
    ],
    safe: [
      exampleApi({ title: 'Tokens for a quarter of an hour' }),
      exampleApi({
        title: 'Keys that are no JWT, and may well be for ever',
        allow: 'read',
        users: ['alice'],
        identities: [{ name: 'alice', bearer: 'token-of-alice' }],
      }),
    ],
  },
});
