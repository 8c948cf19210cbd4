import { forbidden, missing, unauthorized, type Routes } from './route.ts';
import { cancelOrder, changeOrder, invoice, ordersOf, profile, register, sales, shown, soundRoutes, withoutOwner } from './sound-routes.ts';

type Name = keyof typeof soundRoutes;

/** A route that is described as the sound one, and does something else. */
function instead(name: Name, reply: Routes[string]['reply']): Routes {
  const sound = soundRoutes[name];
  return sound ? { [name]: { ...sound, reply } } : {};
}

/** The shop as it is too often: each route has a mistake that is found in real ones. */
export const flawedRoutes: Routes = {
  ...soundRoutes,
  // Mass assignment: the request says which role the account has.
  ...instead('POST /register', (visit) => register(visit, typeof visit.body['role'] === 'string' ? visit.body['role'] : 'customer')),
  // The stored document goes out as it is.
  ...instead('GET /me', ({ me }) => (me ? { status: 200, body: { ...profile(me), password_hash: me.passwordHash } } : unauthorized)),
  // Orders are loaded by id alone: whoever is logged in reads, changes and cancels those of others.
  ...instead('GET /orders/{order_id}', ({ me, order }) => (!me ? unauthorized : order ? { status: 200, body: shown(order) } : missing)),
  ...instead('PUT /orders/{order_id}', (visit) => (!visit.me ? unauthorized : visit.order ? changeOrder(visit, visit.order) : missing)),
  ...instead('DELETE /orders/{order_id}', (visit) => (!visit.me ? unauthorized : visit.order ? cancelOrder(visit, visit.order) : missing)),
  // The decorator that asks for a token was forgotten.
  ...instead('GET /orders/{order_id}/invoice', ({ order }) => (order ? invoice(order) : missing)),
  // The customer of the path is not compared with the caller.
  ...instead('GET /customers/{username}/orders', ({ me, path, shop }) => (me ? ordersOf(shop.orders, path['username']) : unauthorized)),
  // Refusals in different words tell which addresses exist.
  ...instead('GET /addresses/{address_id}', ({ me, address }) =>
    !me ? unauthorized : !address ? missing : address.owner === me.username ? { status: 200, body: withoutOwner(address) } : forbidden,
  ),
  // A token is asked for, the role is not.
  ...instead('GET /admin/sales', (visit) => (visit.me ? sales(visit) : unauthorized)),
};
