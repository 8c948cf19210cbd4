import { describe, expect, it } from 'vitest';
import type { Json } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';
import { surfaceFromText } from '../index.ts';

/** The schema of a request body, in a document with the given components. */
function bodySchema(schema: Json, schemas: Json = {}, version = '3.1.0'): Schema {
  const content = { 'application/json': { schema } };
  const document = { openapi: version, paths: { '/a': { post: { requestBody: { content } } } }, components: { schemas } };
  const found = surfaceFromText(JSON.stringify(document), 'api.json', { origin: 'http://x' }).operations[0]?.body?.contents[0]?.schema;
  if (found === undefined) throw new Error('no schema');
  return found;
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

describe('references', () => {
  it('give the same schema for the same component, and its name', () => {
    const schema = bodySchema({ properties: { a: ref('Book'), b: ref('Book') } }, { Book: { type: 'object' } });
    expect(schema.properties.get('a')).toBe(schema.properties.get('b'));
    expect(schema.properties.get('a')?.name).toBe('Book');
  });

  it('let a schema contain itself', () => {
    const schema = bodySchema(ref('Node'), { Node: { properties: { next: ref('Node'), all: { items: ref('Node') } } } });
    expect(schema.properties.get('next')).toBe(schema);
    expect(schema.properties.get('all')?.items).toBe(schema);
  });

  it('follow chains, and take circles and dangling ones as anything', () => {
    const schemas = { A: ref('B'), B: { type: 'string' }, C: ref('D'), D: ref('C') };
    expect(bodySchema(ref('A'), schemas).types).toEqual(['string']);
    expect(bodySchema(ref('C'), schemas).types).toEqual([]);
    expect(bodySchema(ref('Nobody'), schemas).types).toEqual([]);
  });

  it('keep what stands beside them', () => {
    const schema = bodySchema({ ...(ref('Book') as object), nullable: true, readOnly: true }, { Book: { type: 'object', title: 'Book' } });
    expect(schema).toMatchObject({ types: ['object'], nullable: true, readOnly: true, title: 'Book', name: 'Book' });
  });

  it('find anchors, ids, escaped and percent-encoded names', () => {
    const schemas = {
      'a/b c': { type: 'integer' },
      Anchored: { $anchor: 'here', type: 'boolean' },
      Own: { $id: 'https://example.test/own', $defs: { Inner: { type: 'number' } }, properties: { inner: { $ref: '#/$defs/Inner' } } },
    };
    expect(bodySchema({ $ref: '#/components/schemas/a~1b%20c' }, schemas).types).toEqual(['integer']);
    expect(bodySchema({ $ref: '#here' }, schemas).types).toEqual(['boolean']);
    expect(bodySchema({ $ref: 'https://example.test/own' }, schemas).properties.get('inner')?.types).toEqual(['number']);
  });

  it('find components by the pointers of the other dialect', () => {
    expect(bodySchema({ $ref: '#/definitions/Book' }, { Book: { type: 'string' } }).types).toEqual(['string']);
  });
});

describe('dialects', () => {
  it.each<[string, Json, Partial<Schema>]>([
    ['type lists', { type: ['string', 'null'] }, { types: ['string'], nullable: true }],
    ['nullable', { type: 'string', nullable: true }, { types: ['string'], nullable: true }],
    ['x-nullable', { type: 'string', 'x-nullable': true }, { nullable: true }],
    ['only null', { type: 'null' }, { types: ['null'], nullable: false }],
    [
      'anyOf with null',
      { anyOf: [{ type: 'integer', minimum: 3 }, { type: 'null' }] },
      { types: ['integer'], nullable: true, minimum: 3, variants: [] },
    ],
    ['exclusive by flag', { minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
    ['exclusive by number', { exclusiveMaximum: 9, maximum: 10 }, { exclusiveMaximum: 9, maximum: 10 }],
    ['const', { const: 'x' }, { const: 'x' }],
    ['false default', { default: false }, { default: false }],
    ['example before examples', { example: 1, examples: [2, 3] }, { examples: [1, 2, 3] }],
    ['closed', { additionalProperties: false }, { additionalProperties: false }],
    ['true', true, { types: [], nullable: false }],
    ['false', false, { additionalProperties: false }],
    ['sloppy type names', { type: 'String' }, { types: ['string'] }],
  ])('%s', (_, raw, expected) => {
    expect(bodySchema(raw)).toMatchObject(expected);
  });

  it('leaves minimum out where it is exclusive by flag', () => {
    expect(bodySchema({ minimum: 1, exclusiveMinimum: true }).minimum).toBeUndefined();
  });
});

describe('allOf', () => {
  it('is merged: properties, required, constraints; own ones first', () => {
    const base = { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, kind: {} }, description: 'base' };
    const schema = bodySchema(
      { description: 'own', allOf: [ref('Base'), { required: ['name'], properties: { name: {}, kind: { type: 'string' } } }] },
      { Base: base },
    );
    expect([...schema.properties.keys()]).toEqual(['id', 'kind', 'name']);
    expect(schema.properties.get('kind')?.types).toEqual(['string']);
    expect([...schema.required]).toEqual(['id', 'name']);
    expect(schema).toMatchObject({ description: 'own', types: ['object'] });
  });

  it('may run in circles', () => {
    const schema = bodySchema(ref('A'), {
      A: { allOf: [ref('B')], properties: { a: {} } },
      B: { allOf: [ref('A')], properties: { b: {} } },
    });
    expect([...schema.properties.keys()]).toEqual(['a', 'b']);
  });

  it('ends a walk also where two recursive schemas are merged', () => {
    const schemas = { A: { properties: { next: ref('A') } }, B: { properties: { next: ref('B') } } };
    const visited = new Set<Schema>();
    const walk = (schema: Schema): void => {
      if (visited.has(schema)) return;
      visited.add(schema);
      expect(visited.size).toBeLessThan(10);
      for (const property of schema.properties.values()) walk(property);
    };
    walk(bodySchema({ allOf: [ref('A'), ref('B')] }, schemas));
    expect(visited.size).toBe(2);
  });

  it('keeps the alternatives of its members', () => {
    expect(bodySchema({ allOf: [{ oneOf: [{ type: 'string' }, { type: 'number' }] }] }).variants.map(({ types }) => types)).toEqual([
      ['string'],
      ['number'],
    ]);
  });
});
