import type { Reply } from '../model/example.ts';
import type { JsonObject } from '../model/json.ts';
import { forbidden, list, missing, noContent, record, text, unauthorized, whole, type Routes, type Visit } from './route.ts';
import { enlist, hasPassword, tokenFor, type Customer, type Order } from './shop.ts';

const credentials = { username: text, password: text };
export const account = { username: text, email: { type: 'string', format: 'email' }, password: text };
const orderBody = { item: text, quantity: { type: 'integer', minimum: 1 }, delivery_note: text };
const orderShape = record({ id: whole, ...orderBody });
const addressBody = { street: text, city: text };
const addressShape = record({ id: whole, ...addressBody });
const profileShape = record({ id: whole, username: text, email: text, role: text });

/** The shop as it should be: everything but registration and log-in needs a token, and is about the caller's own things. */
export const soundRoutes: Routes = {
  'GET /': {
    summary: 'What this is',
    secured: false,
    reply: () => ({ status: 200, body: { name: 'Corner Shop API', documentation: '/openapi.json' } }),
  },
  'POST /register': { summary: 'Open an account', secured: false, body: account, reply: (visit) => register(visit, 'customer') },
  'POST /login': { summary: 'Log in', secured: false, body: credentials, returns: record({ access_token: text }), reply: logIn },
  'GET /me': {
    summary: 'My account',
    secured: true,
    returns: profileShape,
    reply: ({ me }) => (me ? { status: 200, body: profile(me) } : unauthorized),
  },
  'GET /orders': {
    summary: 'My orders',
    secured: true,
    returns: list(orderShape),
    reply: ({ me, shop }) => ordersOf(shop.orders, me?.username),
  },
  'POST /orders': { summary: 'Place an order', secured: true, body: orderBody, returns: orderShape, reply: placeOrder },
  'GET /orders/{order_id}': {
    summary: 'One of my orders',
    secured: true,
    returns: orderShape,
    reply: (visit) => own(visit, (order) => ({ status: 200, body: shown(order) })),
  },
  'PUT /orders/{order_id}': {
    summary: 'Change an order',
    secured: true,
    body: orderBody,
    returns: orderShape,
    reply: (visit) => own(visit, (order) => changeOrder(visit, order)),
  },
  'DELETE /orders/{order_id}': {
    summary: 'Cancel an order',
    secured: true,
    reply: (visit) => own(visit, (order) => cancelOrder(visit, order)),
  },
  'GET /orders/{order_id}/invoice': { summary: 'The invoice of an order', secured: true, reply: (visit) => own(visit, invoice) },
  'GET /customers/{username}/orders': {
    summary: 'The orders of a customer',
    secured: true,
    returns: list(orderShape),
    reply: ({ me, path, shop }) => (me && me.username !== path['username'] ? missing : ordersOf(shop.orders, me?.username)),
  },
  'GET /addresses': {
    summary: 'My addresses',
    secured: true,
    returns: list(addressShape),
    reply: ({ me, shop }) =>
      me ? { status: 200, body: shop.addresses.filter(({ owner }) => owner === me.username).map(withoutOwner) } : unauthorized,
  },
  'POST /addresses': { summary: 'Add an address', secured: true, body: addressBody, returns: addressShape, reply: addAddress },
  'GET /addresses/{address_id}': {
    summary: 'One of my addresses',
    secured: true,
    returns: addressShape,
    reply: ({ me, address }) =>
      !me ? unauthorized : address?.owner === me.username ? { status: 200, body: withoutOwner(address) } : missing,
  },
  'DELETE /addresses/{address_id}': { summary: 'Remove an address', secured: true, reply: removeAddress },
  'GET /admin/sales': {
    summary: 'Sales figures, for administrators only',
    secured: true,
    reply: (visit) => (!visit.me ? unauthorized : visit.me.role === 'admin' ? sales(visit) : forbidden),
  },
};

/** Opens an account with a role that the caller of this function decides. */
export function register({ shop, body }: Visit, role: string): Reply {
  const { username, email, password } = body;
  if (typeof username !== 'string' || typeof email !== 'string' || typeof password !== 'string')
    return { status: 400, body: { error: 'username, email and password are required' } };
  if (password.length < 8) return { status: 400, body: { error: 'a password has eight characters or more' } };
  if (shop.customers.some((customer) => customer.username === username)) return { status: 409, body: { error: 'this username is taken' } };
  const { id } = enlist(shop, { username, email, password, role });
  return { status: 201, body: { id, username } };
}

function logIn({ shop, body }: Visit): Reply {
  const customer = shop.customers.find(({ username }) => username === body['username']);
  return customer && hasPassword(customer, String(body['password']))
    ? { status: 200, body: { access_token: tokenFor(shop, customer) } }
    : { status: 401, body: { error: 'wrong username or password' } };
}

/** The account as its owner sees it. */
export function profile({ id, username, email, role }: Customer): JsonObject {
  return { id, username, email, role };
}

/** The orders of one customer; nobody's without a caller. */
export function ordersOf(orders: readonly Order[], username: string | undefined): Reply {
  return username === undefined ? unauthorized : { status: 200, body: orders.filter(({ owner }) => owner === username).map(shown) };
}

function own({ me, order }: Visit, reply: (order: Order) => Reply): Reply {
  if (!me) return unauthorized;
  return order?.owner === me.username ? reply(order) : missing;
}

function placeOrder({ shop, me, body }: Visit): Reply {
  if (!me) return unauthorized;
  if (typeof body['item'] !== 'string') return { status: 400, body: { error: 'item is required' } };
  const order = {
    id: shop.nextId(),
    owner: me.username,
    item: body['item'],
    quantity: Number(body['quantity'] ?? 1),
    delivery_note: String(body['delivery_note'] ?? ''),
  };
  shop.orders.push(order);
  return { status: 201, body: shown(order) };
}

/** Applies what the request says to the order. */
export function changeOrder({ body }: Visit, order: Order): Reply {
  order.item = String(body['item'] ?? order.item);
  order.quantity = Number(body['quantity'] ?? order.quantity);
  order.delivery_note = String(body['delivery_note'] ?? order.delivery_note);
  return { status: 200, body: shown(order) };
}

export function cancelOrder({ shop }: Visit, order: Order): Reply {
  shop.orders.splice(shop.orders.indexOf(order), 1);
  return noContent;
}

export function shown({ id, item, quantity, delivery_note }: Order): JsonObject {
  return { id, item, quantity, delivery_note };
}

export function invoice({ id, owner, item, quantity, delivery_note }: Order): Reply {
  const lines = [{ item, quantity, price_cents: 1900 * quantity }];
  return { status: 200, body: { number: `R-${id}`, billed_to: owner, lines, delivery_note } };
}

function addAddress({ shop, me, body }: Visit): Reply {
  if (!me) return unauthorized;
  const address = { id: shop.nextId(), owner: me.username, street: String(body['street'] ?? ''), city: String(body['city'] ?? '') };
  shop.addresses.push(address);
  return { status: 201, body: withoutOwner(address) };
}

function removeAddress({ shop, me, address }: Visit): Reply {
  if (!me) return unauthorized;
  if (address?.owner !== me.username) return missing;
  shop.addresses.splice(shop.addresses.indexOf(address), 1);
  return noContent;
}

/** An address as answers show it. */
export function withoutOwner({ id, street, city }: { readonly id: number; readonly street: string; readonly city: string }): JsonObject {
  return { id, street, city };
}

export function sales({ shop }: Visit): Reply {
  const sold = shop.orders.reduce((sum, order) => sum + order.quantity, 0);
  return { status: 200, body: { year: 2025, items_sold: 4200 + sold, revenue_cents: 7_980_000, best_seller: 'Tea set' } };
}
