import type { OperationSubject, Verdict } from '../../model/check.ts';
import type { World } from '../../model/world.ts';
import { exampleApi, ok } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { publicJwk, publicPem } from '../example-rsa.ts';
import { forgeryProbes, judgeForgeries, type Forgeries } from '../forged-token.ts';
import { hmac } from '../hmac.ts';
import { barelyChanged, signedBy, type Forging } from '../jwt.ts';
import { defineCheck } from '../support.ts';
import { jwtsHere } from '../token-kinds.ts';

const keys = { 'GET /.well-known/jwks.json': { secured: false, reply: () => ok({ keys: [publicJwk] }) } };

export default defineCheck({
  id: 'signing-key-confusion',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'A token signed with the public key as if it were a password is accepted',
    risk: 'The public key is public: whoever reads it signs tokens for every account by HS256, and the target verifies them with the same text.',
    remedy:
      'Verify with the one algorithm that the key is for, such as jwt.decode(token, public_key, algorithms=["RS256"]), and never with the one that the token names.',
    cwe: [347, 327],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtsHere(subject).some(({ jwt }) => isAsymmetric(jwt.header['alg'])),
  plan: (subject) => forgeryProbes(subject, forgeriesBy(subject.world)),
  judge: (subject, results): Verdict => {
    if ((subject.world.keys?.published ?? []).length === 0)
      return { outcome: 'skipped', why: 'the public key of the target was not found in the usual places' };
    return judgeForgeries(subject, results, forgeriesBy(subject.world), 'The algorithm is the one that the token names.');
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The key file is the key of whatever algorithm the token names',
        tokens: { rsa: true },
        routes: keys,
        verify: ({ algorithm, signed, signature, expected }) =>
          algorithm === 'HS256' ? signature === hmac('HS256', publicPem, signed) : signature === expected,
      }),
    ],
    safe: [
      exampleApi({ title: 'RS256 alone is accepted', tokens: { rsa: true }, routes: keys }),
      exampleApi({ title: 'The public key is not to be had', tokens: { rsa: true } }),
      exampleApi({
        title: 'HS256 is accepted too, by a key that is no other',
        tokens: { rsa: true },
        routes: keys,
        verify: ({ algorithm, signed, signature, expected }) =>
          algorithm === 'HS256' ? signature === hmac('HS256', 'rT7-vq2_Lw9xKc4ZbN8sYd3H', signed) : signature === expected,
      }),
      exampleApi({
        title: 'HS256 is not verified at all: no confusion of keys',
        tokens: { rsa: true },
        routes: keys,
        verify: ({ algorithm, signature, expected }) => algorithm === 'HS256' || signature === expected,
      }),
      ...tokenHazards({ tokens: { rsa: true } }),
    ],
  },
});

function isAsymmetric(algorithm: unknown): boolean {
  return /^(?:RS|PS|ES|Ed)/.test(String(algorithm));
}

function forgeriesBy({ keys }: World): Forgeries {
  const by = (key: string): Forging => ({ header: { alg: 'HS256' }, claims: barelyChanged, sign: signedBy(key) });
  return ({ jwt: { header } }) =>
    (isAsymmetric(header['alg']) ? (keys?.published ?? []) : []).map((text, index) => ({
      label: `token signed by HS256 with the public key as its password${index === 0 ? '' : ` (spelling ${index + 1})`}`,
      forging: by(text),
      control: by(`not ${text}`),
    }));
}
