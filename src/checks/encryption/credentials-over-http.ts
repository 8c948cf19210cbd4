import type { OperationSubject, Verdict } from '../../model/check.ts';
import type { LentCredential, World } from '../../model/world.ts';
import { exampleApi } from '../example-api.ts';
import { guardedLooks, type Guarded } from '../credential-probes.ts';
import { defineCheck } from '../support.ts';

const thisMachine = /^https?:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|$)/;

export default defineCheck({
  id: 'credentials-over-http',
  category: 'encryption',
  severity: 'high',
  docs: {
    title: 'Credentials travel without encryption',
    risk: 'Whoever is on the way, in the same wireless network or at a provider, reads the credential of each request and uses it. With basic authentication it is the password itself.',
    remedy:
      'Serve the API by HTTPS alone, with Strict-Transport-Security, and redirect nothing that carries a credential: answer plain HTTP with an error. Replace basic authentication by tokens that expire.',
    cwe: [319, 523],
    owasp: 'API8:2023',
  },
  needs: ['identity'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => placeOf(subject) !== undefined,
  plan: () => ({}),
  judge: (subject): Verdict => {
    const { world } = subject;
    const place = placeOf(subject);
    const lent = place && lentOf(world, place);
    if (!place || !lent) return { outcome: 'inconclusive', why: 'no credential was seen' };
    const isBasic = lent.headers.includes('Authorization Basic');
    const isHere = thisMachine.test(world.surface.origin);
    if (world.surface.origin.startsWith('https:')) return { outcome: 'pass' };
    if (isHere && !isBasic) return { outcome: 'skipped', why: 'the target is on this machine, so nothing travels' };
    const what = isBasic ? 'The password is sent with each request (basic authentication)' : `The credential (${nameOf(lent)}) is sent`;
    const [answer] = place.baseline.answers;
    return {
      outcome: 'fail',
      confidence: 'certain',
      severity: isHere ? 'info' : isBasic ? 'high' : 'medium',
      proof: isHere
        ? `${what} by plain HTTP. The target is on this machine, so nobody reads along; where it is deployed, it must be HTTPS.`
        : `${what} by plain HTTP, and is served.`,
      exhibits: answer ? [{ label: 'served by plain HTTP', answer }] : [],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({ title: 'Tokens by plain HTTP' }),
      exampleApi({ title: 'A password with each request', ...basic('http://shop.example.test') }),
      exampleApi({ title: 'A password with each request, on this machine', ...basic('http://127.0.0.1:5000') }),
    ],
    safe: [
      exampleApi({ title: 'Tokens by HTTPS', origin: 'https://api.example.test' }),
      exampleApi({ title: 'Tokens on this machine', origin: 'http://127.0.0.1:5000' }),
      exampleApi({ title: 'A password with each request, by HTTPS', ...basic('https://shop.example.test') }),
      exampleApi({ title: 'Nobody has a credential', allow: 'read' }),
    ],
  },
});

/** The first request in the name of somebody that the anonymous caller is refused; at no other operation. */
function placeOf({ world, operation }: OperationSubject): Guarded | undefined {
  const [first] = guardedLooks(world.looks);
  return first?.call.operation === operation.id ? first : undefined;
}

function lentOf({ lent = [] }: World, { as }: Guarded): LentCredential | undefined {
  return lent.find(({ identity }) => identity === as);
}

function nameOf({ headers, cookies, query }: LentCredential): string {
  return [...headers, ...cookies.map((name) => `cookie ${name}`), ...query.map((name) => `query parameter ${name}`)].join(', ');
}

function basic(origin: string): Pick<Parameters<typeof exampleApi>[0], 'origin' | 'allow' | 'users' | 'identities' | 'scheme' | 'tokens'> {
  return {
    origin,
    allow: 'read',
    users: ['alice'],
    identities: [{ name: 'alice', credential: 'Basic alice:alice-pass' }],
    scheme: { type: 'http', scheme: 'basic' },
    tokens: { find: ({ headers }) => (headers.some(([, value]) => value === `Basic ${btoa('alice:alice-pass')}`) ? 'token-of-alice' : '') },
  };
}
