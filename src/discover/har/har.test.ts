import { describe, expect, it } from 'vitest';
import type { Surface } from '../../model/operation.ts';
import { UserError } from '../../model/user-error.ts';
import { surfaceOfTraces } from '../trace/surface.ts';
import { traceSchema, type Trace } from '../trace/trace.ts';
import { apiTraffic, traceOfHar } from './har-trace.ts';
import { readHar } from './read-har.ts';

const origin = 'http://api.test';

interface Call {
  readonly url: string;
  readonly method?: string;
  readonly status?: number;
  readonly answer?: unknown;
  readonly body?: unknown;
  readonly form?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type?: string;
}

function harText(...calls: readonly Call[]): string {
  const entries = calls.map(({ url, method = 'GET', status = 200, answer, body, form, headers = {}, type = 'application/json' }) => ({
    request: {
      method,
      url: url.startsWith('/') ? origin + url : url,
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      ...(body === undefined ? {} : { postData: { mimeType: 'application/json', text: JSON.stringify(body) } }),
      ...(form === undefined ? {} : { postData: { mimeType: 'application/x-www-form-urlencoded', text: form } }),
    },
    response: { status, headers: [], content: { mimeType: type, text: answer === undefined ? '' : JSON.stringify(answer) } },
  }));
  return JSON.stringify({ log: { version: '1.2', entries } });
}

function traceOf(text: string, identity?: string, target?: string): Trace {
  const har = readHar(text, `${identity ?? 'some'}.har`);
  return traceOfHar(har, apiTraffic(har, target), identity);
}

const ids = (surface: Surface): string[] => surface.operations.map(({ id }) => id);

function refusalOf(read: () => unknown): UserError {
  try {
    read();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('reading a recording', () => {
  it.each([
    ['{"log": {"entries": [{"request": {"method": "GET", "ur', 'description-unreadable', 'cut short'],
    ['{"log": {"entries": []}}', 'har-empty', 'is empty'],
    ['', 'not-a-har', 'no "log"'],
    ['{"log": {"version": "1.2"}}', 'not-a-har', 'no "log" with "entries"'],
    ['{"log": {"entries": [{"request": {"method": "GET", "url": "data:text/plain,x"}}]}}', 'har-empty', 'among its 1 entries'],
    [harText({ url: '/a.js', type: 'text/javascript' }, { url: '/', type: 'text/html' }), 'har-without-api', 'no request to an API'],
    [harText({ url: '/a' }, { url: 'http://other.test/b' }), 'target-unknown', 'http://api.test (1), http://other.test (1)'],
  ])('refuses %#', (text, code, words) => {
    const refusal = refusalOf(() => traceOf(text));
    expect(refusal).toMatchObject({ code });
    expect(refusal.message).toContain(words);
    expect(refusal.hint).toBeTruthy();
  });

  it('refuses a recording of another place than the target', () => {
    const refusal = refusalOf(() => traceOf(harText({ url: '/a' }), 'alice', 'http://localhost:5000'));
    expect(refusal).toMatchObject({ code: 'other-origin', message: expect.stringContaining('only to http://api.test (1)') });
  });

  it('takes the names of this machine for one another', () => {
    const trace = traceOf(harText({ url: 'http://localhost:5000/a' }), 'alice', 'http://127.0.0.1:5000');
    expect(surfaceOfTraces([trace], { origin: 'http://127.0.0.1:5000' })).toMatchObject({ origin: 'http://127.0.0.1:5000' });
  });

  it('leaves out what is not the API, and says so', () => {
    const trace = traceOf(
      harText(
        { url: '/logo.png', type: 'image/png' },
        { url: '/items', method: 'OPTIONS', status: 204 },
        { url: '/gone', status: 404 },
        { url: 'http://tracker.test/t', method: 'POST' },
        { url: '/items' },
      ),
      'alice',
      origin,
    );
    expect(ids(surfaceOfTraces([trace], { origin }))).toEqual(['GET /items']);
    for (const words of ['static files', 'preflights', 'does not exist were left out: GET /gone', 'http://tracker.test (1)'])
      expect(trace.notes.join(' ')).toContain(words);
  });

  it('keeps no secret, and is the same after it was written down', () => {
    const secrets = { token: 'tok-8c1f', cookie: 'sess-77ab', password: 'Pa55-word', key: 'key-1b2c' };
    const trace = traceOf(
      harText(
        { url: '/login', method: 'POST', body: { user: 'alice', password: secrets.password }, answer: { token: secrets.token } },
        {
          url: `/items?api_key=${secrets.key}&page=2`,
          headers: { Authorization: `Bearer ${secrets.token}`, Cookie: `sid=${secrets.cookie}`, 'X-Api-Key': secrets.key },
        },
      ),
    );
    const text = JSON.stringify(trace);
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
    const { lineOf: _lineOf, ...plain } = trace;
    expect(traceSchema.parse(JSON.parse(text))).toEqual(plain);
    expect(Object.keys(trace.securitySchemes)).toEqual(['bearer', 'X-Api-Key', 'api_key']);
  });
});

describe('the surface of recordings', () => {
  it('finds ids by shape, by the answers that name them, and by what varies', () => {
    const book = (title: string): Call => ({ url: `/books/${title}`, answer: { isbn: title.length, pages: 3 } });
    const surface = surfaceOfTraces(
      [
        traceOf(
          harText(
            { url: '/orders/17', answer: { id: 17 } },
            { url: '/orders/0b5e3b0e-5c43-4d0c-9a6e-4c0c3f4c2f11', answer: { id: 1 } },
            { url: '/invoices/INV-00042', answer: {} },
            { url: '/tags', answer: [{ slug: 'green-tea' }] },
            { url: '/tags/green-tea', answer: { slug: 'green-tea' } },
            book('dune'),
            { url: '/users/me', answer: { name: 'a', age: 1 } },
            { url: '/users/stats', answer: { count: 'a', total: 1 } },
          ),
          'alice',
        ),
        traceOf(harText({ url: '/orders/18', answer: { id: 18 } }, book('emma')), 'bob'),
      ],
      {},
    );
    expect(ids(surface)).toEqual([
      'GET /books/{book}',
      'GET /invoices/{invoiceId}',
      'GET /orders/{orderId}',
      'GET /tags',
      'GET /tags/{slug}',
      'GET /users/me',
      'GET /users/stats',
    ]);
    expect(surface.operations[2]?.parameters).toMatchObject([
      { name: 'orderId', in: 'path', required: true, examples: ['17', '0b5e3b0e-5c43-4d0c-9a6e-4c0c3f4c2f11', '18'] },
    ]);
    expect(surface.visited?.filter(({ operation }) => operation === 'GET /books/{book}')).toEqual([
      { identity: 'alice', operation: 'GET /books/{book}', path: { book: 'dune' }, query: {} },
      { identity: 'bob', operation: 'GET /books/{book}', path: { book: 'emma' }, query: {} },
    ]);
    expect(surface.operations[3]?.source).toEqual({ kind: 'har', document: 'alice.har', pointer: '/log/entries/3' });
  });

  it('counts as visited what was served and is still there', () => {
    const trace = traceOf(
      harText(
        { url: '/orders/1', status: 403 },
        { url: '/orders/2', method: 'DELETE', status: 204 },
        { url: '/orders/3' },
        { url: '/orders' },
      ),
      'alice',
    );
    expect(surfaceOfTraces([trace], {}).visited).toMatchObject([{ path: { orderId: '3' } }]);
  });

  it('needs the query parameters that all requests have, unless they say whose', () => {
    const list = (who: string): Trace =>
      traceOf(harText({ url: `/list?owner=${who}&page=1&_=123` }, { url: `/list?owner=${who}&page=2&q=x` }), who);
    const [operation] = surfaceOfTraces([list('alice'), list('bob')], {}).operations;
    expect(operation?.parameters.map(({ name, required }) => [name, required])).toEqual([
      ['owner', false],
      ['page', true],
      ['q', false],
    ]);
  });

  it('infers bodies: types, formats and what is always sent, and no value', () => {
    const surface = surfaceOfTraces(
      [
        traceOf(
          harText(
            { url: '/items', method: 'POST', body: { name: 'Chair of Ada', price: 3, tags: ['x'], mail: 'ada@mail.test' } },
            { url: '/items', method: 'POST', body: { name: null, price: 2.5, seller: { id: 4 } } },
            { url: '/form', method: 'POST', form: 'a=1&b=two' },
          ),
        ),
      ],
      {},
    );
    const [form, items] = surface.operations.map(({ body }) => body?.contents[0]);
    expect(form).toMatchObject({ mediaType: 'application/x-www-form-urlencoded' });
    expect(form?.schema?.properties.get('a')?.types).toEqual(['integer']);
    expect([...(items?.schema?.required ?? [])]).toEqual(['name', 'price']);
    expect(items?.schema?.properties.get('name')).toMatchObject({ types: ['string'], nullable: true });
    expect(items?.schema?.properties.get('price')?.types).toEqual(['number']);
    expect(items?.schema?.properties.get('mail')?.format).toBe('email');
    expect(items?.schema?.properties.get('seller')?.properties.get('id')?.types).toEqual(['integer']);
    expect(items?.schema?.properties.get('name')?.examples).toEqual([]);
  });
});
