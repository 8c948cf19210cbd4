import { describe, expect, it } from 'vitest';
import { buildSchema, introspectionFromSchema, parse, validate } from 'graphql';
import { buildRequest } from '../../model/build-request.ts';
import { parseJson } from '../../model/json.ts';
import { shownAs, type Operation } from '../../model/operation.ts';
import type { ParameterValues } from '../../model/world.ts';
import { discover, surfaceFromText } from '../index.ts';
import { sender, serve } from '../serve.test-support.ts';

const sdl = `
directive @auth(role: String) on FIELD_DEFINITION
scalar DateTime
interface Node { id: ID! }
type User implements Node { id: ID! name: String! manager: User friends: [User!]! orders(first: Int): [Order!]! secretFor(year: Int!): String }
type Order implements Node { id: ID! total: Float! buyer: User! lines: [Line!]! placed: DateTime }
type Line { sku: String! count: Int! parts: [Line!]! order: Order! }
union Hit = User | Order
type OrderEdge { cursor: String! node: Order! }
type OrderConnection { edges: [OrderEdge!]! pageInfo: PageInfo! }
type PageInfo { hasNextPage: Boolean! }
type OrderPayload { order: Order userErrors: [Problem!]! }
type Problem { message: String! }
input OrderInput { total: Float! kind: Kind = PLAIN placed: DateTime }
input OrderChange { id: ID! total: Float }
enum Kind { PLAIN FANCY }
type Query {
  me: User
  user(id: ID!): User @auth(role: "ADMIN")
  userByName(name: String!): User
  node(id: ID!): Node
  orders(first: Int, after: String, kind: Kind): OrderConnection!
  ordersOf(userId: ID!, open: Boolean): [Order!]!
  ordersBy(ids: [Int!]): [Order!]!
  order(id: Int!): Order
  invoice(orderId: ID!): Line
  search(text: String!): [Hit!]!
  stats: Line
}
type Mutation {
  login(name: String!, password: String!): String
  createOrder(input: OrderInput!): OrderPayload
  addLine(orderId: ID!, sku: String!, count: Int): Line
  updateOrder(input: OrderChange!): OrderPayload
  changePassword(old: String!, new: String!): Boolean
  deleteOrder(id: ID!): Boolean
  cancelOrder(id: ID!, why: String): Order
  updateProfile(name: String): User
}
`;
const schema = buildSchema(sdl);
const surface = surfaceFromText(sdl, 'shop.graphql', { origin: 'http://api.test' });

function operation(name: string): Operation {
  const found = surface.operations.find(({ graphql }) => graphql?.signature.startsWith(name));
  if (!found) throw new Error(`no operation ${name}`);
  return found;
}

function sent(name: string, values: ParameterValues): unknown {
  const request = buildRequest('http://api.test', operation(name), values);
  expect(request).toMatchObject({ method: 'POST', path: '/graphql' });
  return (parseJson(request.body ?? '') as { variables: unknown }).variables;
}

describe('a schema in its own language', () => {
  it.each([
    ['me', 'GET /graphql/me'],
    ['user(', 'GET /graphql/user/{id}'],
    ['userByName', 'GET /graphql/user/{name}'],
    ['node(id) on User', 'GET /graphql/user/{id}'],
    ['node(id) on Order', 'GET /graphql/order/{id}'],
    ['orders(', 'GET /graphql/order'],
    ['ordersOf', 'GET /graphql/user/{userId}/order'],
    ['order(', 'GET /graphql/order/{id}'],
    ['invoice', 'GET /graphql/order/{orderId}/line'],
    ['search', 'GET /graphql/hit'],
    ['stats', 'GET /graphql/stats'],
    ['login', 'POST /graphql/login'],
    ['createOrder', 'POST /graphql/order'],
    ['addLine', 'POST /graphql/order/{orderId}/line'],
    ['updateOrder', 'PATCH /graphql/order/{id}'],
    ['changePassword', 'POST /graphql/changePassword'],
    ['deleteOrder', 'DELETE /graphql/order/{id}'],
    ['cancelOrder', 'POST /graphql/order/{id}/cancelOrder'],
    ['updateProfile', 'PATCH /graphql/me'],
  ])('%s amounts to %s', (name, amount) => {
    const { method, path } = operation(name);
    expect(`${method} ${path}`).toBe(amount);
  });

  it('is told as what it is', () => {
    expect(operation('order(').id).toBe('POST /graphql query order(id)');
    expect(shownAs(operation('deleteOrder'))).toEqual({ method: 'POST', path: '/graphql mutation deleteOrder(id)' });
    expect(shownAs(surface.operations[0] ?? operation('me'))).toEqual({ method: 'POST', path: '/graphql' });
    expect(surface.document?.lineOf(operation('me').source.pointer ?? '')).toBe(
      1 + sdl.split('\n').findIndex((line) => line.includes('me: User')),
    );
  });

  it('takes directives for what they say about security', () => {
    expect(operation('user(').security).toEqual([{ '@auth': ['ADMIN'] }]);
    expect(operation('me').security).toBeUndefined();
  });

  it('asks with documents that are valid, for a bounded part of the result', () => {
    for (const { graphql } of surface.operations) {
      expect(validate(schema, parse(graphql?.document ?? '')), graphql?.document).toEqual([]);
    }
    // One object below another, no list in a list, no type below itself, and nothing that needs an argument.
    expect(operation('me').graphql?.document).toBe(
      'query me { me { __typename id name orders(first: 5) { __typename id total placed } } }',
    );
    expect(operation('orders(').graphql?.document).toBe(
      'query orders($kind: Kind) { orders(kind: $kind, first: 50) { __typename edges { __typename node { __typename id total placed buyer { __typename id name } } } } }',
    );
    expect(operation('search').graphql?.document).toContain('... on Order { id total placed }');
  });

  it('puts values where the arguments want them, in their types', () => {
    expect(sent('order(', { path: { id: '12' } })).toEqual({ id: 12 });
    expect(sent('user(', { path: { id: '12' } })).toEqual({ id: '12' });
    expect(sent('ordersOf', { path: { userId: '7' }, query: { open: 'true' } })).toEqual({ userId: '7', open: true });
    expect(sent('ordersBy', { query: { ids: '3,4' } })).toEqual({ ids: [3, 4] });
    expect(sent('ordersBy', { query: { ids: '3' } })).toEqual({ ids: [3] });
    expect(sent('createOrder', { body: { total: '12.5', kind: 'FANCY', isAdmin: true } })).toEqual({
      input: { total: 12.5, kind: 'FANCY' },
    });
    expect(sent('updateOrder', { path: { id: '12' }, body: { total: 3 } })).toEqual({ input: { id: '12', total: 3 } });
    expect(sent('addLine', { path: { orderId: '5' }, body: { sku: 17 } })).toEqual({ orderId: '5', sku: '17' });
  });

  it('says what a body may hold', () => {
    const body = operation('createOrder').body?.contents[0]?.schema;
    expect([...(body?.properties.keys() ?? [])]).toEqual(['total', 'kind', 'placed']);
    expect(body?.required).toEqual(new Set(['total']));
    expect(body?.properties.get('kind')).toMatchObject({ enum: ['PLAIN', 'FANCY'], default: 'PLAIN' });
    expect(body?.properties.get('placed')).toMatchObject({ format: 'date-time' });
  });
});

describe('other ways to tell a schema', () => {
  it('reads the answer to an introspection query', () => {
    const text = JSON.stringify({ data: introspectionFromSchema(schema) });
    const read = surfaceFromText(text, 'introspection.json', { origin: 'http://api.test' });
    expect(read.operations.map(({ id, path, method }) => [id, path, method])).toEqual(
      surface.operations.map(({ id, path, method }) => [id, path, method]),
    );
  });

  it('reads a part of a federated schema, whose types and scalars are defined elsewhere', () => {
    const text = 'extend type Query { topOrder: Order }\ntype Order @key(fields: "id") { id: ID! at: Instant }';
    const read = surfaceFromText(text, 'part.graphqls', { origin: 'http://api.test' });
    expect(read.operations.map(({ graphql }) => graphql?.document)).toEqual([
      'query { __typename }',
      'query topOrder { topOrder { __typename id at } }',
    ]);
  });

  it.each([
    ['type Query { me: User', 'x.graphql', /cannot be read as a GraphQL schema: Syntax Error.*line 1/],
    ['hello', 'x.graphql', /Syntax Error: Unexpected Name "hello"/],
  ])('refuses %j in words', (text, location, words) => {
    expect(() => surfaceFromText(text, location, { origin: 'http://api.test' })).toThrow(words);
  });

  it('leaves YAML alone', () => {
    expect(() => surfaceFromText('type: object\nproperties: {}', 'x.yaml')).toThrow(/not an OpenAPI or Swagger description/);
  });
});

describe('asking around', () => {
  it('posts nothing to a path that may be anything else', async () => {
    const server = await serve((request) =>
      request.url === '/items' ? { body: [{ id: 1, self: '/items/1' }] } : request.url === '/items/1' ? { body: { id: 1 } } : undefined,
    );
    try {
      await discover({ target: `${server.origin}/items`, send: sender() });
      await discover({ target: `${server.origin}/items`, spec: `${server.origin}/missing`, send: sender() }).catch(() => undefined);
      const posted = server.seen.filter((line) => line.startsWith('POST'));
      expect(posted.length).toBeGreaterThan(0);
      expect(posted.filter((line) => !/graphi?ql|gql|\/query/.test(line))).toEqual([]);
    } finally {
      await server.close();
    }
  });
});
