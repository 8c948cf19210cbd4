import type { OperationSubject, Verdict } from '../../model/check.ts';
import { isObject, parseJson } from '../../model/json.ts';
import { exampleApi, type ExampleToken } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { certifiedKey, isSignedBy } from '../example-rsa.ts';
import { forgeryProbes, judgeForgeries } from '../forged-token.ts';
import { hostedBy, pointingForgeries, whyNotHosted } from '../key-address.ts';
import { defineCheck } from '../support.ts';
import { jwtsHere } from '../token-kinds.ts';

export default defineCheck({
  id: 'key-address-accepted',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'The key of a token is fetched from where the token says',
    risk: 'Anybody serves a key of their own, names its address in "jku", "x5u" or the issuer, and signs tokens for every account. Besides, the target fetches whatever address it is given.',
    remedy:
      'Fetch keys from one configured address (PyJWKClient with a fixed URL), compare "iss" with a fixed list before anything is fetched, and ignore "jku" and "x5u".',
    cwe: [347, 345, 918],
    owasp: 'API2:2023',
  },
  needs: ['identity', 'write'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtsHere(subject).some(({ jwt }) => /^(?:RS|PS|ES|Ed)/.test(String(jwt.header['alg']))),
  plan: (subject) => forgeryProbes(subject, pointingForgeries(subject.world)),
  judge: (subject, results): Verdict =>
    hostedBy(subject.world)
      ? judgeForgeries(subject, results, pointingForgeries(subject.world), 'The key is fetched from the address in the token.')
      : { outcome: 'skipped', why: whyNotHosted(subject.world) },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The header "jku" is followed',
        tokens: { rsa: true },
        verify: (token) => verified(token, keyIn(token.fetch(String(token.header['jku'])))),
      }),
      exampleApi({
        title: 'The certificate at "x5u" is fetched, and its chain is not asked for',
        tokens: { rsa: true },
        verify: (token) => verified(token, certificateIn(token.fetch(String(token.header['x5u'])))),
      }),
      exampleApi({
        title: 'Whoever is named as the issuer is asked for the key',
        tokens: { rsa: true, claims: () => ({ iss: 'https://issuer.example' }) },
        verify: (token) => verified(token, keyIn(token.fetch(`${String(token.claims['iss'])}/.well-known/jwks.json`))),
      }),
    ],
    safe: [
      exampleApi({ title: 'Addresses in tokens are ignored', tokens: { rsa: true } }),
      exampleApi({
        title: 'The address is fetched, and what is there is not used',
        tokens: { rsa: true },
        verify: ({ header, fetch, signature, expected }) => fetch(String(header['jku'])) === 'pinned' || signature === expected,
      }),
      exampleApi({
        title: 'Tokens with an address are not verified at all: whose key it is does not matter',
        tokens: { rsa: true },
        verify: ({ header, signature, expected }) => header['jku'] !== undefined || signature === expected,
      }),
      exampleApi({ title: 'Tokens have one secret key' }),
      ...tokenHazards({ tokens: { rsa: true } }),
    ],
  },
});

interface Key {
  readonly n: string;
}

function verified({ signed, signature, expected }: ExampleToken, key: Key | undefined): boolean {
  return key ? isSignedBy(key, signed, signature) : signature === expected;
}

function keyIn(document: string | undefined): Key | undefined {
  const set = parseJson(document ?? '');
  const keys = isObject(set) ? set['keys'] : undefined;
  const key = Array.isArray(keys) ? keys.find(isObject) : undefined;
  return typeof key?.['n'] === 'string' ? { n: key['n'] } : undefined;
}

function certificateIn(document: string | undefined): Key | undefined {
  const base64 = /-----BEGIN CERTIFICATE-----([\s\S]+)-----END/.exec(document ?? '')?.[1]?.replaceAll(/\s/g, '');
  return base64 === undefined ? undefined : certifiedKey(base64);
}
