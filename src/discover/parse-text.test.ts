import { describe, expect, it } from 'vitest';
import { UserError } from '../model/user-error.ts';
import { surfaceFromText } from './index.ts';

function refusalOf(text: string, location = 'api.json'): UserError {
  try {
    surfaceFromText(text, location, { origin: 'http://localhost:5000' });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const document = { openapi: '3.0.3', info: { title: 'Books', version: '1' }, paths: { '/books': { get: { responses: {} } } } };

describe('text that is no description', () => {
  it.each([
    ['<!DOCTYPE html><html><body>Not here</body></html>', 'not-a-description', 'an HTML page'],
    ['<?xml version="1.0"?><definitions/>', 'not-a-description', 'XML'],
    ['', 'not-a-description', 'empty'],
    ['{"hello": "world"}', 'not-a-description', 'without "openapi" or "swagger"'],
    ['[1, 2]', 'not-a-description', 'a list'],
    ['just some words', 'not-a-description', 'plain text'],
    ['{"info": {"_postman_id": "1"}, "item": []}', 'not-a-description', 'a Postman collection'],
    ['{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}}', 'not-a-description', 'Postman'],
    ['{"log": {"entries": []}}', 'not-a-description', 'a HAR recording'],
    ['{"data": {"__schema": {}}}', 'not-a-description', 'GraphQL'],
    ['asyncapi: 3.0.0', 'not-a-description', 'AsyncAPI'],
    ['#%RAML 1.0\ntitle: x', 'not-a-description', 'RAML'],
    ['{"swaggerVersion": "1.2", "apis": []}', 'unsupported-version', 'Swagger 1.2'],
    ['openapi: 4.0.0', 'unsupported-version', 'OpenAPI 4.0.0'],
    ['{"openapi": "3.0.0", "paths": {}}', 'no-operations', 'nothing to scan'],
    ['{"openapi": "3.1.0", "webhooks": {"x": {}}}', 'no-operations', 'only webhooks'],
  ])('refuses %j', (text, code, words) => {
    const refusal = refusalOf(text);
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain(words);
    expect(refusal.hint).toBeTruthy();
  });
});

describe('text that breaks off', () => {
  it('says in which line JSON is cut short', () => {
    const text = JSON.stringify(document, null, 2);
    const refusal = refusalOf(text.split('\n').slice(0, 5).join('\n'));
    expect(refusal).toMatchObject({ code: 'description-unreadable' });
    expect(refusal.message).toMatch(/cut short.*line 5/);
  });

  it('says where JSON is wrong', () => {
    expect(refusalOf('{\n  "openapi": "3.0.0"\n  : "paths" ]\n}').message).toMatch(/not valid JSON: line 3, column 3/);
  });

  it('says where YAML is wrong', () => {
    expect(refusalOf('openapi: 3.0.0\npaths: [1, 2\n').message).toMatch(/not valid YAML: line 3, column 1: deficient indentation/);
  });

  it('refuses what is nested absurdly deep, in either notation', () => {
    expect(refusalOf(`{"openapi": "3.0.0", "paths": ${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}}`).code).toBe('description-too-deep');
    expect(refusalOf(`openapi: 3.0.0\npaths: ${'['.repeat(2000)}${']'.repeat(2000)}`).code).toBe('description-too-deep');
  });

  it('refuses more than 64 MB', () => {
    expect(refusalOf(' '.repeat(64 * 1024 * 1024 + 1)).code).toBe('description-too-large');
  });
});

describe('YAML', () => {
  const yaml = 'openapi: 3.0.3\npaths:\n  /books:\n    get:\n      responses:\n        200:\n          description: ok\n';

  it('reads keys that are numbers', () => {
    expect(surfaceFromText(yaml, 'api.yaml', { origin: 'http://x' }).operations[0]?.responses[0]?.status).toBe('200');
  });

  it('takes the last of two equal keys, and says so', () => {
    const surface = surfaceFromText(`${yaml}info: {title: A}\ninfo: {title: B}\n`, 'api.yaml', { origin: 'http://x' });
    expect(surface.title).toBe('B');
    expect(surface.notes.join()).toMatch(/same key twice \(line 9\)/);
  });

  it('lets a closing bracket stand at the start of its line', () => {
    expect(surfaceFromText(`${yaml}security: [\n  {},\n]\n`, 'api.yaml', { origin: 'http://x' }).operations[0]?.security).toEqual([{}]);
  });

  it('reads the first of several documents', () => {
    expect(surfaceFromText(`${yaml}---\nother: 1\n`, 'api.yaml', { origin: 'http://x' }).notes.join()).toMatch(/several YAML documents/);
  });

  it('resolves anchors and merge keys', () => {
    const text = `${yaml}x-shared: &shared\n  title: Shared\ninfo:\n  <<: *shared\n`;
    expect(surfaceFromText(text, 'api.yaml', { origin: 'http://x' }).title).toBe('Shared');
  });

  it('refuses an alias bomb, and an alias that contains itself', () => {
    const levels = Array.from({ length: 9 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(',')}]`);
    expect(refusalOf(`l0: &l0 lol\n${levels.join('\n')}\n${yaml}`).code).toBe('description-alias-bomb');
    expect(refusalOf(`x: &x\n  y: *x\n${yaml}`).code).toBe('description-alias-bomb');
  });

  it('reads JSON with comments and trailing commas as YAML, and says so', () => {
    const surface = surfaceFromText('{"openapi": "3.0.0", "paths": {"/a": {"get": {}},},}', 'api.json', { origin: 'http://x' });
    expect(surface.operations).toHaveLength(1);
    expect(surface.notes.join()).toMatch(/not strict JSON/);
  });

  it('ignores a byte order mark', () => {
    expect(surfaceFromText(`\uFEFF${JSON.stringify(document)}`, 'api.json', { origin: 'http://x' }).title).toBe('Books');
  });
});
