import type { OperationSubject, Verdict } from '../../model/check.ts';
import { exampleApi, ok } from '../example-api.ts';
import { tokenHazards } from '../example-hazards.ts';
import { forgeryProbes, judgeForgeries, type Forgery } from '../forged-token.ts';
import { barelyChanged } from '../jwt.ts';
import { defineCheck } from '../support.ts';
import { jwtHere, type LentJwt } from '../token-kinds.ts';

const unsigned = (alg: string | null): Forgery => ({
  label: `token unsigned, alg ${alg ?? 'left empty'}`,
  forging: { header: { alg }, sign: () => '' },
});
const zeros = (what: string, signature: string): Forgery => ({
  label: `token whose signature is all zeros${what}`,
  forging: { header: { alg: 'ES256' }, sign: () => signature },
});

const forgeries: readonly Forgery[] = [
  unsigned('none'),
  { label: 'token with its signature stripped', forging: { sign: () => '' } },
  ...['None', 'NONE', 'nOnE', null].map(unsigned),
  // Zero is a valid signature of everything where nobody asks whether it is in range (CVE-2022-21449).
  zeros('', 'A'.repeat(86)),
  zeros(', in DER', 'MAYCAQACAQA'),
];

/** Where tokens are unsigned anyway, one that was never issued shows that nobody keeps a list of them. */
function forgeriesFor({ jwt: { header } }: LentJwt): readonly Forgery[] {
  if (String(header['alg']).toLowerCase() !== 'none') return forgeries;
  return [{ label: 'token unsigned, and never issued', forging: { claims: barelyChanged, sign: () => '' } }];
}

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
  plan: (subject) => forgeryProbes(subject, forgeriesFor),
  judge: (subject, results): Verdict => judgeForgeries(subject, results, forgeriesFor, 'Nothing needs to be signed.'),
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
      exampleApi({
        title: 'All tokens are unsigned',
        tokens: { header: { alg: 'none' }, unsigned: true },
        verify: ({ algorithm, signature }) => algorithm === 'none' && signature === '',
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
      ...tokenHazards(),
    ],
  },
});
