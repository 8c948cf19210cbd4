import { createHmac, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { isObject, parseJson, type JsonObject } from '../model/json.ts';

/** Somebody with an account at the shop. */
export interface Customer {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly role: string;
}

export interface Order {
  readonly id: number;
  readonly owner: string;
  item: string;
  quantity: number;
  delivery_note: string;
}

export interface Address {
  readonly id: number;
  readonly owner: string;
  readonly street: string;
  readonly city: string;
}

/** All that one running shop knows. Nothing of it outlives the process. */
export interface Shop {
  readonly customers: Customer[];
  readonly orders: Order[];
  readonly addresses: Address[];
  readonly nextId: () => number;
  /** Signs the tokens of this instance. */
  readonly secret: Buffer;
}

/** A shop on an ordinary day: an administrator, a customer, an order. */
export function openShop(): Shop {
  let last = 1000;
  const shop: Shop = { customers: [], orders: [], addresses: [], nextId: () => ++last, secret: randomBytes(32) };
  const anyPassword = (): string => randomBytes(12).toString('base64url');
  enlist(shop, { username: 'olga', email: 'olga@shop.example', password: anyPassword(), role: 'admin' });
  enlist(shop, { username: 'maria', email: 'maria@mail.example', password: anyPassword(), role: 'customer' });
  shop.orders.push({ id: shop.nextId(), owner: 'maria', item: 'Tea set', quantity: 1, delivery_note: 'Ring twice, the bell is weak' });
  return shop;
}

/** Adds an account. */
export function enlist(shop: Shop, account: { username: string; email: string; password: string; role: string }): Customer {
  const { username, email, password, role } = account;
  const customer = { id: shop.nextId(), username, email, passwordHash: hashOf(password, randomBytes(8).toString('hex')), role };
  shop.customers.push(customer);
  return customer;
}

export function hasPassword({ passwordHash }: Customer, password: string): boolean {
  const salt = passwordHash.split('$')[1] ?? '';
  return timingSafeEqual(Buffer.from(hashOf(password, salt)), Buffer.from(passwordHash));
}

// Weak on purpose, so that the demo starts at once: a real shop takes the defaults of its library.
function hashOf(password: string, salt: string): string {
  return `scrypt:1024:8:1$${salt}$${scryptSync(password, salt, 32, { N: 1024 }).toString('hex')}`;
}

/** A token as a JWT, for a quarter of an hour. */
export function tokenFor(shop: Shop, { username }: Customer): string {
  const claims = { sub: username, exp: Math.floor(Date.now() / 1000) + 900 };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${signatureOf(shop, signed)}`;
}

/** Whose token it is. `believesAlgorithm` is the classic mistake: the token itself says whether it is signed. */
export function bearerOf(shop: Shop, authorization: string, believesAlgorithm: boolean): Customer | undefined {
  const [header = '', payload = '', signature = ''] = authorization.replace(/^Bearer /i, '').split('.');
  const claims = decode(payload);
  const unsigned = believesAlgorithm && String(decode(header)?.['alg']).toLowerCase() === 'none';
  const isFresh = Number(claims?.['exp']) > Date.now() / 1000;
  if (!isFresh || !(unsigned || signature === signatureOf(shop, `${header}.${payload}`))) return undefined;
  return shop.customers.find((customer) => customer.username === claims?.['sub']);
}

function signatureOf(shop: Shop, signed: string): string {
  return createHmac('sha256', shop.secret).update(signed).digest('base64url');
}

function encode(part: JsonObject): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function decode(part: string): JsonObject | undefined {
  const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  return isObject(value) ? value : undefined;
}
