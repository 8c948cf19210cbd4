import type { Reply } from '../model/example.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Address, Customer, Order, Shop } from './shop.ts';

/** What a route of the shop works with. */
export interface Visit {
  readonly shop: Shop;
  /** The caller; `undefined` when anonymous. */
  readonly me: Customer | undefined;
  readonly path: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  /** The order that the path names. */
  readonly order: Order | undefined;
  /** The address that the path names. */
  readonly address: Address | undefined;
}

/** A route: what the description says of it, and what it does. */
export interface Route {
  readonly summary: string;
  /** Whether the description says that it needs a token. */
  readonly secured: boolean;
  readonly body?: Readonly<Record<string, Json>>;
  readonly returns?: Json;
  readonly reply: (visit: Visit) => Reply;
}

/** `GET /orders/{order_id}` → route. */
export type Routes = Readonly<Record<string, Route>>;

export const missing: Reply = { status: 404, body: { error: 'not found' } };
export const unauthorized: Reply = { status: 401, body: { error: 'missing or invalid token' } };
export const forbidden: Reply = { status: 403, body: { error: 'forbidden' } };
export const noContent: Reply = { status: 204 };

export const text = { type: 'string' } as const;
export const whole = { type: 'integer' } as const;

/** An object schema in which every property is required. */
export function record(properties: Readonly<Record<string, Json>>): Json {
  return { type: 'object', required: Object.keys(properties), properties: { ...properties } };
}

export function list(items: Json): Json {
  return { type: 'array', items };
}
