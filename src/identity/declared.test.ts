import { describe, expect, it } from 'vitest';
import { UserError } from '../model/user-error.ts';
import { parseIdentitiesFile } from './declared.ts';
import { parseAuthFlag } from './flag.ts';
import { jwt } from './target.fixture.ts';

function read(text: string, env: Record<string, string> = {}) {
  return parseIdentitiesFile(text, 'team.yaml', env);
}

function refusal(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the identities file', () => {
  it('reads every kind of credential', () => {
    const identities = read(
      `
- {name: a, role: admin, tenant: acme, bearer: '\${TOKEN}'}
- {name: b, cookie: 'sid=1; csrf=2'}
- {name: c, headers: {X-User: c, X-Price: '$\${5}'}}
- {name: d, apiKey: {in: query, name: key, value: k1}}
- {name: e, basic: {username: eve, password: 'p:w'}}
- name: f
  login:
    request: {path: /login, json: {email: f@x.test, password: '\${PW}'}}
    extract: {from: body, pointer: /token}
    send: {in: header, name: X-Token}
    expiresIn: 60
`,
      { TOKEN: jwt({ sub: 'u1' }), PW: 'pw' },
    );
    expect(identities.map(({ name, role, tenant }) => [name, role, tenant])[0]).toEqual(['a', 'admin', 'acme']);
    expect(identities[0]?.facts).toEqual({ sub: 'u1' });
    const credentials = identities.map(({ means }) => (means.kind === 'fixed' ? means.credential : means.logIn.use));
    expect(credentials.slice(1)).toEqual([
      {
        headers: [],
        query: [],
        cookies: [
          ['sid', '1'],
          ['csrf', '2'],
        ],
      },
      {
        headers: [
          ['X-User', 'c'],
          ['X-Price', '${5}'],
        ],
        query: [],
        cookies: [],
      },
      { headers: [], query: [['key', 'k1']], cookies: [] },
      { headers: [['Authorization', `Basic ${btoa('eve:p:w')}`]], query: [], cookies: [] },
      {
        token: { extract: { from: 'body', pointer: '/token' }, send: { in: 'header', name: 'X-Token', before: '', after: '' } },
        keepCookies: false,
        also: [],
        expiresIn: 60,
      },
    ]);
    expect(identities[5]?.facts).toEqual({ email: 'f@x.test' });
    expect(identities[4]?.means).toMatchObject({ secrets: expect.arrayContaining(['p:w', btoa('eve:p:w')]) });
  });

  it.each([
    ['[]', 'lists no identity', 'team.yaml:1:'],
    ['- name: a\n  baerer: SECRET', 'did you mean bearer?', 'team.yaml:2: identity "a", baerer: unknown key "baerer"'],
    [
      '- {name: a, bearer: SECRET}\n- name: b\n  bearer: SECRET\n  cookie: SECRET=1',
      'it has bearer and cookie',
      'team.yaml:2: identity "b" needs exactly one of',
    ],
    ['- name: a', 'it has none', 'identity "a" needs exactly one of bearer, cookie'],
    ['- {name: a, bearer: SECRET}\n- {name: a, bearer: SECRET}', 'two identities are called "a"', 'team.yaml'],
    ['- {name: a, bearer: "${GONE}"}', 'the environment variable GONE is not set', 'team.yaml'],
    ['- {name: a, bearer: 12}', 'must be text; put it in quotes', 'team.yaml:1'],
    ['- {name: a, apiKey: {in: path, name: k, value: SECRET}}', 'must be header, query or cookie', 'apiKey.in'],
    ['- {name: a, login: {request: {path: /l}, extract: {from: body}}}', 'from body needs pointer', 'login.extract'],
    ['{bearer: SECRET', 'this is not YAML', 'team.yaml:1'],
    ['a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c]', 'aliases', 'team.yaml'],
    ['hello', 'must be a list of identities', 'team.yaml'],
    ['- {name: a, cookie: SECRET}', 'must look like "name=value; other=value"', 'cookie'],
  ])('refuses %j', (text, sentence, where) => {
    const { message, hint } = refusal(() => read(text));
    expect(message).toContain(sentence);
    expect(message).toContain(where);
    expect(`${message} ${hint}`).not.toContain('SECRET');
  });

  it('reads Web Fuzzing Commons files, with the token fields of either version', () => {
    const [old, recent, fixed] = read(`
schemaVersion: 0.2.0
auth:
  - name: old
    loginEndpointAuth:
      payloadUserPwd: {username: u, password: p, usernameField: user, passwordField: pw}
      token: {extractFromField: /data/token, httpHeaderName: Authorization, headerPrefix: 'JWT '}
  - name: recent
    loginEndpointAuth:
      payloadRaw: 'user=u&password=p'
      contentType: application/x-www-form-urlencoded
      token: {extractFrom: header, extractSelector: X-Tok, sendIn: query, sendName: t, sendTemplate: '<{token}>'}
  - name: fixed
    fixedHeaders: [{name: X-Key, value: k}]
    loginEndpointAuth: {verb: GET, endpoint: who, expectCookies: true}
authTemplate:
  loginEndpointAuth: {endpoint: /login, verb: POST, contentType: application/json}
`);
    expect([old, recent].map((item) => (item?.means.kind === 'log-in' ? item.means.logIn : undefined))).toEqual([
      {
        method: 'POST',
        path: '/login',
        headers: [],
        body: { kind: 'structured', mediaType: 'application/json', value: { user: 'u', pw: 'p' } },
        use: {
          token: {
            extract: { from: 'body', pointer: '/data/token' },
            send: { in: 'header', name: 'Authorization', before: 'JWT ', after: '' },
          },
          keepCookies: false,
          also: [],
        },
      },
      {
        method: 'POST',
        path: '/login',
        headers: [],
        body: { kind: 'structured', mediaType: 'application/x-www-form-urlencoded', value: { user: 'u', password: 'p' } },
        use: {
          token: { extract: { from: 'header', name: 'X-Tok' }, send: { in: 'query', name: 't', before: '<', after: '>' } },
          keepCookies: false,
          also: [],
        },
      },
    ]);
    expect(fixed?.means).toMatchObject({ logIn: { method: 'GET', path: '/who', use: { keepCookies: true, also: [['X-Key', 'k']] } } });
    expect(refusal(() => read('auth: [{name: a}]')).message).toContain('"a" has neither fixedHeaders nor loginEndpointAuth');
    expect(refusal(() => read('auth: [{name: a, createUsers: {}}]')).message).toContain('createUsers');
  });
});

describe('the --auth flag', () => {
  it.each([
    ['alice=Bearer abc.def', { headers: [['Authorization', 'Bearer abc.def']] }],
    ['alice=Basic eve:pw', { headers: [['Authorization', `Basic ${btoa('eve:pw')}`]] }],
    [`alice=Basic ${btoa('eve:pw')}`, { headers: [['Authorization', `Basic ${btoa('eve:pw')}`]] }],
    ['alice=X-API-Key: a=b', { headers: [['X-API-Key', 'a=b']] }],
    [
      'alice=cookie:session=x=; b=2',
      {
        cookies: [
          ['session', 'x='],
          ['b', '2'],
        ],
      },
    ],
  ])('reads %s', (flag, credential) => {
    expect(parseAuthFlag(flag)).toMatchObject({ name: 'alice', source: 'flag', means: { kind: 'fixed', credential } });
  });

  it('reads a role, and never repeats a value', () => {
    expect(parseAuthFlag('alice(admin)=Bearer x')).toMatchObject({ name: 'alice', role: 'admin' });
    for (const flag of ['alice=SECRET', 'SECRET', 'alice=cookie:SECRET', '=SECRET', 'alice=Basic SECRET']) {
      const { message, hint } = refusal(() => parseAuthFlag(flag));
      expect(`${message} ${hint}`).not.toContain('SECRET');
    }
  });
});
