import type { OperationSubject, Verdict } from '../../model/check.ts';
import { exampleApi } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { forgeryProbes, judgeForgeries, type Forgeries } from '../forged-token.ts';
import { barelyChanged } from '../jwt.ts';
import { hinted, keyOf, signedWithKnownKey } from '../known-key.ts';
import { defineCheck } from '../support.ts';
import { jwtHere, jwtsHere, tokenPlaces } from '../token-kinds.ts';

export default defineCheck({
  id: 'weak-token-secret',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'Tokens are signed with a key that is on word lists',
    risk: 'Whoever holds one token finds the key without a single request, and then makes tokens for every account and every role.',
    remedy:
      'Sign with a random key of at least 32 bytes (python -c "import secrets; print(secrets.token_hex(32))"), read from the environment and never from the source, and replace the present one: all tokens signed with it are worthless.',
    cwe: [521, 798, 347],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject) !== undefined,
  plan: (subject) => forgeryProbes(subject, forgeriesBy(subject.world)),
  judge: (subject, results): Verdict => {
    const jwts = jwtsHere(subject);
    const weak = jwts.find((lent) => keyOf(subject.world, lent) !== undefined);
    const key = weak && keyOf(subject.world, weak);
    if (weak === undefined || key === undefined) {
      if (jwts.some(({ jwt }) => jwt.isSealed && String(jwt.header['alg']).startsWith('HS')))
        return { outcome: 'inconclusive', why: 'the recording has a stand-in for the signature, which no key fits' };
      return { outcome: 'pass', why: 'the key of the token is not on the word list' };
    }
    const found = `The key of its tokens is a common one (${hinted(key)}), found from one token and a word list.`;
    const verdict = judgeForgeries(subject, results, forgeriesBy(subject.world), found);
    if (verdict.outcome === 'fail') return verdict;
    const [answer] = tokenPlaces(subject.world).find(({ lent }) => lent.identity === weak.identity)?.baseline.answers ?? [];
    return {
      outcome: 'fail',
      confidence: 'firm',
      severity: 'high',
      proof: `${found} A token signed with it was not served, so something else may be checked as well.`,
      exhibits: answer ? [{ label: 'with the genuine token, whose signature gave the key away', answer }] : [],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'The key of the tokens is "secret"', tokens: { secret: 'secret' } }),
      exampleApi({ title: 'A short key and a long hash', tokens: { secret: 'changeme', header: { alg: 'HS512' } } }),
      exampleApi({ title: 'Bakery', tokens: { secret: 'bakery-jwt-secret' } }),
      exampleApi({
        title: 'A common key, and tokens that are looked up besides',
        tokens: { secret: 'password' },
        verify: ({ signature, expected, claims }) => signature === expected && claims['iat'] === 4_000_000_000,
      }),
    ],
    safe: [
      exampleApi({ title: 'A random key' }),
      exampleApi({ title: 'A random key, and signatures that are not verified: reported as any-credential-accepted', verify: () => true }),
      exampleApi({ title: 'Tokens signed with a private key', tokens: { rsa: true } }),
      exampleApi({
        title: 'Tokens that are no JWT',
        allow: 'read',
        users: ['alice'],
        identities: [{ name: 'alice', bearer: 'token-of-alice' }],
      }),
      ...tokenHazards(),
    ],
  },
});

function forgeriesBy(world: OperationSubject['world']): Forgeries {
  return signedWithKnownKey(world, 'token that we signed with that key', barelyChanged);
}
