import { buildReport, type BuildReportInput } from '../../src/engine/build-report.ts';
import type { AnyCheck, Category, Exhibit, Judged, Severity, Verdict } from '../../src/model/check.ts';
import type { Answer, Exchange, Header, Request, Silence } from '../../src/model/http.ts';
import type { Operation, Surface } from '../../src/model/operation.ts';
import type { Report } from '../../src/model/report.ts';
import type { World } from '../../src/model/world.ts';

export const aliceToken = 'Bearer tok-alice-5d1f0c77';
export const bobToken = 'Bearer tok-bob-93ab44e1';
export const bobPassword = 'Pw+bob/2 & "co"';
/** Planted in an object of alice. */
export const marker = 'mb7f3k2qx9';

export function operationOf(method: string, path: string, pointer?: string): Operation {
  return {
    id: `${method} ${path}`,
    method,
    path,
    tags: [],
    deprecated: false,
    parameters: [],
    responses: [],
    links: [],
    source: { kind: 'openapi', document: 'api/openapi.yaml', ...(pointer === undefined ? {} : { pointer }) },
  };
}

const readBook = operationOf('GET', '/books/{title}', '/paths/~1books~1{title}/get');
const listUsers = operationOf('GET', '/users/_debug', '/paths/~1users~1_debug/get');
const setMail = operationOf('PUT', '/users/{name}/email', '/paths/~1users~1{name}~1email/put');
const logIn = operationOf('POST', '/users/login', '/paths/~1users~1login/post');

export const surface: Surface = {
  origin: 'http://127.0.0.1:5000',
  title: 'Book shelf',
  operations: [readBook, listUsers, setMail, logIn],
  securitySchemes: { bearer: { kind: 'http', scheme: 'bearer' } },
  document: {
    location: 'api/openapi.yaml',
    dialect: 'openapi 3.0.1',
    lineOf: (pointer) => ({ '/paths/~1books~1{title}/get': 41, '/paths/~1users~1_debug/get': 88 })[pointer],
  },
  notes: ['The description names no server; the address it was loaded from is used.'],
};

export const world: World = {
  surface,
  identities: [
    { name: 'alice', role: 'user', source: 'signed-up', facts: { username: 'alice7' } },
    { name: 'bob', role: 'user', source: 'signed-up', facts: { username: 'bob7' } },
  ],
  sessions: new Map(),
  proofs: [],
  objects: [],
  looks: [],
  accesses: [],
  makers: [],
  leftOut: [],
  authOperations: new Set(),
  address: () => undefined,
  token: (salt) => salt,
};

export function checkOf(id: string, category: Category, severity: Severity, docs: Partial<AnyCheck['docs']> = {}): AnyCheck {
  return {
    id,
    category,
    severity,
    docs: {
      title: `The condition ${id} holds`,
      risk: 'Data is lost.',
      remedy: 'Compare the owner with the caller.',
      cwe: [639],
      owasp: 'API1:2023',
      ...docs,
    },
    needs: [],
    subject: 'object',
    phase: 'read',
    applies: () => true,
    plan: () => ({}),
    judge: () => ({ outcome: 'pass' }),
    examples: { vulnerable: [], safe: [] },
  };
}

export function exchangeOf(request: Partial<Request>, response: { status?: number; headers?: readonly Header[]; body?: string }): Exchange {
  const body = response.body ?? '';
  return {
    kind: 'exchange',
    request: { method: 'GET', origin: surface.origin, path: '/', headers: [], ...request },
    response: { status: 200, headers: [['content-type', 'application/json']], bytes: body.length, truncated: false, ...response, body },
    startedAt: 0,
    ms: 3,
  };
}

export function silenceOf(request: Partial<Request>, message: string): Silence {
  return {
    kind: 'silence',
    request: { method: 'GET', origin: surface.origin, path: '/', headers: [], ...request },
    reason: 'timeout',
    message,
    startedAt: 0,
    ms: 9,
  };
}

export function objectJudged(
  check: AnyCheck,
  verdict: Judged['verdict'],
  owner = 'alice',
  stranger: string | null = 'bob',
  operation = readBook,
): Judged {
  const object = { id: `book of ${owner}`, type: 'book', owner, keys: { title: 'moby' }, markers: [], learned: 'made' } as const;
  return {
    check,
    subject: {
      kind: 'object',
      world,
      operation,
      access: { operation, object, values: {}, slots: [{ in: 'path', name: 'title' }] },
      owner,
      stranger,
    },
    verdict,
  };
}

export function operationJudged(check: AnyCheck, verdict: Judged['verdict'], operation: Operation = listUsers): Judged {
  return { check, subject: { kind: 'operation', world, operation, looks: [], accesses: [] }, verdict };
}

const foreignRead = checkOf('foreign-object-read', 'bolaAuthorization', 'high', {
  title: 'A caller can read an object that belongs to someone else',
});
const openList = checkOf('password-in-answer', 'dataExposure', 'critical', {
  title: 'An answer holds passwords',
  remedy: 'Leave the column out of what the endpoint serialises.',
  cwe: [200, 522],
  owasp: 'API3:2023',
});
const foreignWrite = checkOf('foreign-object-write', 'bolaAuthorization', 'high');
const noLimit = checkOf('no-login-limit', 'rateLimiting', 'medium', {
  title: 'Log-in attempts are not limited',
  owasp: 'API4:2023',
  cwe: [307],
});
const plainHttp = checkOf('plain-http', 'encryption', 'low', {
  title: 'Credentials travel without encryption',
  owasp: 'API8:2023',
  cwe: [319],
});

const owned = exchangeOf(
  { path: '/books/moby', headers: [['Authorization', aliceToken]] },
  { body: `{"title":"moby","secret":"${marker}"}` },
);
const stolen = exchangeOf(
  { path: '/books/moby', headers: [['Authorization', bobToken]] },
  { body: `{"title":"moby","secret":"${marker}","owner":"alice7"}` },
);
const users = exchangeOf(
  { path: '/users/_debug', headers: [['accept', 'application/json']] },
  {
    headers: [
      ['Content-Type', 'application/json'],
      ['Server', 'Werkzeug/2.2.3 Python/3.11'],
    ],
    body: '{"users":[{"email":"mail1@mail.org","username":"name1","password":"pass1-of-name1"}]}',
  },
);
const tries = exchangeOf(
  {
    method: 'POST',
    path: '/users/login',
    headers: [['content-type', 'application/json']],
    body: JSON.stringify({ username: 'bob7', password: bobPassword }),
  },
  { status: 401, body: '{"status":"fail"}' },
);
const quiet = silenceOf({ method: 'POST', path: '/users/login' }, 'No answer within 10 s.');

export const callers = new Map<Answer, { as: string | null }>([
  [owned, { as: 'alice' }],
  [stolen, { as: 'bob' }],
  [users, { as: null }],
  [tries, { as: 'bob' }],
]);

const planted = exchangeOf(
  { method: 'POST', path: '/books', headers: [['Authorization', aliceToken]], body: `{"secret":"${marker}"}` },
  { status: 201, body: '{}' },
);
callers.set(planted, { as: 'alice' });

export const foreignReadExhibits: readonly Exhibit[] = [
  { label: 'the owner makes it', answer: planted },
  { label: 'the owner reads it', answer: owned, highlights: [marker] },
  { label: 'the stranger reads it', answer: stolen, highlights: [marker] },
];

function fail(proof: string, exhibits: readonly Exhibit[], more: Partial<Extract<Verdict, { outcome: 'fail' }>> = {}): Verdict {
  return { outcome: 'fail', confidence: 'certain', proof, exhibits, ...more };
}

export const judged: readonly Judged[] = [
  objectJudged(
    foreignRead,
    fail('bob read the book "moby" of alice: the marker planted in its field "secret" came back to bob.', foreignReadExhibits, {
      replay: 2,
    }),
  ),
  objectJudged(foreignRead, fail('alice read the book of bob.', foreignReadExhibits.slice(0, 1), { confidence: 'firm' }), 'bob', 'alice'),
  operationJudged(
    openList,
    fail(
      'Anybody is answered with the password of 1 user.',
      [{ label: 'nobody asks for users', answer: users, highlights: ['pass1-of-name1'] }],
      { part: 'password' },
    ),
  ),
  objectJudged(foreignWrite, { outcome: 'pass' }, 'alice', 'bob', setMail),
  objectJudged(foreignWrite, { outcome: 'inconclusive', why: 'The object could not be read back.' }, 'bob', 'alice', setMail),
  operationJudged(
    noLimit,
    fail(
      'Twelve wrong passwords in a row were answered alike.',
      [
        { label: 'twelfth attempt', answer: tries },
        { label: 'thirteenth attempt', answer: quiet },
      ],
      { confidence: 'firm' },
    ),
    logIn,
  ),
  operationJudged(plainHttp, { outcome: 'pass' }),
];

export const input: BuildReportInput = {
  version: '0.1.0',
  url: 'http://127.0.0.1:5000',
  surface,
  world,
  seed: 'fixture',
  allow: 'write',
  startedAt: new Date('2026-01-02T03:04:05.678Z'),
  judged,
  skipped: [
    { what: 'login-burst', why: 'It needs --allow intrusive.', count: 2 },
    { what: 'injection-in-query', why: 'It needs --allow intrusive.', count: 3 },
    { what: 'DELETE /reset', why: 'Its path reads like a reset of the whole target.', count: 1 },
  ],
  reasons: [],
  notes: ['Two accounts were made and could not be removed: the target has no operation for it.'],
  stats: { requests: 127, seconds: 4.25, bytes: 51_200 },
  secrets: [aliceToken, bobToken, bobPassword],
  reach: [
    { operation: 'GET /books/{title}', source: 'openapi', access: { alice: 'served', bob: 'served', anonymous: 'refused' } },
    { operation: 'GET /users/_debug', source: 'openapi', access: { alice: 'served', bob: 'served', anonymous: 'served' } },
    { operation: 'PUT /users/{name}/email', source: 'openapi', access: { alice: 'served', bob: 'failed', anonymous: 'refused' } },
    { operation: 'POST /users/login', source: 'openapi', access: { alice: 'not-tried', bob: 'not-tried', anonymous: 'refused' } },
  ],
  identities: [
    { name: 'alice', role: 'user', source: 'signed-up', usable: true, why: 'GET /me refuses the anonymous caller and serves alice.' },
    { name: 'bob', role: 'user', source: 'signed-up', usable: true, why: 'GET /me refuses the anonymous caller and serves bob.' },
  ],
  callOf: (answer) => callers.get(answer),
};

/** A realistic report, built anew. */
export function reportFixture(changes: Partial<BuildReportInput> = {}): Report {
  return buildReport({ ...input, ...changes });
}
