import { expect, test } from 'vitest';
import type { Operation } from '../../model/operation.ts';
import { whyLeftOut } from './left-out.ts';

function operation(id: string, more: Partial<Operation> = {}): Operation {
  const [method = '', path = ''] = id.split(' ');
  return {
    id,
    method,
    path,
    tags: [],
    deprecated: false,
    parameters: [],
    responses: [],
    links: [],
    source: { kind: 'openapi', document: 'x' },
    ...more,
  };
}

test.each([
  operation('GET /createdb'),
  operation('GET /db', { summary: 'Creates and populates the database with dummy data' }),
  operation('GET /admin/reset'),
  operation('GET /users/logout'),
  operation('POST /sign-out'),
  operation('GET /seed-data'),
  operation('GET /system/shutdown'),
  operation('GET /cache', { operationId: 'app.views.flush_cache' }),
  operation('GET /orders/{id}/cancel'),
  operation('GET /jobs/run'),
  operation('POST /password/reset'),
  operation('POST /auth/forgot-password'),
  operation('DELETE /sessions'),
  operation('DELETE /orders'),
  operation('DELETE /orders/all/{tenant}', { summary: 'Delete all orders' }),
])('$id is never sent', (left) => {
  expect(whyLeftOut(left)).toMatch(/\w/);
});

test.each([
  operation('GET /orders'),
  operation('GET /orders/{id}', { summary: 'An order, as it was sent' }),
  operation('DELETE /orders/{id}'),
  operation('PUT /users/{name}/password'),
  operation('POST /orders'),
  operation('GET /settings'),
  operation('GET /updates'),
  operation('GET /users/active'),
  operation('POST /orders/{id}/items', { operationId: 'addItem' }),
  operation('GET /seedlings/{id}'),
  operation('PATCH /tasks/{id}', { summary: 'Update a task' }),
])('$id may be sent', (kept) => {
  expect(whyLeftOut(kept)).toBeUndefined();
});
