import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  buildSchema,
  execute,
  getOperationAST,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  visit,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { sendJson, textOf } from './hostile-servers.ts';

export interface GraphqlShopOptions {
  /** Every flaw is mended, and the endpoint limits what one request may ask for. */
  readonly repaired: boolean;
  /** Whether introspection is answered; by default it is in the flawed one. */
  readonly introspection?: boolean;
  /** Default `/graphql`. */
  readonly endpoint?: string;
  /** How what is somebody else's is refused: like what does not exist, by a code of its own, or in words that say nothing. */
  readonly refusal?: 'nothing' | 'forbidden' | 'vague';
}

/** A shop behind GraphQL: accounts, orders with global ids, notes with plain ones. */
export interface GraphqlShop {
  readonly url: string;
  /** The schema in its own language. */
  readonly sdl: string;
  /** The documents that were executed. */
  readonly seen: readonly string[];
  readonly close: () => Promise<void>;
}

interface User {
  readonly key: number;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly isAdmin: boolean;
  readonly role: string;
}
interface Order {
  readonly key: number;
  readonly owner: User;
  product: string;
  remark: string;
}
interface Note {
  readonly id: number;
  readonly owner: User;
  title: string;
  text: string;
}

const sdlOf = (repaired: boolean): string => `
interface Node { id: ID! }
enum Role { CUSTOMER ADMIN }
type User implements Node { id: ID! internalScore: Int! username: String! email: String isAdmin: Boolean! role: Role! ${repaired ? '' : 'passwordHash: String'} }
"What somebody bought."
type Order implements Node { id: ID! product: String! remark: String customer: User! }
type Note { id: Int! title: String! text: String! author: User! }
type Product { sku: String! title: String! price: Int! }
type Report { revenue: Int! region: String! }
type OrderEdge { cursor: String! node: Order! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type OrderConnection { edges: [OrderEdge!]! pageInfo: PageInfo! }
type AuthPayload { token: String user: User }
input UserInput { username: String! email: String! password: String! ${repaired ? '' : 'isAdmin: Boolean role: Role'} }
input OrderInput { product: String! remark: String }
type Query {
  me: User
  user(id: ID!): User
  node(id: ID!): Node
  order(id: ID!): Order
  orders(first: Int, after: String): OrderConnection!
  ordersOf(userId: ID!): [Order!]!
  note(id: Int!): Note
  notes: [Note!]!
  products: [Product!]!
  adminReport: Report
}
type Mutation {
  register(input: UserInput!): AuthPayload
  login(username: String!, password: String!): AuthPayload
  logout: Boolean
  createOrder(input: OrderInput!): Order
  updateOrder(id: ID!, input: OrderInput!): Order
  deleteOrder(id: ID!): Boolean
  createNote(title: String!, text: String!): Note
  updateNote(id: Int!, title: String, text: String): Note
  deleteNote(id: Int!): Note
  deleteAllNotes: Boolean
}
`;

/** Starts the shop on a free port of loopback. */
export async function graphqlShop(options: GraphqlShopOptions): Promise<GraphqlShop> {
  const { repaired, introspection = !repaired, endpoint = '/graphql', refusal = 'nothing' } = options;
  const sdl = sdlOf(repaired);
  const schema = buildSchema(sdl);
  const shop = shopState(repaired, refusal);
  const seen: string[] = [];
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];

  const one = async (payload: unknown, request: IncomingMessage): Promise<object> => {
    const { query = '', variables = {} } = (payload ?? {}) as { query?: string; variables?: Record<string, unknown> };
    let document: DocumentNode;
    try {
      document = parse(query);
    } catch (error) {
      return { errors: [error] };
    }
    seen.push(query);
    const errors = [...validate(schema, document, rules), ...(repaired && !query.includes('__schema') ? tooMuch(document) : [])];
    if (errors.length > 0) return { errors };
    const isChange = getOperationAST(document)?.operation === OperationTypeNode.MUTATION;
    if (request.method === 'GET' && isChange && repaired) return { errors: [new GraphQLError('mutations need POST')] };
    return run(schema, document, shop.rootFor(request.headers.authorization ?? ''), variables);
  };

  const server: Server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://shop.test');
      if (url.pathname !== endpoint) return sendJson(response, 404, { error: 'no such page' });
      if (request.method === 'GET') {
        const query = url.searchParams.get('query');
        if (query === null) return sendJson(response, 400, { errors: [{ message: 'Must provide query string.' }] });
        return sendJson(response, 200, await one({ query }, request));
      }
      const payload: unknown = JSON.parse((await textOf(request)) || 'null');
      if (!Array.isArray(payload)) return sendJson(response, 200, await one(payload, request));
      if (repaired) return sendJson(response, 400, { errors: [{ message: 'batches are not taken' }] });
      return sendJson(response, 200, await Promise.all(payload.map((item) => one(item, request))));
    })();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sdl,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function run(
  schema: GraphQLSchema,
  document: DocumentNode,
  rootValue: object,
  variableValues: Record<string, unknown>,
): Promise<object> {
  return execute({ schema, document, rootValue, variableValues });
}

/** More than 15 fields of one name at the top, or more than eight levels. */
function tooMuch(document: DocumentNode): GraphQLError[] {
  let depth = 0;
  let deepest = 0;
  let top = 0;
  visit(document, {
    SelectionSet: { enter: () => void (deepest = Math.max(deepest, ++depth)), leave: () => void depth-- },
    Field: () => void (depth === 1 && top++),
  });
  return top > 15 || deepest > 8 ? [new GraphQLError('The query asks for too much.')] : [];
}

const globalId = (type: string, key: number): string => Buffer.from(`${type}:${key}`).toString('base64');
const keyOf = (type: string, id: string): number => Number(new RegExp(`^${type}:(\\d+)$`).exec(Buffer.from(id, 'base64').toString())?.[1]);

function shopState(repaired: boolean, refusal: NonNullable<GraphqlShopOptions['refusal']>): { rootFor: (authorization: string) => object } {
  const users: User[] = [];
  const orders: Order[] = [];
  const notes: Note[] = [];
  const tokens = new Map<string, User>();
  const issue = (user: User): string => {
    const token = `tok-${user.key}-${user.username.length}-4f81c2d09b7e55aa`;
    tokens.set(token, user);
    return token;
  };
  const shownUser = (user: User, as: User | undefined): object => ({
    __typename: 'User',
    id: globalId('User', user.key),
    username: user.username,
    email: !repaired || as === user ? user.email : null,
    isAdmin: user.isAdmin,
    role: user.role,
    internalScore: () => {
      throw new GraphQLError('Not for you.', { extensions: { code: 'FORBIDDEN' } });
    },
    passwordHash: '$2b$12$abcdefghijklmnopqrstuuJvXq1d0mVn3h0mK7yq0mVn3h0mK7yqO',
  });
  const shownOrder = (order: Order, as: User | undefined): object => ({
    __typename: 'Order',
    id: globalId('Order', order.key),
    product: order.product,
    remark: order.remark,
    customer: shownUser(order.owner, as),
  });
  const shownNote = (note: Note, as: User | undefined): object => ({ __typename: 'Note', ...note, author: shownUser(note.owner, as) });

  const rootFor = (authorization: string): object => {
    const me = tokens.get(authorization.replace('Bearer ', ''));
    const mine = (): User => {
      if (me) return me;
      throw new GraphQLError('You must be logged in.', { extensions: { code: 'UNAUTHENTICATED' } });
    };
    const may = (owner: User | undefined): boolean => mine() === owner || !repaired;
    /** What a caller gets who asks for something that is not there, or not theirs. */
    const deny = (isThere: boolean): null => {
      if (refusal === 'forbidden' && isThere) throw new GraphQLError('That is not yours.', { extensions: { code: 'FORBIDDEN' } });
      if (refusal === 'vague') throw new GraphQLError('Something went wrong.', { extensions: { code: 'INTERNAL_SERVER_ERROR' } });
      return null;
    };
    const orderOf = (id: string): Order | undefined => orders.find((order) => order.key === keyOf('Order', id));
    return {
      me: () => me && shownUser(me, me),
      user: ({ id }: { id: string }) => {
        const user = users.find(({ key }) => key === keyOf('User', id));
        return user && may(user) ? shownUser(user, me) : deny(!!user);
      },
      node: ({ id }: { id: string }) => {
        const order = orderOf(id);
        return mine() && order && may(order.owner) ? shownOrder(order, me) : deny(!!order);
      },
      order: ({ id }: { id: string }) => {
        const order = orderOf(id);
        return mine() && order && may(order.owner) ? shownOrder(order, me) : deny(!!order);
      },
      orders: () => {
        const own = orders.filter(({ owner }) => owner === mine());
        mine();
        return {
          edges: own.map((order) => ({ cursor: String(order.key), node: shownOrder(order, me) })),
          pageInfo: { hasNextPage: false },
        };
      },
      ordersOf: ({ userId }: { userId: string }) =>
        mine() && orders.filter(({ owner }) => owner.key === keyOf('User', userId) && may(owner)).map((order) => shownOrder(order, me)),
      note: ({ id }: { id: number }) => {
        const note = notes.find((candidate) => candidate.id === id);
        if (!mine() || !note || !may(note.owner)) return deny(!!note);
        return shownNote(note, me);
      },
      notes: () => notes.filter(({ owner }) => owner === mine()).map((note) => shownNote(note, me)),
      products: [
        { sku: 'tea-1', title: 'Green tea from the hills', price: 900 },
        { sku: 'cup-2', title: 'A cup without a handle', price: 1_500 },
      ],
      adminReport: () => {
        if (repaired && !mine().isAdmin) throw new GraphQLError('Admins only.', { extensions: { code: 'FORBIDDEN' } });
        return mine() && { revenue: 41_000, region: 'north' };
      },
      register: ({ input }: { input: Omit<User, 'key'> }) => {
        if (users.some(({ username }) => username === input.username)) throw new GraphQLError('The user name is already taken.');
        const user: User = { ...input, key: users.length + 1, isAdmin: !repaired && input.isAdmin };
        users.push({ ...user, isAdmin: user.isAdmin ?? false, role: repaired ? 'CUSTOMER' : (user.role ?? 'CUSTOMER') });
        const [made = user] = users.slice(-1);
        return { token: issue(made), user: shownUser(made, made) };
      },
      login: ({ username, password }: { username: string; password: string }) => {
        const user = users.find((candidate) => candidate.username === username && candidate.password === password);
        if (!user) throw new GraphQLError('Wrong user name or password: access denied.');
        return { token: issue(user), user: shownUser(user, user) };
      },
      logout: () => tokens.delete(authorization.replace('Bearer ', '')),
      createOrder: ({ input }: { input: { product: string; remark?: string } }) => {
        const order: Order = { key: orders.length + 1, owner: mine(), product: input.product, remark: input.remark ?? '' };
        orders.push(order);
        return shownOrder(order, me);
      },
      updateOrder: ({ id, input }: { id: string; input: { product: string; remark?: string } }) => {
        const order = orderOf(id);
        if (!mine() || !order || !may(order.owner)) return deny(!!order);
        Object.assign(order, { product: input.product, remark: input.remark ?? order.remark });
        return shownOrder(order, me);
      },
      deleteOrder: ({ id }: { id: string }) => {
        const order = orderOf(id);
        if (!order || order.owner !== mine()) throw new GraphQLError('No such order.', { extensions: { code: 'NOT_FOUND' } });
        orders.splice(orders.indexOf(order), 1);
        return true;
      },
      createNote: ({ title, text }: { title: string; text: string }) => {
        const note: Note = { id: 100 + notes.length + 1, owner: mine(), title, text };
        notes.push(note);
        return shownNote(note, me);
      },
      updateNote: ({ id, title, text }: { id: number; title?: string; text?: string }) => {
        const note = notes.find((candidate) => candidate.id === id);
        if (!note || note.owner !== mine()) return deny(!!note);
        Object.assign(note, { title: title ?? note.title, text: text ?? note.text });
        return shownNote(note, me);
      },
      deleteNote: ({ id }: { id: number }) => {
        const note = notes.find((candidate) => candidate.id === id);
        if (!mine() || !note || !may(note.owner)) return deny(!!note);
        notes.splice(notes.indexOf(note), 1);
        return shownNote(note, me);
      },
      deleteAllNotes: () => notes.splice(0).length > 0,
    };
  };
  return { rootFor };
}
