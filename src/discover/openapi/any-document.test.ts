import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { walkSchemas } from '../walk.test-support.ts';
import { leaves, objects, type Json, type JsonObject } from '../../model/json.ts';
import { UserError } from '../../model/user-error.ts';
import { surfaceFromText } from '../index.ts';

const openapi: Json = {
  openapi: '3.1.0',
  info: { title: 'Books' },
  servers: [{ url: 'https://{host}/v1', variables: { host: { default: 'x.test' } } }],
  security: [{ key: [] }],
  paths: {
    '/books/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' }, examples: { a: { value: 1 } } }],
      get: {
        tags: ['a'],
        responses: {
          200: {
            description: 'x',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Book' } } },
            links: { l: { operationId: 'x', parameters: { id: '$response.body#/id' } } },
          },
        },
      },
      post: { security: [{}], requestBody: { $ref: '#/components/requestBodies/B' }, servers: [{ url: '/own' }] },
      additionalOperations: {
        COPY: { parameters: [{ in: 'querystring', name: 'q', content: { 'a/b': { schema: { properties: { c: {} } } } } }] },
      },
    },
  },
  components: {
    requestBodies: {
      B: {
        content: {
          'application/json': {
            schema: { allOf: [{ $ref: '#/components/schemas/Book' }, { anyOf: [{ type: 'null' }, { type: 'string' }] }] },
          },
        },
      },
    },
    schemas: {
      Book: {
        $id: 'https://x.test/book',
        type: ['object', 'null'],
        required: ['id'],
        properties: { id: { type: 'integer' }, next: { $ref: '#' } },
        items: {},
        additionalProperties: { $ref: '#/components/schemas/Book' },
      },
    },
    securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'k' }, o: { type: 'oauth2', flows: { password: { tokenUrl: '/t' } } } },
  },
};
const swagger: Json = {
  swagger: '2.0',
  host: 'x.test',
  basePath: '/v1',
  schemes: ['https'],
  consumes: ['application/json'],
  securityDefinitions: { b: { type: 'basic' } },
  definitions: { Pet: { allOf: [{ $ref: '#/definitions/Pet' }], properties: { a: { type: 'string' } } } },
  paths: {
    '/pets': {
      post: {
        parameters: [
          { in: 'body', name: 'b', schema: { $ref: '#/definitions/Pet' } },
          { in: 'formData', name: 'f', type: 'file' },
        ],
        responses: { 200: { schema: { type: 'array', items: { $ref: '#/definitions/Pet' } }, examples: { 'application/json': [] } } },
      },
    },
  },
};

const pointersOf = (document: Json): string[] => [
  ...leaves(document).map(({ pointer }) => pointer),
  ...objects(document).map(({ pointer }) => pointer),
];

function replaced(node: Json, tokens: readonly string[], value: Json): Json {
  const [token, ...rest] = tokens;
  if (token === undefined) return value;
  if (Array.isArray(node)) return node.map((item: Json, index) => (String(index) === token ? replaced(item, rest, value) : item));
  const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
  const object = node as JsonObject;
  return { ...object, [key]: replaced(object[key] ?? null, rest, value) };
}

const keywords = [
  '$ref',
  '$id',
  'type',
  'properties',
  'allOf',
  'oneOf',
  'items',
  'required',
  'name',
  'in',
  'schema',
  'content',
  'get',
  '__proto__',
];
const anything = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Json[]>(
      null,
      true,
      false,
      0,
      -1,
      1e308,
      '',
      '#',
      '#/',
      '#/components/schemas/Book',
      '#/paths',
      'http://[',
      '{',
      '{}{',
      '\ud800',
      'null',
      'array',
    ),
    fc.string(),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...keywords), fc.string()), tie('json'), { maxKeys: 5 }),
  ),
})).json;

describe.each([
  ['OpenAPI', openapi],
  ['Swagger', swagger],
])('an %s document with anything in any place', (_, document) => {
  it('is a surface that can be read to its end, or a refusal in words', () => {
    const pointers = pointersOf(document);
    fc.assert(
      fc.property(fc.constantFrom(...pointers), anything, fc.constantFrom(undefined, 'http://localhost:5000'), (pointer, value, origin) => {
        const text = JSON.stringify(replaced(document, pointer.split('/').slice(1), value));
        try {
          const surface = surfaceFromText(text, 'api.json', origin === undefined ? {} : { origin });
          expect(new Set(surface.operations.map(({ id }) => id)).size).toBe(surface.operations.length);
          for (const { path, source } of surface.operations) {
            expect(path).toMatch(/^\//);
            surface.document?.lineOf(source.pointer ?? '');
          }
          expect(walkSchemas(surface)).toBeLessThan(500);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(error.message).toMatch(/\.$/);
        }
      }),
      { numRuns: 600, seed: 7 },
    );
  });
});
