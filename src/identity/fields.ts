import type { Operation } from '../model/operation.ts';
import { plainName, wordsOf } from '../model/names.ts';
import { isPasswordName } from '../model/sample.ts';
import type { Schema } from '../model/schema.ts';

/** What a field of a sign-up or a log-in is for. */
export type Role = 'username' | 'email' | 'password' | 'phone' | 'name' | 'birthdate' | 'country' | 'terms' | 'grant';

const usernames = new Set(
  [
    'username',
    'user_name',
    'login',
    'login_name',
    'user',
    'userid',
    'handle',
    'nickname',
    'nick',
    'screen_name',
    'identifier',
    'uname',
    'account_name',
  ].map(plainName),
);
const phoneWords = new Set([
  'phone',
  'mobile',
  'telephone',
  'tel',
  'cell',
  'cellphone',
  'msisdn',
  'phonenumber',
  'contactnumber',
  'phoneno',
]);
const termsWords = new Set(['terms', 'tos', 'agree', 'agreed', 'agreement', 'accept', 'accepted', 'consent', 'gdpr', 'privacy']);
const contactObjects = /object|array/;

/** What a field is for, by its name and format; `undefined` for everything that is not about the account itself. */
export function roleOf(name: string, schema?: Schema): Role | undefined {
  if (schema?.types.some((type) => contactObjects.test(type)) || (schema && schema.properties.size > 0)) return undefined;
  const plain = plainName(name);
  const words = wordsOf(name);
  if (schema?.format === 'password' || isPasswordName(name) || plain === 'pw' || /^(?:confirm|re|repeat|retype|verify)pass/.test(plain))
    return 'password';
  if (
    schema?.format === 'email' ||
    ((words.includes('email') || words.includes('mail') || /e?mail$/.test(plain)) && !schema?.types.includes('boolean'))
  )
    return 'email';
  if (usernames.has(plain)) return 'username';
  // In an account, a bare "number" is the one to call.
  if ((words.some((word) => phoneWords.has(word)) || /^(?:contact)?(?:number|no)$/.test(plain)) && !schema?.types.includes('boolean'))
    return 'phone';
  if (/^(?:dateofbirth|birthdate|birthday|dob|bday|birth)$/.test(plain)) return 'birthdate';
  if (plain === 'country' || plain === 'countrycode' || plain === 'nationality') return 'country';
  if (plain === 'granttype') return 'grant';
  if (words.some((word) => termsWords.has(word)) && !schema?.types.some((type) => type === 'integer' || type === 'number')) return 'terms';
  if (/^(?:name|fullname|firstname|lastname|givenname|familyname|surname|middlename|displayname|fname|lname|realname)$/.test(plain))
    return 'name';
  return undefined;
}

/** True for a role whose value tells accounts apart. */
export function isIdentifying(role: Role | undefined): boolean {
  return role === 'username' || role === 'email' || role === 'phone';
}

/** A field of a request, wherever it stands in it. */
export interface Field {
  /** Property names from the root of the body; one name for a parameter. */
  readonly path: readonly string[];
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly role: Role | undefined;
  readonly place: 'body' | 'query' | 'header';
}

/** The schema of an operation's body: of the JSON it takes, else of the form; `undefined` when nothing is described. */
export function bodySchemaOf(operation: Operation): Schema | undefined {
  const contents = operation.body?.contents ?? [];
  const described = contents.filter(({ schema }) => schema !== undefined && hasShape(schema));
  const json = described.find(({ mediaType }) => /[/+]json\b/i.test(mediaType));
  return objectSchema((json ?? described[0])?.schema);
}

function hasShape(schema: Schema): boolean {
  return schema.properties.size > 0 || schema.variants.some((variant) => variant.properties.size > 0);
}

/** The schema itself, or the first of its alternatives that has properties. */
export function objectSchema(schema: Schema | undefined): Schema | undefined {
  if (!schema || schema.properties.size > 0) return schema;
  return schema.variants.find((variant) => variant.properties.size > 0) ?? schema;
}

/** Every scalar field that a request of the operation may hold, in the order described. Read-only ones are left out. */
export function fieldsOf(operation: Operation): Field[] {
  const found: Field[] = [];
  const walk = (schema: Schema, path: readonly string[], required: boolean, above: readonly Schema[]): void => {
    if (above.includes(schema) || above.length > 4) return;
    for (const [name, property] of schema.properties) {
      if (property.readOnly) continue;
      const needed = required && schema.required.has(name);
      const inner = objectSchema(property);
      if (inner && inner.properties.size > 0) walk(inner, [...path, name], needed, [...above, schema]);
      else found.push({ path: [...path, name], name, schema: property, required: needed, role: roleOf(name, property), place: 'body' });
    }
  };
  const body = bodySchemaOf(operation);
  if (body) walk(body, [], true, []);
  for (const { in: place, name, schema, required } of operation.parameters) {
    if (place !== 'query' && place !== 'header') continue;
    const known = schema ?? plainText;
    found.push({ path: [name], name, schema: known, required, role: roleOf(name, known), place });
  }
  return found;
}

/** A schema that says no more than "text". */
export const plainText: Schema = {
  types: ['string'],
  nullable: false,
  examples: [],
  readOnly: false,
  writeOnly: false,
  properties: new Map(),
  required: new Set(),
  variants: [],
};
