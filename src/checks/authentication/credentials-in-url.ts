import type { OperationSubject, Verdict } from '../../model/check.ts';
import { isCredentialQuery } from '../../model/credential-place.ts';
import { headerOf, type Answer } from '../../model/http.ts';
import { declaresSecurity, type Operation } from '../../model/operation.ts';
import { isPasswordName } from '../../model/sample.ts';
import type { World } from '../../model/world.ts';
import { exampleApi, ok, refused, text } from '../example-api.ts';
import { defineCheck, listed } from '../support.ts';

export default defineCheck({
  id: 'credentials-in-url',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'Credentials are part of addresses',
    risk: 'Addresses are written into logs of servers and proxies, into the history of browsers, and into the Referer of the next page: each copy opens the account.',
    remedy:
      'Take keys and tokens in a header (Authorization, X-API-Key) and passwords in a body, and refuse them in the query. Hand tokens over by a code that works once, not in a redirect.',
    cwe: [598],
    owasp: 'API2:2023',
  },
  needs: [],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => verdicts(subject).length > 0,
  plan: () => ({}),
  judge: (subject): readonly Verdict[] => verdicts(subject),
  examples: {
    vulnerable: [
      exampleApi({
        title: 'The key is a query parameter, as described',
        scheme: { type: 'apiKey', in: 'query', name: 'api_key' },
        allow: 'read',
      }),
      exampleApi({
        title: 'A log-in by GET',
        routes: { 'GET /login': { summary: 'Log in', secured: false, query: ['username', 'password'], reply: () => refused } },
      }),
      exampleApi({
        title: 'A redirect with the token in it',
        routes: {
          'GET /landing': {
            secured: true,
            reply: ({ me, token }) => (me ? { status: 302, headers: { location: `https://app.example/#access_token=${token}` } } : refused),
          },
        },
      }),
    ],
    safe: [
      exampleApi({ title: 'Tokens go in a header' }),
      exampleApi({
        title: 'A token of a page, and a redirect without one',
        routes: {
          'GET /search': { secured: false, query: ['page_token', 'q'], reply: () => ok([]) },
          'GET /home': { secured: false, reply: () => ({ status: 302, headers: { location: '/login?next=/notes&token=' } }) },
        },
      }),
      exampleApi({
        title: 'A password in a body',
        routes: { 'POST /unlock': { secured: true, body: { password: text }, reply: ({ me }) => (me ? ok({}) : refused) } },
      }),
    ],
  },
});

function verdicts(subject: OperationSubject): Verdict[] {
  return [...fromScheme(subject), ...fromParameters(subject.operation), ...fromRedirects(subject)];
}

/** A key that the description wants in the query: one finding, at the first operation that takes it. */
function fromScheme({ world, operation, looks }: OperationSubject): Verdict[] {
  return Object.entries(world.surface.securitySchemes).flatMap(([name, scheme]): Verdict[] => {
    if (scheme.kind !== 'apiKey' || scheme.in !== 'query') return [];
    const takers = world.surface.operations.filter((each) => declaresSecurity(each) && each.security?.every((other) => name in other));
    if (takers[0]?.id !== operation.id) return [];
    const isUsed = usesQuery(world, scheme.name);
    const [answer] = looks.find(({ as }) => as !== null)?.baseline.answers ?? [];
    return [
      {
        outcome: 'fail',
        confidence: isUsed ? 'certain' : 'firm',
        severity: 'low',
        proof: `The key goes into the query parameter "${scheme.name}" of ${takers.length} ${takers.length === 1 ? 'operation' : 'operations'}, and nowhere else${isUsed ? ': that is how this scan was served' : ', by the description'}.`,
        exhibits: answer ? [{ label: 'a request', answer }] : [],
        part: name,
      },
    ];
  });
}

function usesQuery({ lent = [] }: World, name: string): boolean {
  return lent.some(({ query }) => query.includes(name));
}

/** Passwords in the query or the path, as described. */
function fromParameters({ parameters, graphql }: Operation): Verdict[] {
  // Arguments of GraphQL fields are sent in the body.
  if (graphql) return [];
  const names = parameters.flatMap(({ name, in: place }) =>
    (place === 'query' || place === 'path') && isPasswordName(name) ? [name] : [],
  );
  if (names.length === 0) return [];
  const proof = `It takes ${listed(names)} as part of the address, by its description.`;
  return [{ outcome: 'fail', confidence: 'firm', severity: 'medium', proof, exhibits: [], part: names.join(' ') }];
}

/** Tokens in the address that an answer leads to. */
function fromRedirects({ looks }: OperationSubject): Verdict[] {
  for (const answer of looks.flatMap(({ baseline }) => baseline.answers)) {
    const name = tokenIn(answer);
    if (name === undefined) continue;
    return [
      {
        outcome: 'fail',
        confidence: 'certain',
        severity: 'medium',
        proof: `It redirects to an address with a credential in "${name}".`,
        exhibits: [{ label: 'the redirect', answer, highlights: [name] }],
        part: 'redirect',
      },
    ];
  }
  return [];
}

function tokenIn(answer: Answer): string | undefined {
  const location = answer.kind === 'exchange' ? (headerOf(answer.response.headers, 'location') ?? '') : '';
  const pairs = [...new URLSearchParams(location.split(/[?#]/).slice(1).join('&'))];
  return pairs.find(([name, value]) => isCredentialQuery(name) && value.length >= 8)?.[0];
}
