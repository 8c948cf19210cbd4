import { z } from 'zod';
import type { Header } from '../model/http.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../model/json.ts';
import { UserError } from '../model/user-error.ts';
import { headerCredential, secretsOf } from './credentials.ts';
import type { DeclaredIdentity, DeclaredLogIn, LogInBody, Placement, TokenUse } from './declared-identity.ts';
import { factsOfToken, factsSent } from './facts.ts';

// Web Fuzzing Commons, schema `auth.yaml`: the fields of version 0.1 (`extractFromField`, `httpHeaderName`, …) and of
// the later ones (`extractFrom`, `sendIn`, …). Unknown fields are let through, as the format still grows.
const header = z.object({ name: z.string(), value: z.string() });
const token = z.object({
  extractFrom: z.enum(['body', 'header']).optional(),
  extractSelector: z.string().optional(),
  sendIn: z.enum(['header', 'query']).optional(),
  sendName: z.string().optional(),
  sendTemplate: z.string().optional(),
  extractFromField: z.string().optional(),
  extractFromHeader: z.string().optional(),
  httpHeaderName: z.string().optional(),
  headerPrefix: z.string().optional(),
  headerPostfix: z.string().optional(),
});
const logIn = z.object({
  endpoint: z.string().optional(),
  externalEndpointURL: z.string().optional(),
  payloadRaw: z.string().optional(),
  payloadUserPwd: z.object({ username: z.string(), password: z.string(), usernameField: z.string(), passwordField: z.string() }).optional(),
  headers: z.array(header).optional(),
  verb: z.enum(['POST', 'GET', 'PATCH', 'DELETE', 'PUT']).default('POST'),
  contentType: z.string().optional(),
  token: token.optional(),
  expectCookies: z.boolean().optional(),
});
const entry = z.object({
  name: z.string().min(1),
  fixedHeaders: z.array(header).optional(),
  loginEndpointAuth: logIn.optional(),
  createUsers: z.unknown().optional(),
});
type WfcLogIn = z.infer<typeof logIn>;

/** True for a Web Fuzzing Commons file: a map with a list `auth`. */
export function isWfc(value: Json): value is JsonObject {
  return isObject(value) && Array.isArray(value['auth']);
}

/** The identities of a Web Fuzzing Commons `auth.yaml`, the template merged into each. Throws `UserError`. */
export function identitiesOfWfc(value: JsonObject, location: string): DeclaredIdentity[] {
  const template = isObject(value['authTemplate']) ? value['authTemplate'] : {};
  const list = Array.isArray(value['auth']) ? (value['auth'] as readonly Json[]) : [];
  if (list.length === 0) throw failure(location, 'auth lists no identity');
  return list.map((item, index) => {
    const parsed = entry.safeParse(merge(template, item));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw failure(location, `auth[${index}]${issue ? `.${issue.path.map(String).join('.')}: ${issue.message}` : ' cannot be read'}`);
    }
    return declaredOf(parsed.data, location);
  });
}

function merge(template: JsonObject, item: Json): Json {
  if (!isObject(item)) return item;
  const merged: Record<string, Json> = { ...template };
  for (const [name, value] of Object.entries(item)) {
    const below = template[name];
    merged[name] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return merged;
}

function declaredOf(item: z.infer<typeof entry>, location: string): DeclaredIdentity {
  const { name } = item;
  const also = (item.fixedHeaders ?? []).map(({ name: header, value }): Header => [header, value]);
  if (item.createUsers !== undefined)
    throw failure(location, `"${name}" uses createUsers, which is not read; leave identities out to have accounts signed up`);
  if (item.loginEndpointAuth) {
    const declared = logInOf(item.loginEndpointAuth, also, name, location);
    const facts = declared.body?.kind === 'structured' ? factsSent(declared.body.value) : {};
    return { name, source: 'file', facts, means: { kind: 'log-in', logIn: declared } };
  }
  if (also.length === 0) throw failure(location, `"${name}" has neither fixedHeaders nor loginEndpointAuth`);
  const credential = headerCredential(also);
  const facts = Object.fromEntries(secretsOf(credential).flatMap((secret) => Object.entries(factsOfToken(secret))));
  return { name, source: 'file', facts, means: { kind: 'fixed', credential, secrets: secretsOf(credential) } };
}

function logInOf(item: WfcLogIn, also: readonly Header[], name: string, location: string): DeclaredLogIn {
  const { endpoint, externalEndpointURL: external } = item;
  if ((endpoint === undefined) === (external === undefined))
    throw failure(location, `"${name}" needs exactly one of endpoint and externalEndpointURL`);
  if (external !== undefined && !URL.canParse(external)) throw failure(location, `"${name}": externalEndpointURL is not a URL`);
  const url = external === undefined ? undefined : new URL(external);
  const body = bodyOf(item);
  return {
    method: item.verb,
    ...(url ? { origin: url.origin } : {}),
    path: url ? url.pathname + url.search : `/${endpoint?.replace(/^\/+/, '') ?? ''}`,
    headers: (item.headers ?? []).map(({ name: header, value }): Header => [header, value]),
    ...(body ? { body } : {}),
    use: useOf(item, also, name, location),
  };
}

function bodyOf(item: WfcLogIn): LogInBody | undefined {
  const { payloadRaw: raw, payloadUserPwd: pair, contentType } = item;
  if (pair) {
    const value = { [pair.usernameField]: pair.username, [pair.passwordField]: pair.password };
    return { kind: 'structured', mediaType: contentType ?? 'application/json', value };
  }
  if (raw === undefined) return undefined;
  const mediaType = contentType ?? 'application/json';
  if (mediaType.startsWith('application/x-www-form-urlencoded'))
    return { kind: 'structured', mediaType, value: Object.fromEntries(new URLSearchParams(raw)) };
  const value = parseJson(raw);
  return isObject(value) ? { kind: 'structured', mediaType, value } : { kind: 'raw', mediaType, text: raw };
}

function useOf(item: WfcLogIn, also: readonly Header[], name: string, location: string): TokenUse {
  const found = item.token;
  if (!found) {
    if (item.expectCookies !== true) throw failure(location, `"${name}" needs token or expectCookies: true`);
    return { keepCookies: true, also };
  }
  const send = placementOf(found);
  const keepCookies = item.expectCookies === true;
  const fromHeader = found.extractFrom === 'header' ? found.extractSelector : found.extractFromHeader;
  if (fromHeader !== undefined) return { token: { extract: { from: 'header', name: fromHeader }, send }, keepCookies, also };
  const pointer = found.extractSelector ?? found.extractFromField;
  if (pointer === undefined) throw failure(location, `"${name}": token does not say where it stands in the answer`);
  return { token: { extract: { from: 'body', pointer: pointer.startsWith('/') ? pointer : `/${pointer}` }, send }, keepCookies, also };
}

function placementOf(found: z.infer<typeof token>): Placement {
  const place = found.sendIn ?? 'header';
  const name = found.sendName ?? found.httpHeaderName ?? 'Authorization';
  if (found.sendTemplate === undefined) return { in: place, name, before: found.headerPrefix ?? '', after: found.headerPostfix ?? '' };
  const [before = '', ...after] = found.sendTemplate.split('{token}');
  return { in: place, name, before, after: after.join('{token}') };
}

function failure(location: string, message: string): UserError {
  return new UserError('identities-invalid', `${location}: ${message}`, { hint: 'The file is read as Web Fuzzing Commons auth.yaml.' });
}
