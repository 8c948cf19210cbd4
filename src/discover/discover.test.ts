import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SilenceReason } from '../model/http.ts';
import type { Surface } from '../model/operation.ts';
import { UserError } from '../model/user-error.ts';
import { discover, type DiscoverInput } from './index.ts';
import { sender, serve, silent, type Page, type Served } from './serve.test-support.ts';

const api = { openapi: '3.0.3', info: { title: 'Books' }, paths: { '/books': { get: { responses: {} } } } };
const yaml = 'openapi: 3.1.0\ninfo: {title: Books}\npaths:\n  /books:\n    get: {}\n';
const html = '<!doctype html><html><body>Hello</body></html>';

const open: Served[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function serving(pages: Parameters<typeof serve>[0]): Promise<Served> {
  const server = await serve(pages);
  open.push(server);
  return server;
}

async function files(contents: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'discover-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(contents)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const found = (input: Omit<DiscoverInput, 'send'>): Promise<Surface> => discover({ send: sender(), ...input });

async function refusal(input: Partial<DiscoverInput>): Promise<UserError> {
  try {
    await discover({ send: sender(), ...input });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a description that is named', () => {
  it('is read from a file, from standard input, and from a URL', async () => {
    const folder = await files({ 'api.yaml': yaml });
    const { origin } = await serving({
      '/spec': { body: yaml, type: 'text/plain' },
      '/old': { status: 302, headers: { location: '/spec' } },
    });
    const target = 'http://localhost:5000';
    expect(await found({ target, spec: join(folder, 'api.yaml') })).toMatchObject({
      origin: target,
      title: 'Books',
      document: { dialect: 'openapi 3.1.0' },
    });
    expect((await found({ target, spec: '-', stdin: () => Promise.resolve(yaml) })).document?.location).toBe('<stdin>');
    expect(await found({ spec: `${origin}/old` })).toMatchObject({ origin, document: { location: `${origin}/spec` } });
  });

  it('takes the path of the target as its base when it names no server', async () => {
    const folder = await files({ 'api.yaml': yaml });
    expect((await found({ target: 'http://localhost:5000/api', spec: join(folder, 'api.yaml') })).operations[0]?.path).toBe('/api/books');
  });

  it('may be a documentation page that names it', async () => {
    const { origin } = await serving({
      '/docs': { body: `<html>SwaggerUIBundle({ url: "/openapi.json" })</html>` },
      '/openapi.json': { body: api },
    });
    expect((await found({ spec: `${origin}/docs` })).document?.location).toBe(`${origin}/openapi.json`);
  });

  it('is refused in words', async () => {
    const folder = await files({ 'cut.json': JSON.stringify(api).slice(0, 60) });
    const { origin } = await serving({ '/html': { body: html }, '/secret': { status: 401, body: {} }, '/openapi.json': { body: api } });
    expect(await refusal({ target: origin, spec: join(folder, 'none.yaml') })).toMatchObject({
      code: 'spec-not-found',
      message: expect.stringContaining('no such file'),
    });
    expect(await refusal({ target: origin, spec: folder })).toMatchObject({ message: expect.stringContaining('a folder') });
    expect(await refusal({ target: origin, spec: join(folder, 'cut.json') })).toMatchObject({ code: 'description-unreadable' });
    expect(await refusal({ spec: `${origin}/html` })).toMatchObject({ code: 'not-a-description' });
    expect(await refusal({ spec: `${origin}/secret` })).toMatchObject({ code: 'spec-protected' });
    expect(await refusal({ spec: `${origin}/gone` })).toMatchObject({ code: 'spec-not-found', message: expect.stringContaining('404') });
    expect(await refusal({ spec: `${origin}/openapi.json`, send: sender(50) })).toMatchObject({ code: 'description-too-large' });
    expect(await refusal({ spec: '-' })).toMatchObject({ code: 'no-stdin' });
    expect(await refusal({})).toMatchObject({ code: 'no-target' });
    expect(await refusal({ target: 'ftp://x' })).toMatchObject({ code: 'invalid-target' });
  });
});

describe('references to other documents', () => {
  const main = yaml.replace('get: {}', "$ref: 'paths/books.yaml'");
  const books = "post:\n  requestBody:\n    content:\n      application/json:\n        schema: {$ref: '../models.json#/Book'}\n";
  const models = JSON.stringify({ Book: { type: 'object', properties: { self: { $ref: '#/Book' } } } });

  it('are left alone unless allowed', async () => {
    const folder = await files({ 'api.yaml': main, 'paths/books.yaml': books, 'models.json': models });
    const input = { target: 'http://localhost:5000', spec: join(folder, 'api.yaml') };
    expect(await refusal(input)).toMatchObject({ code: 'external-references', hint: expect.stringContaining('--allow-external-refs') });
    const surface = await found({ ...input, allowExternalRefs: true });
    const schema = surface.operations[0]?.body?.contents[0]?.schema;
    expect(schema?.name).toBe('Book');
    expect(schema?.properties.get('self')).toBe(schema);
    expect(surface.notes).toEqual([]);
  });

  it('from the web are fetched, and never lead into files', async () => {
    const folder = await files({ 'secret.json': models });
    const document = {
      ...api,
      paths: {
        '/a': { $ref: 'item.yaml' },
        '/b': { get: { responses: { 200: { $ref: `file://${folder}/secret.json#/Book` }, 201: { $ref: 'http://localhost:$x/y' } } } },
      },
    };
    const server = await serving({ '/api/openapi.json': { body: document }, '/api/item.yaml': { body: 'get: {}', type: 'text/yaml' } });
    const surface = await found({ spec: `${server.origin}/api/openapi.json`, allowExternalRefs: true });
    expect(surface.operations.map(({ id }) => id)).toEqual(['GET /a', 'GET /b']);
    expect(surface.notes.join()).toMatch(/could not be read.*secret\.json/);
  });
});

describe('a target alone', () => {
  it.each<[string, Record<string, Page>, string]>([
    ['is the description itself', { '/': { body: api } }, '/'],
    ['has it at a usual place', { '/openapi.json': { body: api } }, '/openapi.json'],
    ['has it as YAML', { '/swagger.yaml': { body: yaml } }, '/swagger.yaml'],
    [
      'has it behind a redirect',
      { '/openapi.json': { status: 301, headers: { location: '/v1/spec' } }, '/v1/spec': { body: api } },
      '/v1/spec',
    ],
    [
      'names it in Swagger UI',
      {
        '/docs': { body: `<title>Swagger UI</title><script>SwaggerUIBundle({url: 'x/api.json',})</script>` },
        '/x/api.json': { body: api },
      },
      '/x/api.json',
    ],
    ['names it in ReDoc', { '/redoc': { body: `<redoc spec-url='/r.json'></redoc>` }, '/r.json': { body: api } }, '/r.json'],
    [
      'names it in Scalar',
      { '/docs': { body: `<script id="api-reference" data-url="/s.json"></script>` }, '/s.json': { body: api } },
      '/s.json',
    ],
    [
      'names it in the start script of Swagger UI',
      {
        '/swagger-ui/': { body: `<title>Swagger UI</title><script src="./swagger-initializer.js"></script>` },
        '/swagger-ui/swagger-initializer.js': {
          body: `window.ui = SwaggerUIBundle({ url: "https://petstore.swagger.io/v2/swagger.json", "configUrl": "/cfg" })`,
        },
        '/cfg': { body: { urls: [{ url: '/group.json', name: 'g' }] } },
        '/group.json': { body: api },
      },
      '/group.json',
    ],
    [
      'carries it in a start script',
      {
        '/api-docs': { body: `<title>Swagger UI</title><script src="./swagger-ui-init.js"></script>` },
        '/swagger-ui-init.js': {
          body: `var options = {"swaggerDoc": ${JSON.stringify({ ...api, info: { title: 'Brace } and quote " and \\' } })}, "x": {}}`,
        },
      },
      '/swagger-ui-init.js',
    ],
    [
      'lists it in an API catalog',
      {
        '/.well-known/api-catalog': { body: { linkset: [{ anchor: '/', 'service-desc': [{ href: '/c.json' }] }] } },
        '/c.json': { body: api },
      },
      '/c.json',
    ],
    [
      'links to it in a header',
      { '/': { body: html, headers: { link: '</l.json>; rel="service-desc"' } }, '/l.json': { body: api } },
      '/l.json',
    ],
  ])('%s', async (_, pages, location) => {
    const { origin, seen } = await serving(pages);
    expect((await found({ target: origin })).document?.location).toBe(origin + location);
    expect(seen.length).toBeLessThanOrEqual(30);
    expect(seen.every((line) => line.startsWith('GET '))).toBe(true);
  });

  it('is looked at beside its path before its root', async () => {
    const { origin } = await serving({
      '/app/v1/openapi.json': { body: api },
      '/openapi.json': { body: { ...api, info: { title: 'Other' } } },
    });
    expect((await found({ target: `${origin}/app/v1` })).title).toBe('Books');
  });

  it('stops at the first description', async () => {
    const { origin, seen } = await serving({ '/swagger.json': { body: api } });
    await found({ target: origin });
    expect(seen).toEqual(['GET /', 'GET /openapi.json', 'GET /swagger.json']);
  });

  it('is not fooled by pages that answer 200 to everything, nor by descriptions without paths', async () => {
    const everything = await serving(() => ({ body: html }));
    expect(await refusal({ target: everything.origin })).toMatchObject({ code: 'not-an-api', hint: expect.stringContaining('--spec') });
    expect(everything.seen.length).toBeLessThanOrEqual(60);
    const nothing = await serving({});
    expect(await refusal({ target: nothing.origin })).toMatchObject({ code: 'not-an-api' });
    const hollow = await serving({ '/openapi.json': { body: { openapi: '3.0.0', paths: {} } }, '/swagger.json': { body: api } });
    expect((await found({ target: hollow.origin })).document?.location).toBe(`${hollow.origin}/swagger.json`);
  });

  it('says that the description may be protected', async () => {
    const { origin } = await serving({ '/openapi.json': { status: 401, body: 'no' } });
    expect((await refusal({ target: origin })).hint).toMatch(/openapi\.json answers 401/);
  });

  it('is not followed to another origin', async () => {
    const other = await serving({ '/': { body: api } });
    const { origin } = await serving({ '/': { status: 302, headers: { location: `${other.origin}/` } } });
    expect(await refusal({ target: origin })).toMatchObject({ code: 'redirects-elsewhere', hint: expect.stringContaining(other.origin) });
    expect(other.seen).toEqual([]);
  });

  it('gives up on endless redirects', async () => {
    const { origin, seen } = await serving((request) => ({ status: 302, headers: { location: `${request.url}x` } }));
    expect(await refusal({ target: origin })).toMatchObject({ code: 'redirect-loop' });
    expect(seen).toHaveLength(6);
  });

  it('whose front page hangs is known by its description all the same', async () => {
    const { origin } = await serving({ '/openapi.json': { body: api } });
    const answering = sender();
    const send: DiscoverInput['send'] = (request) =>
      request.path === '/' ? silent('timeout', 'no answer in 10 s')(request) : answering(request);
    expect((await discover({ target: origin, send })).title).toBe('Books');
  });

  it('that does not answer is said to, with what to do', async () => {
    const { origin, close } = await serve({});
    await close();
    expect(await refusal({ target: origin })).toMatchObject({ code: 'target-unreachable', message: expect.stringContaining('refused') });
    const hints: [SilenceReason, string, RegExp][] = [
      ['refused', 'connection refused', /Start the API/],
      ['unresolved', 'no such host', /host name/],
      ['tls', 'self-signed certificate', /--insecure/],
    ];
    for (const [reason, message, hint] of hints) {
      const error = await refusal({ target: 'https://x.test', send: silent(reason, message) });
      expect(error).toMatchObject({
        code: 'target-unreachable',
        message: `https://x.test/ cannot be reached: ${message}.`,
        hint: expect.stringMatching(hint),
      });
    }
  });

  it('may lack a scheme', async () => {
    const { origin } = await serving({ '/openapi.json': { body: api } });
    expect((await found({ target: origin.replace('http://', '') })).origin).toBe(origin);
  });
});

it('tells its notes to whoever listens', async () => {
  const folder = await files({ 'api.yaml': `${yaml}servers: [{url: 'https://prod.test'}]\n` });
  const heard: string[] = [];
  const surface = await found({ target: 'http://localhost:5000', spec: join(folder, 'api.yaml'), onNote: (note) => heard.push(note) });
  expect(heard).toEqual(surface.notes);
  expect(heard).toHaveLength(1);
});
