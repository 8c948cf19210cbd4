import { isObject, type Json, type JsonObject } from './json.ts';
import { plainName, wordsOf } from './names.ts';
import { isPrivilegedProperty } from './privilege.ts';
import type { Schema } from './schema.ts';
import type { Marker } from './world.ts';

/** What a sample is made with. */
export interface SampleContext {
  /** A fresh token per salt. */
  readonly token: (salt: string) => string;
  /** Makes the tokens of this sample differ from those of others. */
  readonly salt: string;
  /** A value that is known for a property, such as the id of a parent; wins over everything. */
  readonly known?: (name: string, schema: Schema) => Json | undefined;
  /** Leave out what is not required. */
  readonly onlyRequired?: boolean;
}

export interface Sample {
  readonly value: Json;
  /** Every token planted, with the field it went to. */
  readonly markers: readonly Marker[];
}

/** A value for a schema, with a token of its own in each free-text field. Never takes example values for text. */
export function sampleOf(schema: Schema, context: SampleContext): Sample {
  const markers: Marker[] = [];
  const value = sampleValue(schema, '', context, markers, []);
  return { value: value ?? null, markers };
}

function sampleValue(schema: Schema, name: string, context: SampleContext, markers: Marker[], above: readonly Schema[]): Json | undefined {
  const known = name === '' ? undefined : context.known?.(name, schema);
  if (known !== undefined) return known;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum && schema.enum.length > 0) return schema.enum.find((item) => !isPrivilegedValue(item)) ?? schema.enum[0];
  const type = typeOf(schema);
  if (above.includes(schema) || above.length > 12) return type === 'array' ? [] : undefined;
  const deeper = [...above, schema];
  if (type === undefined && schema.variants.length > 0) {
    const [variant] = schema.variants.filter((item) => !item.types.includes('null'));
    return variant ? sampleValue(variant, name, context, markers, deeper) : null;
  }
  if (type === 'object') return sampleObject(schema, context, markers, deeper);
  if (type === 'array') {
    const item = schema.items ? sampleValue(schema.items, name, context, markers, deeper) : undefined;
    return item === undefined ? [] : Array.from({ length: Math.max(1, Math.min(schema.minItems ?? 1, 5)) }, () => item);
  }
  if (type === 'boolean') return typeof schema.default === 'boolean' ? schema.default : false;
  if (type === 'integer' || type === 'number') return sampleNumber(schema);
  if (type === 'null') return null;
  return sampleText(schema, name, context, markers);
}

function typeOf(schema: Schema): string | undefined {
  const stated = schema.types.find((type) => type !== 'null');
  if (stated !== undefined) return stated;
  if (schema.properties.size > 0) return 'object';
  if (schema.items) return 'array';
  return schema.variants.length > 0 ? undefined : 'string';
}

function sampleObject(schema: Schema, context: SampleContext, markers: Marker[], above: readonly Schema[]): JsonObject {
  const [variant] = schema.properties.size === 0 ? schema.variants.filter((item) => !item.types.includes('null')) : [];
  if (variant) {
    const value = sampleValue(variant, '', context, markers, above);
    return isObject(value) ? value : {};
  }
  const entries: [string, Json][] = [];
  for (const [name, property] of schema.properties) {
    const required = schema.required.has(name);
    if (property.readOnly || (!required && (context.onlyRequired === true || isPrivilegedProperty(name)))) {
      const known = property.readOnly || context.onlyRequired === true ? undefined : context.known?.(name, property);
      if (known === undefined) continue;
    }
    if (!required && above.length > deepestOptional && isComposite(property)) continue;
    const value = sampleValue(property, name, context, markers, above);
    if (value !== undefined) entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

/** Optional objects and lists are filled to this depth: real descriptions nest without end. */
const deepestOptional = 2;

function isComposite(schema: Schema): boolean {
  const type = typeOf(schema);
  return type === undefined || type === 'object' || type === 'array';
}

function sampleNumber(schema: Schema): number {
  const low = schema.minimum ?? (schema.exclusiveMinimum === undefined ? undefined : schema.exclusiveMinimum + 1);
  const high = schema.maximum ?? (schema.exclusiveMaximum === undefined ? undefined : schema.exclusiveMaximum - 1);
  const step = schema.multipleOf ?? 1;
  const start = low === undefined ? Math.min(step, high ?? step) : Math.ceil(low / step) * step;
  return start === 0 && (high === undefined || high >= step) ? step : start;
}

function isPrivilegedValue(value: Json): boolean {
  return typeof value === 'string' && /admin|root|super|staff|owner/i.test(value);
}

const byFormat: Readonly<Record<string, string>> = {
  date: '2031-05-17',
  'date-time': '2031-05-17T10:00:00Z',
  time: '10:00:00Z',
  duration: 'P1D',
  ipv4: '192.0.2.10',
  ipv6: '2001:db8::10',
  hostname: 'example.com',
};

function sampleText(schema: Schema, name: string, context: SampleContext, markers: Marker[]): string {
  const fixed = byFormat[schema.format ?? ''];
  if (fixed !== undefined) return fixed;
  const token = context.token(`${context.salt}/${name}/${markers.length}`);
  const plant = (text: string, marker = token): string => {
    markers.push({ field: name, value: marker });
    return text;
  };
  const words = wordsOf(name);
  if (schema.format === 'email' || words.includes('email') || words.includes('mail')) return plant(`${token}@example.com`);
  if (schema.format === 'uuid') return uuidFrom(token);
  if (schema.format === 'uri' || schema.format === 'url' || words.includes('url') || words.includes('website'))
    return plant(`https://example.com/${token}`);
  if (schema.format === 'byte') return btoa(token);
  if (schema.format === 'password' || isPasswordName(name)) return plant(`Mb1!${token}`, `Mb1!${token}`);
  if (words.includes('phone') || words.includes('mobile') || words.includes('tel')) return '+15550100123';
  if (words.includes('date') || /(?:^|_)at$/.test(name)) return '2031-05-17';
  if (words.includes('currency')) return 'EUR';
  if (words.includes('country')) return 'DE';
  if (schema.pattern !== undefined && !matches(schema.pattern, token)) {
    const fitting = [
      'ABC-1234',
      '1234567890',
      '123456',
      '12345',
      '1234',
      '123',
      'ABC',
      'abc',
      'Abc',
      'A1',
      'a',
      '1',
      '#aabbcc',
      '10:00',
      '1.0.0',
    ].find((text) => matches(schema.pattern ?? '', text));
    if (fitting !== undefined) return fitting;
  }
  const limit = schema.maxLength ?? 255;
  if (limit < 8) return token.slice(0, Math.max(1, limit));
  const text = token.slice(0, limit);
  return plant(text.padEnd(Math.min(schema.minLength ?? 0, 200), 'x'), text);
}

/** True for a property that holds a password, old, new or confirmed. */
export function isPasswordName(name: string): boolean {
  return (
    /pass(?:word|wd|phrase)?(?:confirm(?:ation)?|repeat|again|2)?$|^pwd$|newpass(?:word)?$/.test(plainName(name)) &&
    !/hash/.test(plainName(name))
  );
}

/** A version 4 UUID decided by a token. */
export function uuidFrom(token: string): string {
  const hex = [...token]
    .map((character) => character.charCodeAt(0).toString(16).padStart(2, '0'))
    .join('')
    .padEnd(32, '0')
    .slice(-32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

// The pattern comes from the target: long ones are not tried, so that a hostile one cannot hold the scan.
function matches(pattern: string, text: string): boolean {
  if (pattern.length > 80 || /\([^)]*[+*][^)]*\)[+*{]/.test(pattern)) return false;
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return false;
  }
}
