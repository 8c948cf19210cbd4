import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scan, type Report } from '../index.ts';
import { repairedShop, vulnerableShop } from './api.ts';
import { serveApi, type Served } from './serve.ts';

describe('the shops', () => {
  const served: Served[] = [];
  let vulnerable: Report;
  let repaired: Report;
  beforeAll(async () => {
    served.push(await serveApi(vulnerableShop), await serveApi(repairedShop));
    const reports = await Promise.all(served.map(({ url }) => scan({ target: url, allow: 'write', seed: 'demo' })));
    [vulnerable, repaired] = reports.map(({ report }) => report) as [Report, Report];
  });
  afterAll(() => Promise.all(served.map((each) => each.close())));

  const at = (report: Report): string[] =>
    report.findings
      .filter((finding) => finding.confidence !== 'tentative')
      .map((finding) => `${finding.check} ${finding.operation.method} ${finding.operation.path}`);

  test('each mistake of the vulnerable one is proven where it is', () => {
    expect(at(vulnerable)).toEqual(
      expect.arrayContaining([
        'anonymous-access GET /orders/{order_id}/invoice',
        'foreign-collection-read GET /customers/{username}/orders',
        'foreign-object-change PUT /orders/{order_id}',
        'foreign-object-delete DELETE /orders/{order_id}',
        'foreign-object-read GET /orders/{order_id}',
        'object-existence-revealed GET /addresses/{address_id}',
        'privileged-operation-open GET /admin/sales',
        'property-assignment POST /register',
        'sensitive-property-returned GET /me',
      ]),
    );
    expect(vulnerable.findings.some((finding) => finding.check === 'unsigned-token-accepted')).toBe(true);
    expect(vulnerable.grade).toBe('F');
  });

  test('nothing is found where there is no mistake', () => {
    const sound = ['GET /', 'POST /login', 'POST /orders', 'POST /addresses', 'DELETE /addresses/{address_id}'];
    expect(at(vulnerable).filter((finding) => sound.some((operation) => finding.endsWith(` ${operation}`)))).toEqual([]);
  });

  test('the repaired one is clean', () => {
    expect(repaired.findings).toEqual([]);
    expect(repaired).toMatchObject({ outcome: 'done', grade: 'A', score: 100 });
  });
});

test('a request that is no JSON, too long or cut off does not stop the server', async () => {
  const served = await serveApi(repairedShop);
  const post = (body: string): Promise<Response> => fetch(`${served.url}/login`, { method: 'POST', body });
  expect((await post('{"user')).status).toBe(401);
  expect((await post('x'.repeat(3_000_000))).status).toBe(401);
  expect((await fetch(`${served.url}/orders/%E0%A4%A`)).status).toBe(401);
  expect(((await (await fetch(`${served.url}/openapi.json`)).json()) as { openapi: string }).openapi).toBe('3.0.3');
  await served.close();
});
