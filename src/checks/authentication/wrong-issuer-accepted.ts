import type { OperationSubject, Verdict } from '../../model/check.ts';
import { exampleApi } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { forgeryProbes, judgeForgeries, type Forgeries } from '../forged-token.ts';
import { keyOf, signedWithKnownKey } from '../known-key.ts';
import { defineCheck } from '../support.ts';
import { jwtHere } from '../token-kinds.ts';

export default defineCheck({
  id: 'wrong-issuer-accepted',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'A token is accepted whoever is named as its issuer',
    risk: 'Where several issuers share keys, or keys are looked up by issuer, tokens of one are worth as much as those of all others.',
    remedy: 'Compare "iss" with the one issuer that is expected (PyJWT: jwt.decode(…, issuer="…"); jsonwebtoken: { issuer }).',
    cwe: [345],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject)?.jwt.claims['iss'] !== undefined,
  plan: (subject) => forgeryProbes(subject, forgeriesBy(subject.world)),
  judge: (subject, results): Verdict => {
    const lent = jwtHere(subject);
    if (!lent || keyOf(subject.world, lent) === undefined)
      return { outcome: 'skipped', why: 'it needs the key of the tokens, to make one' };
    return judgeForgeries(subject, results, forgeriesBy(subject.world), 'The issuer of tokens is not looked at.');
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The key is known, and the issuer is not looked at',
        tokens: { secret: 'secret', claims: () => ({ iss: 'https://issuer.example' }) },
        verify: ({ signature, expected, expired }) => signature === expected && !expired,
      }),
    ],
    safe: [
      exampleApi({
        title: 'The key is known, and the issuer is compared',
        tokens: { secret: 'secret', claims: () => ({ iss: 'https://issuer.example' }) },
        verify: ({ signature, expected, claims }) => signature === expected && claims['iss'] === 'https://issuer.example',
      }),
      exampleApi({ title: 'The key is not known', tokens: { claims: () => ({ iss: 'https://issuer.example' }) } }),
      exampleApi({ title: 'Tokens name no issuer', tokens: { secret: 'secret' } }),
      ...tokenHazards({
        tokens: { secret: 'secret', claims: () => ({ iss: 'https://issuer.example' }) },
        verify: ({ signature, expected, claims }) => signature === expected && claims['iss'] === 'https://issuer.example',
      }),
    ],
  },
});

function forgeriesBy(world: OperationSubject['world']): Forgeries {
  const change = (claims: object): { iss: string } => ({ ...claims, iss: 'https://issuer.mb7.invalid' });
  return signedWithKnownKey(world, 'token of an issuer that does not exist', change, { keepsName: true });
}
