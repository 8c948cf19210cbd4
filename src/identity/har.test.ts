import { expect, test } from 'vitest';
import type { Exchange, Header } from '../model/http.ts';
import type { Operation, Surface } from '../model/operation.ts';
import { recordedIdentity } from './har.ts';
import { proveIdentities } from './prove.ts';
import { openSession } from './session.ts';

const get = {
  method: 'GET',
  tags: [],
  deprecated: false,
  parameters: [],
  responses: [],
  links: [],
  source: { kind: 'har', document: 'alice.har' },
} as const;
const empty: Surface = { origin: 'http://api.test', operations: [], securitySchemes: {}, notes: [] };
const never = (): never => {
  throw new Error('nothing is to be sent');
};

interface Call {
  readonly path?: string;
  readonly status?: number;
  readonly headers?: readonly Header[];
  readonly sets?: string;
  readonly body?: unknown;
  readonly answer?: unknown;
}

function exchange({ path = '/x', status = 200, headers = [], sets, body, answer }: Call): Exchange {
  return {
    kind: 'exchange',
    request: { method: 'GET', origin: 'http://api.test', path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) },
    response: {
      status,
      headers: sets === undefined ? [] : [['Set-Cookie', sets]],
      body: JSON.stringify(answer ?? {}),
      bytes: 2,
      truncated: false,
    },
    startedAt: 0,
    ms: 1,
  };
}

const identity = (...calls: readonly Call[]): ReturnType<typeof recordedIdentity> =>
  recordedIdentity({ name: 'alice', location: 'alice.har', exchanges: calls.map(exchange) });

test('acts with the last credentials that were accepted', () => {
  const { means } = identity(
    { headers: [['authorization', 'Bearer first-token']] },
    {
      headers: [
        ['Authorization', 'Bearer second-token'],
        ['X-Api-Key', 'key-1234'],
        ['X-Tenant-Id', 'acme'],
        ['X-Request-Id', 'r1'],
      ],
    },
    { status: 401, headers: [['Authorization', 'Bearer stale-token']] },
    { path: '/y?access_token=query-token&page=1' },
  );
  expect(means).toMatchObject({
    kind: 'fixed',
    credential: {
      headers: [
        ['Authorization', 'Bearer second-token'],
        ['X-Api-Key', 'key-1234'],
        ['X-Tenant-Id', 'acme'],
      ],
      query: [['access_token', 'query-token']],
    },
  });
  expect(means.kind === 'fixed' && means.secrets).toEqual(
    expect.arrayContaining(['first-token', 'second-token', 'stale-token', 'key-1234', 'query-token']),
  );
});

test('keeps the cookies that may say who it is, renewed by the answers', () => {
  const { means } = identity({
    headers: [['Cookie', 'session=old-session-1; theme=dark; _ga=GA1.2.1234567890']],
    sets: 'session=new-session-2; Path=/; HttpOnly',
  });
  expect(means).toMatchObject({ credential: { cookies: [['session', 'new-session-2']] } });
});

test('knows its account by the log-in, and keeps passwords and answered tokens secret', () => {
  const { means, facts } = identity(
    {
      path: '/login',
      body: { email: 'alice@mail.test', password: 'Pa55-of-alice' },
      answer: { access_token: 'minted-token-1', refresh_token: 'refresh-token-1' },
    },
    { headers: [['Authorization', 'Bearer minted-token-1']] },
  );
  expect(facts).toEqual({ email: 'alice@mail.test' });
  expect(means.kind === 'fixed' && means.secrets).toEqual(expect.arrayContaining(['Pa55-of-alice', 'minted-token-1', 'refresh-token-1']));
});

test('without credentials says how they get into a recording', () => {
  expect(() => identity({ headers: [['Accept', '*/*']] })).toThrow(
    expect.objectContaining({ code: 'har-without-credentials', hint: expect.stringContaining('sensitive data') }),
  );
});

test('is proven where it was served before, when made-up ids are answered with errors', async () => {
  const operation: Operation = { ...get, id: 'GET /notes/{noteId}', path: '/notes/{noteId}' };
  const surface = {
    ...empty,
    operations: [operation],
    visited: [{ identity: 'alice', operation: operation.id, path: { noteId: '7' }, query: {} }],
  };
  const session = openSession(identity({ headers: [['Authorization', 'Bearer token-of-alice']] }), { surface, send: never, now: Date.now });
  const proofs = await proveIdentities({
    surface,
    sessions: new Map([['alice', session]]),
    authOperations: new Set(),
    sendAs: ({ as, request }) =>
      Promise.resolve({
        ...exchange({ path: request.path, status: as === null ? 401 : request.path === '/notes/7' ? 200 : 500, answer: { id: 7 } }),
        request,
      }),
  });
  expect(proofs).toMatchObject([{ identity: 'alice', usable: true, operation: operation.id }]);
});
