import { expect, test } from 'vitest';
import { surfaceFromText } from '../discover/index.ts';
import { isObject, type Json } from './json.ts';
import { sampleOf } from './sample.ts';
import type { Schema } from './schema.ts';

function schemaOf(schema: Json, schemas: Json = {}): Schema {
  const document = {
    openapi: '3.1.0',
    info: { title: 'x', version: '1' },
    components: { schemas },
    paths: { '/a': { post: { requestBody: { content: { 'application/json': { schema } } }, responses: {} } } },
  };
  const [operation] = surfaceFromText(JSON.stringify(document), 'x.json', { origin: 'http://api.test' }).operations;
  const found = operation?.body?.contents[0]?.schema;
  if (!found) throw new Error('no schema');
  return found;
}

const context = {
  token: (salt: string) =>
    `m${[...salt]
      .reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1e9, 7)
      .toString(36)
      .padStart(10, '0')}`,
  salt: 's',
};

test('each free-text field gets a token of its own, and examples are not used', () => {
  const { value, markers } = sampleOf(
    schemaOf({
      type: 'object',
      properties: { title: { type: 'string', example: 'name1' }, text: { type: 'string' }, mail: { type: 'string', format: 'email' } },
    }),
    context,
  );
  expect(markers.map((marker) => marker.field)).toEqual(['title', 'text', 'mail']);
  expect(new Set(markers.map((marker) => marker.value)).size).toBe(3);
  expect(JSON.stringify(value)).not.toContain('name1');
});

test('enums, bounds, formats and read-only properties are honoured; privileged ones are left out', () => {
  const properties = {
    id: { type: 'integer', readOnly: true },
    role: { type: 'string' },
    colour: { enum: ['admin', 'red'] },
    count: { type: 'integer', minimum: 5 },
    day: { type: 'string', format: 'date' },
    tag: { type: 'string', maxLength: 4 },
    open: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' } },
  };
  const { value } = sampleOf(schemaOf({ type: 'object', properties }), context);
  expect(value).toMatchObject({ colour: 'red', count: 5, day: '2031-05-17', open: false });
  expect(isObject(value) && Object.keys(value)).toEqual(['colour', 'count', 'day', 'tag', 'open', 'tags']);
  expect(isObject(value) && String(value['tag']).length).toBe(4);
});

test('a schema that contains itself ends', () => {
  const node = {
    type: 'object',
    required: ['next'],
    properties: { name: { type: 'string' }, next: { $ref: '#/components/schemas/Node' } },
  };
  const { value } = sampleOf(schemaOf({ $ref: '#/components/schemas/Node' }, { Node: node }), context);
  expect(Object.keys(isObject(value) ? value : {})).toContain('name');
});

test('what is known wins: the id of a parent', () => {
  const { value } = sampleOf(schemaOf({ type: 'object', properties: { project_id: { type: 'integer' } } }), {
    ...context,
    known: (name) => (name === 'project_id' ? 42 : undefined),
  });
  expect(value).toEqual({ project_id: 42 });
});
