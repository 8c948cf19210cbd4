import type { OperationSubject, Verdict } from '../../model/check.ts';
import { isObject } from '../../model/json.ts';
import { exampleApi } from '../example-api.ts';
import { isSignedBy } from '../example-rsa.ts';
import { forgeryProbes, judgeForgeries, jwtHere, type Forgery } from '../forged-token.ts';
import { base64url, hmac } from '../hmac.ts';
import { barelyChanged, forged, signedBy } from '../jwt.ts';
import { defineCheck } from '../support.ts';

const ownSecret = 'mb7 a key of our own, and known to all';

export default defineCheck({
  id: 'embedded-key-accepted',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'A token is verified with the key that it brings along',
    risk: 'Anybody makes a key, signs a token for any account with it, and puts the key into the header "jwk".',
    remedy: 'Ignore "jwk", "jku" and "x5u" in the header of tokens: the keys to verify with are configured, or come from a fixed address.',
    cwe: [347, 345],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject) !== undefined,
  plan: (subject) => forgeryProbes(subject, forgeriesFor(subject)),
  judge: (subject, results): Verdict => judgeForgeries(subject, results, forgeriesFor(subject), 'The key is taken from the token itself.'),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The header "jwk" is believed',
        tokens: { rsa: true },
        verify: ({ header: { jwk }, signed, signature, expected }) =>
          isObject(jwk) && typeof jwk['n'] === 'string' ? isSignedBy({ n: jwk['n'] }, signed, signature) : signature === expected,
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
    ],
  },
});

function forgeriesFor(subject: OperationSubject): readonly Forgery[] {
  const algorithm = String(jwtHere(subject)?.jwt.header['alg']);
  const label = 'token signed with a key of our own, which it brings along';
  if (!/^(?:RS|PS|ES)/.test(algorithm)) {
    const header = { alg: 'HS256', jwk: { kty: 'oct', k: base64url(ownSecret) } };
    const by = (key: string) => (token: string) => forged(token, { header, claims: barelyChanged, sign: signedBy(key) });
    return [{ label, forge: by(ownSecret), control: by('not that key') }];
  }
  const kind = algorithm.startsWith('ES') ? 'ES256' : 'RS256';
  const own = subject.world.keys?.own(kind);
  if (!own) return [];
  const by = (sign: (text: string) => string) => (token: string) =>
    forged(token, { header: { alg: kind, jwk: { ...own.jwk, use: 'sig', alg: kind } }, claims: barelyChanged, sign });
  return [{ label, forge: by(own.sign), control: by((text) => own.sign(`not ${text}`)) }];
}
