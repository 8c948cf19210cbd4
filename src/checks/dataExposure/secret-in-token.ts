import type { OperationSubject, Severity, Verdict } from '../../model/check.ts';
import { leaves } from '../../model/json.ts';
import { sensitivity, type SensitiveKind } from '../../model/sensitive.ts';
import { exampleApi } from '../example-api.ts';
import { plantedPasswords } from '../exposures.ts';
import { defineCheck, listed } from '../support.ts';
import { jwtHere, tokenPlaces } from '../token-kinds.ts';

const severities: Readonly<Record<SensitiveKind, Severity>> = {
  password: 'high',
  'password hash': 'medium',
  credential: 'medium',
  'personal number': 'low',
  'process environment': 'high',
  'internal field': 'info',
};
/** From the worst to the mildest. */
const order: readonly SensitiveKind[] = [
  'password',
  'password hash',
  'credential',
  'process environment',
  'personal number',
  'internal field',
];

export default defineCheck({
  id: 'secret-in-token',
  category: 'dataExposure',
  severity: 'medium',
  docs: {
    title: 'Tokens carry secrets that everybody on their way can read',
    risk: 'The claims of a JWT are encoded and not encrypted: browsers, proxies and logs read along, and tokens are kept carelessly.',
    remedy: 'Put an opaque id of the account into the token and load the rest on the server.',
    cwe: [522, 200],
    owasp: 'API3:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => jwtHere(subject) !== undefined,
  plan: () => ({}),
  judge: (subject): Verdict => {
    const passwords = plantedPasswords(subject.world);
    const found = leaves(jwtHere(subject)?.jwt.claims ?? {}, 500).flatMap(({ name, value }) => {
      const isPlanted = passwords.has(String(value));
      const sensitive = isPlanted ? { kind: 'password' as const, by: 'value' as const } : sensitivity(name, value);
      return sensitive ? [{ name, ...sensitive }] : [];
    });
    const worst = order.find((kind) => found.some((each) => each.kind === kind));
    if (worst === undefined) return { outcome: 'pass' };
    const [answer] = tokenPlaces(subject.world)[0]?.baseline.answers ?? [];
    return {
      outcome: 'fail',
      confidence: found.some(({ kind, by }) => kind === worst && by === 'value')
        ? 'certain'
        : worst === 'internal field'
          ? 'tentative'
          : 'firm',
      severity: severities[worst],
      proof: `The token, a JWT that anybody can read, holds ${listed(found.map(({ name }) => name))}.`,
      exhibits: answer ? [{ label: 'with the token', answer }] : [],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'The password is in the token', tokens: { claims: (user) => ({ word: user?.password ?? '' }) } }),
      exampleApi({
        title: 'The whole account is in the token',
        tokens: { claims: (user) => ({ user: { name: user?.username ?? '', password_hash: '5f4dcc3b5aa765d61d8327deb882cf99' } }) },
      }),
    ],
    safe: [
      exampleApi({ title: 'A name and two dates' }),
      exampleApi({ title: 'An address is no secret to its owner', tokens: { claims: (user) => ({ email: user?.email ?? '' }) } }),
      exampleApi({ title: 'A claim called password that says whether there is one', tokens: { claims: () => ({ password: true }) } }),
    ],
  },
});
