import type { OperationSubject, Verdict } from '../../model/check.ts';
import { exampleApi } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { jwtHere, jwtsHere, tokenPlaces } from '../token-kinds.ts';

/** Bits of RSA: what everybody asks for, and what can be factored with a rented computer. */
const enough = 2048;
const broken = 1024;

export default defineCheck({
  id: 'short-signing-key',
  category: 'authentication',
  severity: 'medium',
  docs: {
    title: 'Tokens are signed with an RSA key that is too short',
    risk: 'An RSA key of 512 bits is factored in hours and for little money, and one of 1024 by whoever has a large computer: then tokens can be made for every account.',
    remedy: 'Make a key of at least 2048 bits (RFC 7518, 3.3), or one on the curve P-256 or Ed25519, and stop accepting the old one.',
    cwe: [326],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject) !== undefined,
  plan: () => ({}),
  judge: (subject): Verdict => {
    const rsa = jwtsHere(subject).filter(({ jwt }) => /^[RP]S/.test(String(jwt.header['alg'])) && jwt.signatureBytes > 0);
    const [shortest] = rsa.toSorted((one, other) => one.jwt.signatureBytes - other.jwt.signatureBytes);
    if (!shortest) return { outcome: 'pass', why: 'no token is signed by RSA' };
    const bits = shortest.jwt.signatureBytes * 8;
    if (bits >= enough) return { outcome: 'pass' };
    const [answer] = tokenPlaces(subject.world).find(({ lent }) => lent === shortest)?.baseline.answers ?? [];
    return {
      outcome: 'fail',
      confidence: 'certain',
      severity: bits < broken ? 'high' : 'medium',
      proof: `The signature of the token has ${shortest.jwt.signatureBytes} bytes, so its RSA key has ${bits} bits${bits < broken ? ': few enough to be factored by anybody' : ''}.`,
      exhibits: answer ? [{ label: 'with the token', answer }] : [],
    };
  },
  examples: {
    vulnerable: [exampleApi({ title: 'A key of 1024 bits', tokens: { rsa: true } })],
    safe: [
      exampleApi({ title: 'Tokens are signed with a secret key' }),
      exampleApi({
        title: 'Tokens that are no JWT',
        allow: 'read',
        users: ['alice'],
        identities: [{ name: 'alice', bearer: 'token-of-alice' }],
      }),
    ],
  },
});
