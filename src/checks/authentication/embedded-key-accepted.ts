import type { OperationSubject, Verdict } from '../../model/check.ts';
import { isObject } from '../../model/json.ts';
import type { World } from '../../model/world.ts';
import { exampleApi } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { certifiedKey, isSignedBy } from '../example-rsa.ts';
import { forgeryProbes, judgeForgeries, type Forgeries, type Forgery } from '../forged-token.ts';
import { base64url, hmac } from '../hmac.ts';
import { barelyChanged, signedBy, type Forging } from '../jwt.ts';
import { defineCheck } from '../support.ts';
import { jwtHere } from '../token-kinds.ts';

const ownSecret = 'mb7 a key of our own, and known to all';

export default defineCheck({
  id: 'embedded-key-accepted',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'A token is verified with the key that it brings along',
    risk: 'Anybody makes a key, signs a token for any account with it, and puts the key into the header: as "jwk", or as a certificate in "x5c".',
    remedy:
      'Ignore "jwk", "jku", "x5c" and "x5u" in the header of tokens: the keys to verify with are configured, or come from a fixed address. Where certificates are needed, verify their chain up to an authority of your own.',
    cwe: [347, 345],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject) !== undefined,
  plan: (subject) => forgeryProbes(subject, forgeriesBy(subject.world)),
  judge: (subject, results): Verdict =>
    judgeForgeries(subject, results, forgeriesBy(subject.world), 'The key is taken from the token itself.'),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The header "jwk" is believed',
        tokens: { rsa: true },
        verify: ({ header: { jwk }, signed, signature, expected }) =>
          isObject(jwk) && typeof jwk['n'] === 'string' ? isSignedBy({ n: jwk['n'] }, signed, signature) : signature === expected,
      }),
      exampleApi({
        title: 'A certificate in the header is believed, whoever signed it',
        tokens: { rsa: true },
        verify: ({ header: { x5c }, signed, signature, expected }) =>
          Array.isArray(x5c) ? isSignedBy(certifiedKey(String(x5c[0])), signed, signature) : signature === expected,
      }),
      exampleApi({
        title: 'A symmetric key in the header is believed, too',
        verify: ({ header: { jwk }, signed, signature, expected }) =>
          isObject(jwk) && typeof jwk['k'] === 'string'
            ? signature === hmac('HS256', atob(jwk['k'].replaceAll('-', '+').replaceAll('_', '/')), signed)
            : signature === expected,
      }),
    ],
    safe: [
      exampleApi({ title: 'The header "jwk" is ignored', tokens: { rsa: true } }),
      exampleApi({ title: 'The key is configured' }),
      exampleApi({
        title: 'Tokens with a "jwk" are not verified at all: whose key it is does not matter',
        verify: ({ header, signature, expected }) => header['jwk'] !== undefined || signature === expected,
      }),
      ...tokenHazards({ tokens: { rsa: true } }),
    ],
  },
});

function forgeriesBy({ keys }: World): Forgeries {
  return ({ jwt: { header } }): readonly Forgery[] => {
    const algorithm = String(header['alg']);
    if (!/^(?:RS|PS|ES|Ed)/.test(algorithm)) {
      const own = { alg: 'HS256', jwk: { kty: 'oct', k: base64url(ownSecret) } };
      const by = (key: string): Forging => ({ header: own, claims: barelyChanged, sign: signedBy(key) });
      return [{ label: 'token signed with a key of our own, which it brings along', forging: by(ownSecret), control: by('not that key') }];
    }
    const own = keys?.own(algorithm);
    if (!own) return [];
    const bringing = (label: string, key: Forging['header']): Forgery => {
      const by = (sign: Forging['sign']): Forging => ({ header: { ...key, alg: algorithm }, claims: barelyChanged, sign });
      return { label, forging: by(own.sign), control: by((text) => own.sign(`not ${text}`)) };
    };
    return [
      bringing('token signed with a key of our own, which it brings along', { jwk: { ...own.jwk, use: 'sig', alg: algorithm } }),
      bringing('token signed with a key of our own, whose certificate it brings along', { x5c: [own.certificate()] }),
    ];
  };
}
