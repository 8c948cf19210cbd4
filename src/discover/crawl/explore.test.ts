import { afterEach, describe, expect, it } from 'vitest';
import type { Send } from '../../model/http.ts';
import { discover, explore, type Explorer } from '../index.ts';
import { sender, serve, type Page, type Served } from '../serve.test-support.ts';
import { looksChanging } from './destructive.ts';

const open: Served[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const members: Readonly<Record<string, Readonly<Record<string, Page>>>> = {
  ann: {
    '/': {
      body: '<a href="/orders/17">mine</a><a href="/orders/17/pay">pay</a><a href="/log-out">bye</a><form method="post" action="/contact"><input type="hidden" name="profile_id" value="a1"><input name="phone"></form>',
    },
    '/orders/17': { body: { id: 17, invoice: '/invoices/501' } },
    '/invoices/501': { body: '<h1>Invoice</h1>' },
  },
  ben: { '/': { body: '<a href="/orders/18">mine</a>' }, '/orders/18': { body: { id: 18 } } },
};

/** A shop whose front page shows a log-in to strangers, and their orders to members. */
async function shop(): Promise<Served> {
  const server = await serve((request) => {
    const who = String(request.headers['x-member'] ?? '');
    return (
      members[who]?.[request.url ?? '/'] ?? (request.url === '/' ? { body: '<form method="post" action="/log-in"></form>' } : undefined)
    );
  });
  open.push(server);
  return server;
}

function explorer(identity: string): Explorer {
  const send: Send = (request) => sender()({ ...request, headers: [...request.headers, ['x-member', identity]] });
  return { identity, send };
}

describe('exploring as members', () => {
  it('finds what lies behind the log-in, and whose it is', async () => {
    const { origin, seen } = await shop();
    const found = await discover({ target: origin, send: sender() });
    expect(found.operations.map(({ id }) => id)).toEqual(['POST /log-in']);
    const surface = await explore(found, new URL(origin), [explorer('ann'), explorer('ben')]);
    expect(surface.operations.map(({ id }) => id)).toEqual([
      'POST /log-in',
      'POST /contact',
      'GET /invoices/{invoiceId}',
      'GET /orders/{orderId}',
    ]);
    expect(surface.visited).toEqual([
      { identity: 'ann', operation: 'GET /orders/{orderId}', path: { orderId: '17' }, query: {} },
      { identity: 'ben', operation: 'GET /orders/{orderId}', path: { orderId: '18' }, query: {} },
      { identity: 'ann', operation: 'GET /invoices/{invoiceId}', path: { invoiceId: '501' }, query: {} },
    ]);
    const fields = surface.operations[1]?.body?.contents[0]?.schema?.properties;
    expect([...(fields ?? [])].map(([name, schema]) => [name, schema.default])).toEqual([
      ['profile_id', undefined],
      ['phone', undefined],
    ]);
    expect(surface.notes.at(-1)).toBe('Links that ann and ben could follow led to 3 more operations.');
    expect(seen.join('\n')).not.toMatch(/pay|log-out/);
  });

  it('leaves a described surface as it is', async () => {
    const { origin, seen } = await shop();
    const document = { location: 'openapi.json', dialect: 'openapi 3.0.3', lineOf: () => undefined };
    const described = { origin, operations: [], securitySchemes: {}, document, notes: [] };
    expect(await explore(described, new URL(origin), [explorer('ann')])).toBe(described);
    expect(seen).toEqual([]);
  });
});

it.each([
  ['/orders/5/approve', true],
  ['/cart/add/5', true],
  ['/orders/5?action=pay', true],
  ['/orders/5', false],
  ['/addresses', false],
  ['/orders/5/payments', false],
])('%s looks as if it changed something: %s', (path, expected) => {
  expect(looksChanging(new URL(path, 'http://shop.test'))).toBe(expected);
});
