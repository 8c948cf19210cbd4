import { describe, expect, it } from 'vitest';
import type { Json } from '../../model/json.ts';
import type { Operation, Surface } from '../../model/operation.ts';
import { surfaceFromText } from '../index.ts';

function surfaceOf(document: Json, origin: string | undefined = 'http://localhost:5000'): Surface {
  return surfaceFromText(JSON.stringify(document), 'api.json', { origin });
}

function operationOf(document: Json): Operation {
  const [operation] = surfaceOf(document).operations;
  if (operation === undefined) throw new Error('no operation');
  return operation;
}

const pet = { type: 'object', properties: { name: { type: 'string' } } };

describe('Swagger 2', () => {
  const document = {
    swagger: '2.0',
    host: 'petstore.test',
    basePath: '/v2/',
    schemes: ['https'],
    consumes: ['application/json'],
    produces: ['application/json', 'application/xml'],
    securityDefinitions: {
      basic: { type: 'basic' },
      key: { type: 'apiKey', in: 'query', name: 'k' },
      flow: { type: 'oauth2', flow: 'password', tokenUrl: 'https://petstore.test/token', scopes: {} },
    },
    security: [{ basic: [] }],
    definitions: { Pet: pet },
    parameters: { Limit: { name: 'limit', in: 'query', type: 'integer', default: 5 } },
    paths: {
      '/pets/{id}': {
        parameters: [{ name: 'id', in: 'path', type: 'string', format: 'uuid', required: true }],
        post: {
          parameters: [{ $ref: '#/parameters/Limit' }, { name: 'pet', in: 'body', required: true, schema: { $ref: '#/definitions/Pet' } }],
          responses: {
            200: { description: 'ok', schema: { $ref: '#/definitions/Pet' }, examples: { 'application/json': { name: 'Rex' } } },
          },
        },
      },
      '/upload': {
        post: {
          security: [],
          parameters: [
            { name: 'file', in: 'formData', type: 'file', required: true },
            { name: 'note', in: 'formData', type: 'string', maxLength: 9 },
          ],
        },
      },
    },
  };

  it('becomes operations with bodies, responses and inherited security', () => {
    const [post, upload] = surfaceOf(document, undefined).operations;
    expect(post).toMatchObject({
      id: 'POST /pets/{id}',
      path: '/v2/pets/{id}',
      security: [{ basic: [] }],
      source: { kind: 'openapi', document: 'api.json', pointer: '/paths/~1pets~1{id}/post' },
    });
    expect(post?.parameters.map(({ name, in: place, schema }) => [name, place, schema?.types, schema?.format ?? schema?.default])).toEqual([
      ['id', 'path', ['string'], 'uuid'],
      ['limit', 'query', ['integer'], 5],
    ]);
    expect(post?.body).toMatchObject({ required: true, contents: [{ mediaType: 'application/json' }] });
    expect(post?.body?.contents[0]?.schema?.name).toBe('Pet');
    expect(post?.responses[0]?.contents).toMatchObject([
      { mediaType: 'application/json', examples: [{ name: 'Rex' }] },
      { mediaType: 'application/xml', examples: [] },
    ]);
    expect(upload?.security).toEqual([]);
    const form = upload?.body?.contents[0];
    expect(form?.mediaType).toBe('multipart/form-data');
    expect([...(form?.schema?.properties ?? [])].map(([name, { types, maxLength }]) => [name, types, maxLength])).toEqual([
      ['file', ['file'], undefined],
      ['note', ['string'], 9],
    ]);
    expect([...(form?.schema?.required ?? [])]).toEqual(['file']);
  });

  it('names its host and its schemes', () => {
    const surface = surfaceFromText(JSON.stringify(document), 'api.json');
    expect(surface).toMatchObject({
      origin: 'https://petstore.test',
      document: { dialect: 'swagger 2.0' },
      securitySchemes: {
        basic: { kind: 'http', scheme: 'basic' },
        key: { kind: 'apiKey', in: 'query', name: 'k' },
        flow: { kind: 'oauth2', tokenUrls: ['https://petstore.test/token'] },
      },
    });
  });
});

describe('OpenAPI 3', () => {
  it('mixes parameters of the path item in, the operation winning, and follows references everywhere', () => {
    const operation = operationOf({
      openapi: '3.0.3',
      components: {
        pathItems: {
          Item: {
            parameters: [{ $ref: '#/components/parameters/Id' }, { name: 'q', in: 'query' }],
            put: {
              parameters: [{ name: 'q', in: 'query', required: true }],
              requestBody: { $ref: '#/components/requestBodies/Pet' },
              responses: { '200': { $ref: '#/components/responses/Pet' } },
            },
          },
        },
        parameters: { Id: { name: 'id', in: 'path', schema: { type: 'integer' }, example: 7 } },
        requestBodies: {
          Pet: { required: true, content: { 'application/json': { schema: pet, examples: { a: { $ref: '#/components/examples/Rex' } } } } },
        },
        examples: { Rex: { value: { name: 'Rex' } } },
        responses: {
          Pet: {
            description: 'a pet',
            content: { 'application/json': { schema: pet } },
            links: { next: { operationId: 'getPet', parameters: { id: '$response.body#/id' } } },
          },
        },
      },
      paths: { '/pets/{id}': { $ref: '#/components/pathItems/Item' } },
    });
    expect(operation.parameters).toMatchObject([
      { name: 'id', in: 'path', required: true, examples: [7] },
      { name: 'q', in: 'query', required: true },
    ]);
    expect(operation.body).toMatchObject({ required: true, contents: [{ examples: [{ name: 'Rex' }] }] });
    expect(operation.responses[0]).toMatchObject({ status: '200', description: 'a pet' });
    expect(operation.links).toEqual([{ status: '200', target: { operationId: 'getPet' }, parameters: { id: '$response.body#/id' } }]);
    expect(operation.source.pointer).toBe('/components/pathItems/Item/put');
  });

  it('tells silent security from declared open', () => {
    const paths = { '/a': { get: {} }, '/b': { get: { security: [] } }, '/c': { get: { security: [{}, { key: ['read'] }] } } };
    expect(surfaceOf({ openapi: '3.0.0', paths }).operations.map(({ security }) => security)).toEqual([
      undefined,
      [],
      [{}, { key: ['read'] }],
    ]);
    expect(surfaceOf({ openapi: '3.0.0', security: [{ key: [] }], paths }).operations[0]?.security).toEqual([{ key: [] }]);
  });

  it('reads 3.2: query, additionalOperations, whole query strings, $self', () => {
    const schema = { type: 'object', required: ['q'], properties: { q: { type: 'string' }, n: { type: 'integer' } } };
    const surface = surfaceOf({
      openapi: '3.2.0',
      $self: 'https://example.test/api.json',
      components: { schemas: { Pet: pet } },
      paths: {
        '/search': {
          query: {
            requestBody: { content: { 'application/json': { schema: { $ref: 'https://example.test/api.json#/components/schemas/Pet' } } } },
          },
          get: { parameters: [{ name: 'all', in: 'querystring', content: { 'application/x-www-form-urlencoded': { schema } } }] },
          additionalOperations: { COPY: {} },
        },
      },
    });
    expect(surface.operations.map(({ id }) => id)).toEqual(['QUERY /search', 'GET /search', 'COPY /search']);
    expect(surface.operations[0]?.body?.contents[0]?.schema?.properties.has('name')).toBe(true);
    expect(surface.operations[1]?.parameters.map(({ name, required }) => [name, required])).toEqual([
      ['q', true],
      ['n', false],
    ]);
    expect(surface.operations[2]?.source.pointer).toBe('/paths/~1search/additionalOperations/COPY');
    expect(surface.notes).toEqual([]);
  });
});

describe('faults in descriptions', () => {
  it('are repaired, and told once per kind', () => {
    const surface = surfaceOf({
      openapi: '3.0.0',
      paths: {
        'no-slash': { get: {} },
        '/colon/:id': { get: {} },
        '/flask/<int:book_id>': { get: { parameters: [{ name: 'bookId', in: 'path', schema: { type: 'integer' } }] } },
        '/spare': { get: { parameters: [{ name: 'x', in: 'path' }, null, { in: 'query' }, { name: 'y', in: 'nowhere' }] }, fetch: {} },
        '/null': null,
        '/dangling': { post: { requestBody: { $ref: '#/nowhere' }, responses: { 200: { $ref: '#/nowhere/either' } } } },
        '/two': { get: {}, GET: {} },
        '/a b/{c d}/ü': { get: {} },
      },
    });
    expect(surface.operations.map(({ path }) => path)).toEqual([
      '/no-slash',
      '/colon/{id}',
      '/flask/{book_id}',
      '/spare',
      '/dangling',
      '/two',
      '/two',
      '/a%20b/{c d}/%C3%BC',
    ]);
    expect(new Set(surface.operations.map(({ id }) => id)).size).toBe(surface.operations.length);
    expect(surface.operations[2]?.parameters).toMatchObject([{ name: 'book_id', in: 'path', schema: { types: ['integer'] } }]);
    expect(surface.operations[3]?.parameters).toEqual([]);
    const notes = surface.notes.join('\n');
    for (const words of [
      /Repaired paths.*no-slash/,
      /Added path parameters/,
      /Left out path parameters.*\/spare/,
      /could not be read: GET \/spare/,
      /unknown place: y/,
      /hold no operations: \/null/,
      /what does not exist.*#\/nowhere/,
      /request body could not be read/,
      /are no operations: fetch of/,
    ])
      expect(notes).toMatch(words);
  });

  it('fill at most twenty sentences, each with the first places', () => {
    const paths = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`/p${index}/{id}`, { get: {} }]));
    expect(surfaceOf({ openapi: '3.0.0', paths }).notes).toEqual([
      'Added path parameters that the path has and the description does not list: GET /p0/{id}, GET /p1/{id}, GET /p2/{id} and 47 more.',
    ]);
  });

  it('include references to other documents, which are not followed unasked', () => {
    const surface = surfaceOf({
      openapi: '3.0.0',
      paths: { '/a': { post: { requestBody: { content: { 'application/json': { schema: { $ref: 'models.json#/Pet' } } } } } } },
    });
    expect(surface.operations[0]?.body?.contents[0]?.schema?.types).toEqual([]);
    expect(surface.notes.join()).toMatch(/--allow-external-refs.*models\.json#\/Pet/);
  });

  it('include a missing version, and one that is none', () => {
    expect(surfaceOf({ paths: { '/a': { get: {} } } }).document?.dialect).toBe('openapi 3.0');
    expect(surfaceOf({ host: 'x.test', paths: { '/a': { get: {} } } }).document?.dialect).toBe('swagger 2.0');
    expect(surfaceOf({ openapi: '1.0.7', paths: { '/a': { get: {} } } }).notes.join()).toMatch(/says "openapi: 1\.0\.7"/);
  });

  it('include references that run in circles', () => {
    const circle = { A: { $ref: '#/components/parameters/B' }, B: { $ref: '#/components/parameters/A' } };
    const surface = surfaceOf({
      openapi: '3.0.0',
      components: { parameters: circle },
      paths: {
        '/a': { $ref: '#/paths/~1b' },
        '/b': { $ref: '#/paths/~1a' },
        '/c': { get: { parameters: [{ $ref: '#/components/parameters/A' }], responses: { 200: { $ref: '#/components/parameters/A' } } } },
      },
    });
    expect(surface.operations).toMatchObject([{ id: 'GET /c', parameters: [], responses: [{ status: '200', contents: [] }] }]);
  });

  it('never reach Object.prototype', () => {
    const surface = surfaceFromText(
      '{"openapi":"3.0.0","paths":{"__proto__":{"get":{}},"/a":{"get":{"parameters":[{"name":"__proto__","in":"query","schema":{"$ref":"#/__proto__"}}]}}},"components":{"securitySchemes":{"__proto__":{"type":"mutualTLS"}}}}',
      'api.json',
      { origin: 'http://x' },
    );
    expect(surface.operations.map(({ path }) => path)).toEqual(['/__proto__', '/a']);
    expect(Object.keys(surface.securitySchemes)).toEqual(['__proto__']);
  });
});
