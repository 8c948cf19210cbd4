import { createHash } from 'node:crypto';
import type { Answer, Header, Request, Send } from '../model/http.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../model/json.ts';
import type { Operation, Parameter, SecurityScheme, Surface } from '../model/operation.ts';
import type { Schema } from '../model/schema.ts';
import { plainText } from './fields.ts';

/** A schema from property names: `{email: {format: 'email'}}`, `required` listed or all. */
export function shape(
  properties: Readonly<Record<string, Partial<Schema>>>,
  required: readonly string[] = Object.keys(properties),
): Schema {
  const entries = Object.entries(properties).map(([name, partial]): [string, Schema] => [name, { ...plainText, ...partial }]);
  return { ...plainText, types: ['object'], properties: new Map(entries), required: new Set(required) };
}

export interface OperationLiteral {
  readonly summary?: string;
  readonly operationId?: string;
  readonly body?: Schema;
  readonly mediaType?: string;
  readonly parameters?: readonly Parameter[];
  readonly security?: Operation['security'];
}

/** An operation as a description would give it. */
export function operation(method: string, path: string, literal: OperationLiteral = {}): Operation {
  const { body, mediaType = 'application/json', parameters = [], security, ...texts } = literal;
  return {
    id: `${method} ${path}`,
    method,
    path,
    tags: [],
    deprecated: false,
    parameters,
    responses: [],
    links: [],
    source: { kind: 'openapi', document: 'test' },
    ...texts,
    ...(security === undefined ? {} : { security }),
    ...(body === undefined ? {} : { body: { required: true, contents: [{ mediaType, schema: body, examples: [] }] } }),
  };
}

export function surface(operations: readonly Operation[], securitySchemes: Readonly<Record<string, SecurityScheme>> = {}): Surface {
  return { origin: 'http://target.test', operations, securitySchemes, notes: [] };
}

export const bearerScheme: Readonly<Record<string, SecurityScheme>> = { bearer: { kind: 'http', scheme: 'bearer' } };
export const secured = [{ bearer: [] }];

/** A request as a server sees it. */
export interface Seen {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly json: JsonObject;
  readonly form: URLSearchParams;
  readonly cookies: Readonly<Record<string, string>>;
}

export interface Told {
  readonly status: number;
  readonly json?: Json;
  readonly text?: string;
  readonly headers?: readonly Header[];
}

export interface Target {
  readonly send: Send;
  /** `POST /register`, in the order received. */
  readonly seen: Seen[];
  readonly count: (id: string) => number;
}

/** A server in memory. `clock`: milliseconds. */
export function target(handle: (seen: Seen) => Told | Promise<Told>, clock: () => number = () => 1_000_000): Target {
  const seen: Seen[] = [];
  const send = async (request: Request): Promise<Answer> => {
    const view = viewOf(request);
    seen.push(view);
    const { status, json, text, headers = [] } = await handle(view);
    const type: Header = ['Content-Type', json === undefined ? 'text/html' : 'application/json'];
    const body = json === undefined ? (text ?? '') : JSON.stringify(json);
    const response = { status, headers: [type, ...headers], body, bytes: body.length, truncated: false };
    return { kind: 'exchange', request, response, startedAt: clock(), ms: 1 };
  };
  return { send, seen, count: (id) => seen.filter((one) => one.id === id).length };
}

function viewOf({ method, path, headers, body = '' }: Request): Seen {
  const url = new URL(path, 'http://target.test');
  const named = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const json = /json/.test(named['content-type'] ?? '') ? parseJson(body) : undefined;
  const form = new URLSearchParams(/urlencoded/.test(named['content-type'] ?? '') ? body : '');
  const cookies = Object.fromEntries((named['cookie'] ?? '').split('; ').map((pair) => pair.split('=', 2)));
  return { id: `${method} ${url.pathname}`, headers: named, query: url.searchParams, json: isObject(json) ? json : {}, form, cookies };
}

/** Tokens as a scan makes them. */
export function tokenOf(salt: string): string {
  const digest = createHash('sha256').update(salt).digest('hex');
  return `m${BigInt(`0x${digest.slice(0, 24)}`)
    .toString(36)
    .padStart(11, '0')
    .slice(-11)}`;
}

/** An unsigned JWT: enough for whoever only reads it. */
export function jwt(claims: JsonObject): string {
  const part = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}
