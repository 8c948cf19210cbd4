import type { OperationSubject, Verdict } from '../../model/check.ts';
import { resigned } from '../credential-probes.ts';
import { exampleApi, ok } from '../example-api.ts';
import { forgeryProbes, judgeForgeries, jwtHere, type Forgery } from '../forged-token.ts';
import { defineCheck } from '../support.ts';

const forgeries: readonly Forgery[] = [
  ...['none', 'None', 'NONE', 'nOnE'].map((name) => ({
    label: `token unsigned, alg ${name}`,
    forge: (token: string): string => resigned(token, name, ''),
  })),
  // Zero is a valid signature of everything where nobody asks whether it is in range (CVE-2022-21449).
  { label: 'token whose signature is all zeros', forge: (token) => resigned(token, 'ES256', 'A'.repeat(86)) },
  { label: 'token with its signature stripped', forge: (token) => resigned(token, undefined, '') },
];

export default defineCheck({
  id: 'unsigned-token-accepted',
  category: 'authentication',
  severity: 'critical',
  docs: {
    title: 'A token without a signature is accepted',
    risk: 'Whoever can write JSON can act as anybody: the claims of an unsigned token are whatever its maker likes.',
    remedy:
      'Verify with a fixed list of algorithms that does not contain "none", such as jwt.decode(token, key, algorithms=["HS256"]), and refuse tokens without a signature.',
    cwe: [347, 327],
    owasp: 'API2:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject) !== undefined,
  plan: (subject) => forgeryProbes(subject, forgeries),
  judge: (subject, results): Verdict => judgeForgeries(subject, results, forgeries, 'Nothing needs to be signed.'),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Tokens may name "none" as their algorithm',
        verify: ({ algorithm, signature, expected }) => algorithm.toLowerCase() === 'none' || signature === expected,
      }),
      exampleApi({
        title: 'A missing signature is not noticed',
        verify: ({ signature, expected }) => signature === '' || signature === expected,
      }),
    ],
    safe: [
      exampleApi({ title: 'Only signed tokens are accepted' }),
      exampleApi({ title: 'Nothing is verified at all: reported as any-credential-accepted, once', verify: () => true }),
      exampleApi({
        title: 'Bad tokens get an error body with status 200',
        routes: {
          'GET /me': { secured: true, reply: ({ me }) => ok(me ? { username: me.username } : { success: false, error: 'invalid token' }) },
        },
      }),
    ],
  },
});
