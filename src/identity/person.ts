import type { Json } from '../model/json.ts';
import { sampleOf } from '../model/sample.ts';
import type { Schema } from '../model/schema.ts';
import type { Field } from './fields.ts';

/** A made-up person: values of its own for one account, the same for the same salt. */
export interface Person {
  readonly salt: string;
  readonly username: string;
  readonly email: string;
  /** 16 characters, of every class, unlike any other account's: it is also a planted secret. */
  readonly password: string;
  /** E.164. */
  readonly phone: string;
  /** A token for a field. */
  readonly token: (field: string) => string;
}

/** The person of a salt. `token`: lower-case letters and digits, the first a letter. */
export function personOf(token: (salt: string) => string, salt: string): Person {
  const of = (field: string): string => token(`${salt}/${field}`);
  const digits = [...of('phone')].map((character) => character.charCodeAt(0) % 10).join('');
  return {
    salt,
    username: of('username'),
    // A plain local part: strict patterns for addresses are common.
    email: `${of('email')}@example.com`,
    password: `Mb1!${(of('password') + of('password/more')).slice(0, 12)}`,
    phone: `+1555${digits.slice(0, 7).padEnd(7, '0')}`,
    token: of,
  };
}

/** A value for a field. `own`: it tells this account from others. */
export interface Value {
  readonly value: Json;
  readonly own: boolean;
}

/** The person's value for a field. Example values of the description are never taken. */
export function valueFor(field: Pick<Field, 'path' | 'name' | 'schema' | 'role'>, person: Person): Value {
  const { schema, role, name } = field;
  const numeric = schema.types.includes('integer') || schema.types.includes('number');
  if (schema.enum && schema.enum.length > 0 && role !== 'grant') return shared(sampled(schema, name, person));
  switch (role) {
    case 'username':
      if (numeric) return own(Number(person.phone.slice(2)));
      return own(fitText([person.username, lettersOf(person.username), person.phone.slice(1)], schema));
    case 'email':
      return own(person.email);
    case 'password':
      return own(passwordFor(schema, person));
    case 'phone':
      if (numeric) return own(Number(person.phone.slice(2)));
      return own(fitText([person.phone, person.phone.slice(1), person.phone.slice(2), `0${person.phone.slice(2)}`], schema));
    case 'name': {
      const token = person.token(field.path.join('.'));
      return own(fitText([token, lettersOf(token), capitalised(lettersOf(token))], schema));
    }
    case 'birthdate':
      return shared(schema.format === 'date-time' ? '1990-01-01T00:00:00Z' : '1990-01-01');
    case 'country':
      return shared((schema.maxLength ?? 99) < 3 || schema.pattern !== undefined ? 'US' : 'United States');
    case 'terms':
      return shared(schema.types.includes('string') ? 'true' : true);
    case 'grant':
      return shared('password');
    case undefined:
      return unrecognised(field, person);
  }
}

function unrecognised({ schema, name, path }: Pick<Field, 'path' | 'name' | 'schema'>, person: Person): Value {
  if (isFreeText(schema) && /^(?:zip|postal|postcode|plz)/i.test(name)) return shared('12345');
  if (!isFreeText(schema)) return shared(/^age$/i.test(name) ? 33 : sampled(schema, name, person));
  return own(fitText([person.token(path.join('.')), lettersOf(person.token(path.join('.')))], schema));
}

/** True for text without a prescribed form. */
export function isFreeText(schema: Schema): boolean {
  const textual =
    schema.types.length === 0
      ? schema.properties.size === 0 && !schema.items && schema.variants.length === 0
      : schema.types.includes('string');
  return (
    textual &&
    !schema.enum &&
    schema.const === undefined &&
    schema.format === undefined &&
    schema.pattern === undefined &&
    (schema.maxLength ?? 99) >= 8
  );
}

function sampled(schema: Schema, name: string, person: Person): Json {
  return sampleOf(schema, { token: person.token, salt: name }).value;
}

function passwordFor(schema: Schema, { password, phone }: Person): Json {
  if (schema.types.includes('integer') || schema.types.includes('number')) return Number(phone.slice(-6));
  const plain = password.replace('!', 'x');
  return fitText([password, password.replace('!', '@'), plain, plain.toLowerCase(), phone.slice(2)], schema);
}

function fitText(candidates: readonly string[], schema: Schema): string {
  const fitted = candidates.map((text) => text.slice(0, schema.maxLength ?? 255).padEnd(Math.min(schema.minLength ?? 0, 200), 'x'));
  const { pattern } = schema;
  return (pattern === undefined ? undefined : fitted.find((text) => allows(pattern, text))) ?? fitted[0] ?? '';
}

// The pattern is the target's: one that could take long is taken as fitting.
function allows(pattern: string, text: string): boolean {
  if (pattern.length > 120 || /\([^)]*[+*][^)]*\)[+*{]/.test(pattern)) return true;
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

function lettersOf(token: string): string {
  return [...token].map((character) => (/\d/.test(character) ? String.fromCharCode(97 + Number(character)) : character)).join('');
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function own(value: Json): Value {
  return { value, own: true };
}

function shared(value: Json): Value {
  return { value, own: false };
}
