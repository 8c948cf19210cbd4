import { buildRequest, encodeBody } from '../model/build-request.ts';
import type { Header, Request } from '../model/http.ts';
import { escapePointer, withPointer, type Json } from '../model/json.ts';
import { plainName, wordsOf } from '../model/names.ts';
import type { Operation } from '../model/operation.ts';
import { isPrivilegedProperty } from '../model/privilege.ts';
import { fieldsOf, isIdentifying, plainText, roleOf, type Field, type Role } from './fields.ts';
import { isFreeText, valueFor, type Person } from './person.ts';

/** How a sign-up or log-in request is made, as learned from the answers so far. Says nothing of any account. */
export interface Plan {
  readonly mediaType: string;
  /** Leave out what is neither required nor about the account. */
  readonly sparse: boolean;
  /** Fields that the target asked for, by path. */
  readonly added: readonly (readonly string[])[];
  /** Fields that the target does not want, as plain names. */
  readonly removed: readonly string[];
}

/** A field as sent. */
export interface Sent {
  readonly path: readonly string[];
  readonly name: string;
  readonly role: Role | undefined;
  readonly place: Field['place'];
  readonly value: Json;
  /** It tells this account from others. */
  readonly own: boolean;
}

export interface Composed {
  readonly request: Request;
  readonly sent: readonly Sent[];
}

/** The media types to try for an operation, in order: those it takes, else JSON and a form. */
export function mediaTypesOf(operation: Operation): string[] {
  const known = (operation.body?.contents ?? []).map(({ mediaType }) => mediaType.toLowerCase().split(';', 1)[0] ?? '');
  const usable = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'].filter((type) => known.includes(type));
  const vendor = known.find((type) => type.endsWith('+json'));
  if (usable.length > 0) return usable;
  return vendor === undefined ? ['application/json', 'application/x-www-form-urlencoded'] : [vendor];
}

/** The plan to begin with. */
export function firstPlan(operation: Operation): Plan {
  return { mediaType: mediaTypesOf(operation)[0] ?? 'application/json', sparse: false, added: [], removed: [] };
}

const guesses: readonly Field[] = ['username', 'email', 'password'].map((name) => ({
  path: [name],
  name,
  schema: plainText,
  required: true,
  role: roleOf(name),
  place: 'body',
}));

/** The sign-up of a person. `extra` goes into the object that holds the user name or address. */
export function composeSignUp(
  origin: string,
  operation: Operation,
  plan: Plan,
  person: Person,
  extra: Readonly<Record<string, Json>> = {},
): Composed {
  const described = fieldsOf(operation);
  const fields = described.length === 0 ? guesses : wantedFields(described, plan);
  const added = plan.added.map((path): Field => ({
    path,
    name: path.at(-1) ?? '',
    schema: plainText,
    required: true,
    role: roleOf(path.at(-1) ?? ''),
    place: 'body',
  }));
  const sent = [...fields, ...added]
    .filter(({ name }) => !plan.removed.includes(plainName(name)))
    .map((field): Sent => ({ ...withoutSchema(field), ...valueFor(field, person) }));
  return { request: requestFor(origin, operation, plan.mediaType, sent, { home: homeOf(sent), extra }), sent };
}

/** Where the account stands in the body: the object with the user name or address. */
export function homeOf(sent: readonly Sent[]): readonly string[] {
  const inBody = sent.filter(({ place }) => place === 'body');
  const known = inBody.find(({ role }) => isIdentifying(role)) ?? inBody.find(({ role }) => role === 'password');
  return known?.path.slice(0, -1) ?? [];
}

/** A request of fields, each at its place, in a media type. */
export function requestFor(
  origin: string,
  operation: Operation,
  mediaType: string,
  sent: readonly Sent[],
  { home, extra }: { home: readonly string[]; extra: Readonly<Record<string, Json>> } = { home: [], extra: {} },
): Request {
  const named = (place: Field['place']): Record<string, string> =>
    Object.fromEntries(sent.filter((field) => field.place === place).map(({ name, value }) => [name, textOf(value)]));
  const request = buildRequest(origin, operation, { query: named('query'), header: named('header') });
  const inBody = sent.filter(({ place }) => place === 'body');
  if (inBody.length === 0 && Object.keys(extra).length === 0) return request;
  const more = Object.entries(extra).map(([name, value]) => ({ path: [...home, name], value }));
  const body = [...inBody, ...more].reduce<Json>((value, field) => withPointer(value, pointerOf(field.path), field.value), {});
  if (operation.graphql) return buildRequest(origin, operation, { query: named('query'), header: named('header'), body });
  const { type, text } = encodeBody(body, mediaType);
  const headers: Header[] = [...request.headers, ['content-type', type]];
  return { ...request, headers, body: text };
}

/** What is told of the account by what was sent: its own values, without the password. */
export function factsOfSent(sent: readonly Sent[]): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const { name, role, value, own } of sent) {
    if (own && role !== 'password' && !Object.hasOwn(facts, name)) facts[name] = textOf(value);
  }
  return facts;
}

/** The password sent; '' when there was none. */
export function passwordOf(sent: readonly Sent[]): string {
  const field = sent.find(({ role }) => role === 'password');
  return field ? textOf(field.value) : '';
}

function wantedFields(fields: readonly Field[], plan: Plan): Field[] {
  // Descriptions often forget `required` on the object around the account, so an object with account fields is filled.
  const alive = new Set(fields.filter(({ role }) => role === 'password' || isIdentifying(role)).map(parentOf));
  return fields.filter((field) => {
    if (field.place === 'header') return field.required && !/^(?:authorization|cookie|content-type|accept)$/i.test(field.name);
    if (field.required) return true;
    if (isPrivilegedProperty(field.name)) return false;
    if (field.place === 'query') return field.role === 'password' || isIdentifying(field.role);
    if (!alive.has(parentOf(field)) && parentOf(field) !== '') return false;
    if (field.role === 'password' || isIdentifying(field.role) || field.role === 'terms') return true;
    return !plan.sparse && (field.role !== undefined || (isFreeText(field.schema) && !isDelicate(field.name)));
  });
}

const delicateWords = new Set(
  (
    'id code captcha otp token referral referrer invite invitation coupon promo image avatar photo picture url link ' +
    'website key secret device date time lang language locale timezone currency status type'
  ).split(' '),
);

// Optional text that a made-up value would most likely make invalid.
function isDelicate(name: string): boolean {
  return wordsOf(name).some((word) => delicateWords.has(word));
}

function parentOf({ path }: Field): string {
  return pointerOf(path.slice(0, -1));
}

function pointerOf(path: readonly string[]): string {
  return path.map((token) => `/${escapePointer(token)}`).join('');
}

function withoutSchema({ path, name, role, place }: Field): Pick<Sent, 'path' | 'name' | 'role' | 'place'> {
  return { path, name, role, place };
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
