import { expect, it } from 'vitest';
import { buildRequest } from '../../model/build-request.ts';
import { parseJson } from '../../model/json.ts';
import { recogniseDoorways } from '../../identity/recognise.ts';
import { surfaceFromText } from '../index.ts';
import { dialects } from './dialects.fixture.ts';

const surfaces = Object.fromEntries(
  Object.entries(dialects).map(([name, sdl]) => [name, surfaceFromText(sdl, `${name}.graphql`, { origin: 'http://api.test' })]),
);

it.each([
  ['hasura', 'orders_by_pk', 'GET /order/{id}', { id: 7 }],
  ['hasura', 'insert_orders_one', 'POST /order', { object: { product: 'tea' } }],
  ['hasura', 'update_orders_by_pk', 'PATCH /order/{id}', { pk_columns: { id: 7 }, _set: { product: 'tea' } }],
  ['hasura', 'delete_orders_by_pk', 'DELETE /order/{id}', { id: 7 }],
  ['hasura', 'delete_orders', 'DELETE /delete_orders', {}],
  ['postgraphile', 'node', 'GET /order/{nodeId}', {}],
  ['postgraphile', 'allOrders', 'GET /order', {}],
  ['postgraphile', 'orderById', 'GET /order/{id}', { id: 7 }],
  ['postgraphile', 'createOrder', 'POST /order', { input: { order: { product: 'tea' } } }],
  ['postgraphile', 'updateOrderById', 'PATCH /order/{id}', { input: { orderPatch: { product: 'tea' }, id: 7 } }],
  ['postgraphile', 'deleteOrderById', 'DELETE /order/{id}', { input: { id: 7 } }],
  ['prisma', 'findUniqueOrder', 'GET /order/{id}', { where: { id: '7' } }],
  ['prisma', 'findManyOrder', 'GET /order', {}],
  ['prisma', 'createOneOrder', 'POST /order', { data: { product: 'tea' } }],
  ['prisma', 'updateOneOrder', 'PATCH /order/{id}', { where: { id: '7' }, data: { product: 'tea' } }],
  ['prisma', 'deleteOneOrder', 'DELETE /order/{id}', { where: { id: '7' } }],
  ['strapi', 'order', 'GET /order/{id}', { id: '7' }],
  ['strapi', 'createOrder', 'POST /order', { data: { product: 'tea' } }],
  ['strapi', 'updateOrder', 'PATCH /order/{id}', { id: '7', data: { product: 'tea' } }],
  ['graphene', 'viewer', 'GET /me', {}],
  ['graphene', 'orderById', 'GET /order/{id}', { id: '7' }],
  ['graphene', 'createOrder', 'POST /order', { product: 'tea' }],
  ['graphene', 'updateOrder', 'PATCH /order/{orderId}', { orderId: '7', product: 'tea' }],
  ['graphene', 'deleteOrder', 'DELETE /order/{orderId}', { orderId: '7' }],
  ['saleor', 'orderUpdate', 'PATCH /order/{id}', { id: '7', input: {} }],
  ['saleor', 'orderCancel', 'POST /order/{id}/orderCancel', { id: '7' }],
  ['saleor', 'passwordChange', 'POST /passwordChange', {}],
])('%s: %s amounts to %s', (dialect, name, amount, variables) => {
  const operation = surfaces[dialect]?.operations.find(({ graphql }) => graphql?.field === name);
  if (!operation) throw new Error(`no ${name}`);
  expect(`${operation.method} ${operation.path.replace('/graphql', '')}`).toBe(amount);
  const path = Object.fromEntries(Object.keys(operation.graphql?.places ?? {}).map((slot) => [slot, '7']));
  const values = {
    ...(amount.includes('{id}') || amount.includes('{orderId}') ? { path } : {}),
    ...(operation.body ? { body: { product: 'tea' } } : {}),
  };
  const { body = '' } = buildRequest('http://api.test', operation, values);
  expect(parseJson(body)).toMatchObject({ variables });
});

it.each([
  ['strapi', 'register(input)', 'login(input)'],
  ['graphene', 'createUser(username, password, email)', 'tokenAuth(username, password)'],
  ['saleor', 'accountRegister(input)', 'tokenCreate(email, password)'],
])('%s: the ways in are recognised', (dialect, signUp, logIn) => {
  const surface = surfaces[dialect];
  if (!surface) throw new Error(`no ${dialect}`);
  const { signUps, logIns } = recogniseDoorways(surface);
  expect([signUps[0]?.graphql?.signature, logIns[0]?.graphql?.signature]).toEqual([signUp, logIn]);
});
