import { isDenied, isServed } from '../../model/answer.ts';
import type { NextStep, OperationSubject, Probe, Step, Verdict } from '../../model/check.ts';
import { headerOf, type Request } from '../../model/http.ts';
import type { Credential, Tamper } from '../../model/identity.ts';
import type { LentCredential } from '../../model/world.ts';
import { exampleApi } from '../example-api.ts';
import { garbled, guardedLooks, type Guarded } from '../credential-probes.ts';
import { bodyOf, defineCheck, sameContent } from '../support.ts';

/** Query parameters in which services look for a credential, whatever their description says. */
const usual = ['api_key', 'access_token', 'token', 'key', 'apikey', 'apiKey', 'auth_token', 'jwt'];

export default defineCheck({
  id: 'credential-accepted-in-url',
  category: 'authentication',
  severity: 'low',
  docs: {
    title: 'A credential is accepted in the address, where it is not described',
    risk: 'Somebody will use it: a link in a mail, an image, a quick test. From then on the credential stands in logs, histories and the Referer of other sites.',
    remedy: 'Look for the credential in the one place that is described, a header, and refuse requests that bring it in another one.',
    cwe: [598],
    owasp: 'API2:2023',
  },
  needs: ['identity', 'intrusive'],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => placeOf(subject) !== undefined,
  plan: (subject) => {
    const place = placeOf(subject);
    if (!place) throw new Error('credential-accepted-in-url was planned without a guarded request');
    return { moved: probeOf(place, namesFor(subject, place)) };
  },
  judge: (subject, { moved }): Verdict => {
    const place = placeOf(subject);
    const [anonymous, genuine, all, wrong, ...each] = moved;
    if (!place || !anonymous || !isDenied(anonymous) || !genuine || !isServed(genuine))
      return { outcome: 'inconclusive', why: 'the genuine credential is no longer accepted, or none is asked for' };
    if (!all || !isServed(all)) return { outcome: 'pass' };
    if (!wrong || !isDenied(wrong)) return { outcome: 'pass', why: 'any credential is accepted there, or any query' };
    const at = each.findIndex(isServed);
    const name = namesFor(subject, place)[at];
    const answer = each[at] ?? all;
    const same = bodyOf(genuine).trim() !== '' && sameContent(genuine, answer, place.baseline.noise);
    return {
      outcome: 'fail',
      confidence: same ? 'certain' : 'firm',
      proof: `The credential is accepted ${name === undefined ? 'in the query' : `as the query parameter "${name}"`} instead of its header${same ? ', for the same content' : ''}; a wrong one there is refused.`,
      exhibits: [
        { label: 'in the query, no header', answer },
        { label: 'a wrong one in the query', answer: wrong },
        { label: 'without any', answer: anonymous },
      ],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'A key is looked for in the header and in the query',
        ...keyed((request) => inHeader(request) || inQuery(request, 'api_key')),
      }),
      exampleApi({
        title: 'The token of a session may stand in the address',
        allow: 'intrusive',
        tokens: {
          find: (request) => (headerOf(request.headers, 'authorization') ?? '').replace('Bearer ', '') || inQuery(request, 'access_token'),
        },
      }),
    ],
    safe: [
      exampleApi({ title: 'A key goes in the header alone', ...keyed(inHeader) }),
      exampleApi({
        title: 'The query is described as its place',
        ...keyed((request) => inHeader(request) || inQuery(request, 'X-API-Key'), 'query'),
      }),
      exampleApi({
        title: 'Any query opens the door',
        ...keyed((request) => (inHeader(request) || request.path.includes('?') ? 'token-of-alice' : '')),
      }),
    ],
  },
});

/** The first request that needs a credential which is lent as a header; at no other operation. */
function placeOf({ world, operation }: OperationSubject): Guarded | undefined {
  const place = guardedLooks(world.looks).find(({ as }) => {
    const lent = world.lent?.find(({ identity }) => identity === as);
    return lent && isMovable(lent);
  });
  return place?.call.operation === operation.id ? place : undefined;
}

function isMovable({ headers, cookies, query }: LentCredential): boolean {
  return headers.length === 1 && cookies.length === 0 && query.length === 0 && headers[0] !== 'Authorization Basic';
}

/** The names to try: the header's own and the usual ones, without those that are described for it. */
function namesFor({ world }: OperationSubject, { as }: Guarded): readonly string[] {
  const [header = ''] = world.lent?.find(({ identity }) => identity === as)?.headers ?? [];
  const described = new Set(
    Object.values(world.surface.securitySchemes).flatMap((scheme) =>
      scheme.kind === 'apiKey' && scheme.in === 'query' ? [scheme.name] : [],
    ),
  );
  const own = header.startsWith('Authorization') ? [] : [header];
  return [...own, ...usual].filter((name) => !described.has(name));
}

function probeOf({ call }: Guarded, names: readonly string[]): Probe {
  const send = (label: string, tried: readonly string[], secretOf?: (secret: string) => string): Step => ({
    ...call,
    tamper: moving(label, tried, secretOf),
  });
  const next: NextStep = ([anonymous, genuine, all, wrong, ...each]) => {
    if (!anonymous || !isDenied(anonymous) || !genuine || !isServed(genuine)) return null;
    if (!all) return send('credential in the query, no header', names);
    if (!isServed(all)) return null;
    if (!wrong) return send('garbled credential in the query, no header', names, garbled);
    const name = names[each.length];
    return isDenied(wrong) && !each.some(isServed) && name !== undefined
      ? send(`credential as the query parameter ${name}, no header`, [name])
      : null;
  };
  return [{ ...call, as: null }, call, next, next, ...names.map(() => next)];
}

/** Takes the one header of a credential away and puts what was in it, without its scheme, into the query. */
function moving(label: string, names: readonly string[], secretOf = (secret: string): string => secret): Tamper {
  return {
    label,
    change: ({ headers: [header] }): Credential => {
      const secret = secretOf((header?.[1] ?? '').replace(/^[A-Za-z]+ /, ''));
      return { headers: [], cookies: [], query: names.map((name) => [name, secret] as const) };
    },
  };
}

function inHeader(request: Request): string {
  return headerOf(request.headers, 'x-api-key') ?? '';
}

function inQuery({ path }: Request, name: string): string {
  return new URLSearchParams(path.split('?')[1] ?? '').get(name) ?? '';
}

function keyed(
  find: (request: Request) => string,
  place: 'header' | 'query' = 'header',
): Pick<Parameters<typeof exampleApi>[0], 'allow' | 'users' | 'identities' | 'scheme' | 'tokens'> {
  return {
    allow: 'intrusive',
    users: ['alice'],
    identities: [{ name: 'alice', credential: 'X-API-Key: token-of-alice' }],
    scheme: { type: 'apiKey', in: place, name: 'X-API-Key' },
    tokens: { find },
  };
}
