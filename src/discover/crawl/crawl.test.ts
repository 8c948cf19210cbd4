import { afterEach, describe, expect, it } from 'vitest';
import type { Surface } from '../../model/operation.ts';
import { discover } from '../index.ts';
import { sender, serve, type Served } from '../serve.test-support.ts';
import { looksDestructive } from './destructive.ts';
import { templateOf } from './template.ts';

const open: Served[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function crawled(pages: Parameters<typeof serve>[0]): Promise<{ surface: Surface; seen: readonly string[]; origin: string }> {
  const server = await serve(pages);
  open.push(server);
  return { surface: await discover({ target: server.origin, send: sender() }), seen: server.seen, origin: server.origin };
}

const ids = (surface: Surface): string[] => surface.operations.map(({ id }) => id);

describe('crawling', () => {
  it('follows links in JSON and turns ids into parameters', async () => {
    const { surface, origin } = await crawled({
      '/': { body: { _links: { orders: { href: '/orders?page=1' } }, docs: 'https://elsewhere.test/x' } },
      '/orders?page=1': { body: { items: [{ url: '/orders/7' }, { url: '/orders/8' }, { url: '/orders/9' }] } },
      '/orders/7': { body: { id: 7, customer: '/users/0b5e3b0e-5c43-4d0c-9a6e-4c0c3f4c2f11' } },
      '/orders/8': { body: { id: 8 } },
      '/orders/9': { body: { id: 9 } },
      '/users/0b5e3b0e-5c43-4d0c-9a6e-4c0c3f4c2f11': { status: 401, body: { error: 'log in' } },
    });
    expect(ids(surface)).toEqual(['GET /', 'GET /orders', 'GET /orders/{orderId}', 'GET /users/{userId}']);
    expect(surface.operations[1]?.parameters).toMatchObject([{ name: 'page', in: 'query', required: false, examples: ['1'] }]);
    expect(surface.operations[2]).toMatchObject({
      parameters: [{ name: 'orderId', in: 'path', required: true, examples: ['7', '8'], schema: { types: ['integer'] } }],
      source: { kind: 'crawl', document: `${origin}/orders/7` },
    });
    expect(surface.operations[0]?.security).toBeUndefined();
    expect(surface.document).toBeUndefined();
    expect(surface.notes.join()).toMatch(/4 operations were learned by following links/);
  });

  it('reads pages, forms and scripts', async () => {
    const form =
      '<form action="/login" method="post"><input name="user"><input type="hidden" name="csrf" value="t"><input name=password type=password></form>';
    const script = `fetch('/api/items'); fetch(\`/api/items/\${item.id}\`, { method: 'DELETE' }); axios.post("/api/items", x);
      fetch('/api/notes', { method: 'POST', body: JSON.stringify({ title, "text": t }) })`;
    const { surface } = await crawled({
      '/': { body: `<html><a href="/about">x</a><a href="https://elsewhere.test/">y</a><script src="/app.js"></script></html>` },
      '/about': { body: `<html>${form}</html>` },
      '/app.js': { body: script, type: 'text/javascript' },
      '/api/items': { body: [{ id: 3 }] },
      '/api/items/3': { body: { id: 3 } },
    });
    expect(ids(surface)).toEqual([
      'GET /api/items',
      'POST /api/items',
      'DELETE /api/items/{id}',
      'GET /api/items/{itemId}',
      'POST /api/notes',
      'POST /login',
    ]);
    const login = surface.operations.at(-1)?.body?.contents[0];
    expect(login?.mediaType).toBe('application/x-www-form-urlencoded');
    expect([...(login?.schema?.properties ?? [])].map(([name, schema]) => [name, schema.default])).toEqual([
      ['user', undefined],
      ['csrf', 't'],
      ['password', undefined],
    ]);
    expect([...(surface.operations[4]?.body?.contents[0]?.schema?.properties.keys() ?? [])]).toEqual(['title', 'text']);
  });

  it('reads operations that an index lists in words, and methods from Allow', async () => {
    const { surface } = await crawled({
      '/': { body: { endpoints: ['POST /users - signs up', 'GET /users/<int:user_id>'], 'GET /ping': 'health', login: '/session' } },
      '/ping': { body: { ok: true } },
      '/session': { status: 405, headers: { allow: 'POST, OPTIONS' }, body: { error: 'method' } },
    });
    expect(ids(surface)).toEqual(['GET /', 'GET /ping', 'POST /session', 'POST /users', 'GET /users/{user_id}']);
  });

  it('takes a URL that asks for a credential for an operation, whatever it says', async () => {
    const { surface } = await crawled({ '/': { status: 401, body: 'Unauthorized', type: 'text/plain' } });
    expect(ids(surface)).toEqual(['GET /']);
  });

  it('never follows what looks destructive', async () => {
    const { surface, seen } = await crawled({
      '/': { body: { a: '/createdb', b: '/users/logout', c: '/admin/resetAll', d: '/delete/5', e: '/books' } },
      '/books': { body: [] },
    });
    expect(ids(surface)).toEqual(['GET /', 'GET /books']);
    expect(seen.join('\n')).not.toMatch(/createdb|logout|reset|delete/);
    expect(surface.notes.join()).toMatch(/not followed: \/createdb, \/users\/logout, \/admin\/resetAll and 1 more/);
  });

  it('ends: 60 requests, three links deep, two of a kind', async () => {
    const wide = await crawled((request) =>
      /^\/(?:$|c\w+)/.test(request.url ?? '')
        ? { body: Object.fromEntries(Array.from({ length: 99 }, (_, n) => [`k${n}`, `/c${n}x${request.url?.length}`])) }
        : undefined,
    );
    expect(wide.seen.length).toBeLessThanOrEqual(60 + 32);
    expect(wide.surface.notes.join()).toMatch(/stopped after 60 requests/);
    const deep = await crawled({
      '/': { body: { next: '/a' } },
      '/a': { body: { next: '/a/b' } },
      '/a/b': { body: { next: '/a/b/c' } },
      '/a/b/c': { body: { next: '/a/b/c/d' } },
      '/a/b/c/d': { body: {} },
    });
    expect(deep.seen).toContain('GET /a/b/c');
    expect(deep.seen).not.toContain('GET /a/b/c/d');
  });
});

describe('templates', () => {
  it.each([
    ['/orders/12', '/orders/{orderId}'],
    ['/v1/user-profiles/507f1f77bcf86cd799439011/notes/3', '/v1/user-profiles/{userProfileId}/notes/{noteId}'],
    ['/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/{id}'],
    ['/items/1/2', '/items/{itemId}/{itemId2}'],
    ['/api/v2/books', '/api/v2/books'],
    ['/books/:bookId/x', '/books/{bookId}/x'],
  ])('%s', (path, template) => {
    expect(templateOf(path).path).toBe(template);
  });
});

it.each([
  ['/logout', true],
  ['/user/sign-out', true],
  ['/createdb', true],
  ['/admin/resetPassword', true],
  ['/blog/42', false],
  ['/catalogue', false],
  ['/deleted-scenes', false],
])('%s looks destructive: %s', (path, expected) => {
  expect(looksDestructive(path)).toBe(expected);
});
