import { describe, expect, it } from 'vitest';
import type { Operation, Surface } from '../../model/operation.ts';
import { surfaceOfTraces } from '../trace/surface.ts';
import { isCollection, readCollection, type Collection } from './collection.ts';
import { readEnvironment } from './variables.ts';

const info = { name: 'Shop', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' };

function collection(item: readonly unknown[], rest: object = {}, environment: Readonly<Record<string, string>> = {}): Collection {
  const variables = new Map(Object.entries(environment));
  return readCollection(JSON.stringify({ info, item, ...rest }), 'shop.json', variables);
}

function surface(item: readonly unknown[], rest: object = {}, origin?: string): Surface {
  return surfaceOfTraces([collection(item, rest).trace], origin === undefined ? {} : { origin, path: '/base' });
}

const get = (url: unknown, rest: object = {}): object => ({ name: 'One', request: { method: 'GET', url, ...rest } });
const base = [{ key: 'baseUrl', value: 'https://shop.test/v1/' }];

describe('requests', () => {
  it('become operations: folders are tags, variables of the path are parameters', () => {
    const { operations, origin, title, document } = surface(
      [
        {
          name: 'Orders',
          item: [
            get({
              raw: '{{baseUrl}}/orders/:id?full=1&off=1',
              query: [
                { key: 'full', value: '1' },
                { key: 'off', value: '1', disabled: true },
              ],
              variable: [{ key: 'id', value: '17' }],
            }),
            get('{{baseUrl}}/orders/{{orderNo}}/items/{{item}}'),
          ],
        },
        get({ protocol: 'https', host: ['shop', 'test'], path: ['v1', 'ping'] }),
      ],
      { variable: [...base, { key: 'item', value: '4' }] },
    );
    expect([origin, title, document?.dialect]).toEqual(['https://shop.test', 'Shop', 'postman 2.1']);
    expect(operations.map(({ id, tags }) => [id, tags])).toEqual([
      ['GET /v1/orders/{id}', ['Orders']],
      ['GET /v1/orders/{orderNo}/items/{item}', ['Orders']],
      ['GET /v1/ping', []],
    ]);
    expect(operations[0]?.parameters).toMatchObject([
      { name: 'id', in: 'path', examples: ['17'] },
      { name: 'full', in: 'query', required: true, examples: ['1'] },
    ]);
    expect(operations[0]).toMatchObject({ summary: 'One', source: { kind: 'postman', pointer: '/item/0/item/0' } });
    expect(operations[1]?.parameters.map(({ examples }) => examples)).toEqual([[], ['4']]);
    expect(document?.lineOf('/item/0/item/0')).toBe(1);
  });

  it('go to the target when the host has no value, below its path', () => {
    const { operations, origin, notes } = surface([get('{{host}}/ping')], {}, 'http://localhost:5000');
    expect([origin, operations[0]?.path]).toEqual(['http://localhost:5000', '/base/ping']);
    expect(notes.join(' ')).toMatch(/no value.*host/);
  });

  it('go to the target whatever server the collection names', () => {
    const { operations, origin, notes } = surface(
      [get('https://live.test/ping'), get('https://other.test/x')].concat(get('https://live.test/pong')),
      {},
      'http://localhost:5000',
    );
    expect([origin, operations.map(({ path }) => path)]).toEqual(['http://localhost:5000', ['/ping', '/pong']]);
    expect(notes.join(' ')).toMatch(/Requests go to http:\/\/localhost:5000.*https:\/\/live\.test.*left out.*https:\/\/other\.test \(1\)/);
  });

  it('without any host and without a target are refused', () => {
    expect(() => surface([get('{{host}}/ping')])).toThrow(
      expect.objectContaining({ code: 'target-unknown', hint: expect.stringContaining('--environment') }),
    );
  });

  it('tell their bodies: raw JSON with variables and comments, forms, files', () => {
    const post = (name: string, body: object): object => ({ name, request: { method: 'post', url: `http://a.test/${name}`, body } });
    const contents = (operation: Operation | undefined): unknown =>
      operation?.body?.contents.map(({ mediaType, schema }) => [
        mediaType,
        [...(schema?.properties ?? [])].map(([name, { types }]) => [name, types]),
      ]);
    const { operations } = surface([
      post('a', { mode: 'raw', raw: '{\n// which\n"id": {{id}}, "note": "{{text}}", "n": 1}' }),
      post('b', {
        mode: 'urlencoded',
        urlencoded: [
          { key: 'x', value: '1' },
          { key: 'y', value: 'z', disabled: true },
        ],
      }),
      post('c', { mode: 'formdata', formdata: [{ key: 'f', type: 'file', src: '/x' }] }),
      post('d', { mode: 'graphql', graphql: { query: '{ me }' } }),
    ]);
    expect(operations.map(contents)).toEqual([
      [
        [
          'application/json',
          [
            ['id', []],
            ['note', ['string']],
            ['n', ['integer']],
          ],
        ],
      ],
      [['application/x-www-form-urlencoded', [['x', ['integer']]]]],
      [['multipart/form-data', [['f', ['string']]]]],
    ]);
  });

  it('take ids from saved answers', () => {
    const saved = { response: [{ body: '[{"slug":"green-tea"}]' }] };
    const { operations } = surface([{ ...get('http://a.test/tags'), ...saved }, get('http://a.test/tags/green-tea')]);
    expect(operations.map(({ path }) => path)).toEqual(['/tags', '/tags/{slug}']);
  });
});

describe('auth', () => {
  const bearer = (value: string): object => ({ type: 'bearer', bearer: [{ key: 'token', value }] });

  it('is inherited, and resolved by the environment before the collection', () => {
    const rest = { auth: bearer('{{token}}'), variable: [{ key: 'token', value: 'of-the-collection' }] };
    const { credential, trace } = collection([get('http://a.test/x'), get('http://a.test/login', { auth: { type: 'noauth' } })], rest, {
      token: 'of-the-environment',
    });
    expect(credential?.headers).toEqual([['Authorization', 'Bearer of-the-environment']]);
    expect(trace.requests.map(({ open }) => open)).toEqual([undefined, true]);
    expect(JSON.stringify(trace)).not.toMatch(/of-the-/);
    expect(trace.securitySchemes).toEqual({ bearer: { kind: 'http', scheme: 'bearer' } });
  });

  it.each([
    [
      {
        type: 'apikey',
        apikey: [
          { key: 'key', value: 'X-Key' },
          { key: 'value', value: 'k1' },
        ],
      },
      { headers: [['X-Key', 'k1']] },
    ],
    [
      {
        type: 'apikey',
        apikey: [
          { key: 'key', value: 'k' },
          { key: 'value', value: 'k1' },
          { key: 'in', value: 'query' },
        ],
      },
      { query: [['k', 'k1']] },
    ],
    [
      { type: 'basic', basic: { username: 'ada', password: 'pw' } },
      { headers: [['Authorization', `Basic ${Buffer.from('ada:pw').toString('base64')}`]] },
    ],
  ])('of every kind: %#', (auth, expected) => {
    expect(collection([get('http://a.test/x', { auth })]).credential).toMatchObject(expected);
  });

  it('may be written as a header', () => {
    const header = [
      { key: 'Authorization', value: 'Bearer t1' },
      { key: 'X-Off', value: '1', disabled: true },
      { key: 'X-Version', value: '2' },
    ];
    const { credential, trace } = collection([get('http://a.test/x', { header })]);
    expect(credential?.headers).toEqual([['Authorization', 'Bearer t1']]);
    expect(trace.requests[0]?.headers).toEqual([['X-Version', '2']]);
  });

  it('without a value is no credential, and is said', () => {
    const { credential, trace } = collection([get('http://a.test/x')], { auth: bearer('{{token}}') });
    expect(credential).toBeUndefined();
    expect(trace.notes.join(' ')).toContain('a variable without a value');
  });
});

describe('what cannot be read', () => {
  it.each([
    [JSON.stringify({ name: 'x', order: [], requests: [] }), 'unsupported-version'],
    [JSON.stringify({ info, item: [] }), 'no-operations'],
    [JSON.stringify({ info, item: [get('ws://a.test/socket')] }), 'no-operations'],
    [JSON.stringify({ info, item: [get('http://a.test')] }).slice(0, -20), 'description-unreadable'],
  ])('is refused: %#', (text, code) => {
    expect(() => readCollection(text, 'shop.json')).toThrow(expect.objectContaining({ code, hint: expect.any(String) }));
  });

  it('is no environment', () => {
    expect(() => readEnvironment('{"name": "x"}', 'env.json')).toThrow(expect.objectContaining({ code: 'not-an-environment' }));
    expect([...readEnvironment('{"values":[{"key":"a","value":"1"},{"key":"b","value":"2","enabled":false}]}', 'e')]).toEqual([['a', '1']]);
  });

  it('may be wrapped as the API of Postman gives it out', () => {
    const wrapped = { collection: { info, item: [get('http://a.test/x')] } };
    expect(isCollection({ collection: { info } })).toBe(true);
    expect(readCollection(JSON.stringify(wrapped), 'shop.json').trace.requests[0]?.pointer).toBe('/collection/item/0');
  });

  it('is recognised by what is in it', () => {
    expect([isCollection({ info: { _postman_id: '1' } }), isCollection({ info: { title: 'x' }, paths: {} })]).toEqual([true, false]);
  });
});
