import type { ExampleApi, Reply } from '../model/example.ts';
import { headerOf, type Request } from '../model/http.ts';
import { isObject, parseJson } from '../model/json.ts';
import { describeShop } from './description.ts';
import { flawedRoutes } from './flawed-routes.ts';
import { missing, type Route, type Routes } from './route.ts';
import { bearerOf, openShop, type Shop } from './shop.ts';
import { soundRoutes } from './sound-routes.ts';

/** A small shop with the mistakes of real ones: what `middlebrick demo` scans. */
export const vulnerableShop: ExampleApi = {
  title: 'A corner shop that loads orders by id alone, and more',
  description: describeShop(flawedRoutes),
  start: () => open(flawedRoutes, true),
};

/** The same shop with every mistake mended: what `middlebrick demo --repaired` scans. */
export const repairedShop: ExampleApi = {
  title: 'The corner shop, repaired',
  description: describeShop(soundRoutes),
  start: () => open(soundRoutes, false),
};

function open(routes: Routes, believesAlgorithm: boolean): (request: Request) => Reply {
  const shop = openShop();
  return (request) => {
    const found = find(routes, request);
    return found ? found.route.reply({ ...visitOf(shop, request, found.path), me: callerOf(shop, request, believesAlgorithm) }) : missing;
  };
}

function callerOf(shop: Shop, request: Request, believesAlgorithm: boolean): ReturnType<typeof bearerOf> {
  return bearerOf(shop, headerOf(request.headers, 'authorization') ?? '', believesAlgorithm);
}

function visitOf(shop: Shop, request: Request, path: Readonly<Record<string, string>>): Omit<Parameters<Route['reply']>[0], 'me'> {
  const body = parseJson(request.body ?? '');
  return {
    shop,
    path,
    body: isObject(body) ? body : {},
    order: shop.orders.find((order) => String(order.id) === path['order_id']),
    address: shop.addresses.find((address) => String(address.id) === path['address_id']),
  };
}

function find(routes: Routes, request: Request): { route: Route; path: Readonly<Record<string, string>> } | undefined {
  const [asked = ''] = request.path.split('?');
  for (const [name, route] of Object.entries(routes)) {
    const [method, template = ''] = name.split(' ');
    const path = method === request.method ? match(template, asked) : undefined;
    if (path) return { route, path };
  }
  return undefined;
}

function match(template: string, asked: string): Readonly<Record<string, string>> | undefined {
  const segments = template.split('/');
  const given = asked.split('/');
  if (segments.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith('{')) values[segment.slice(1, -1)] = decoded(value);
    else if (segment !== value) return undefined;
  }
  return values;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
