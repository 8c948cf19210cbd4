import { isObject, parseJson, type Json, type JsonObject } from '../../model/json.ts';
import { bodyOf, formBody, isGraphql } from '../trace/body-shape.ts';
import type { TracedBody } from '../trace/trace.ts';
import type { Substitute } from './variables.ts';

export type BodyRead = { readonly kind: 'body'; readonly body: TracedBody } | { readonly kind: 'none' | 'graphql' | 'unreadable' };

/** Reads the `body` of a request: raw, a form, or a GraphQL request, whose endpoint is what counts. */
export function readBody(raw: Json | undefined, contentType: string | undefined, substitute: Substitute): BodyRead {
  if (!isObject(raw) || raw['disabled'] === true) return { kind: 'none' };
  switch (raw['mode']) {
    case 'raw':
      return rawBody(raw, contentType, substitute);
    case 'urlencoded':
      return { kind: 'body', body: formBody('application/x-www-form-urlencoded', fieldsOf(raw['urlencoded'], substitute)) };
    case 'formdata':
      return { kind: 'body', body: formBody('multipart/form-data', fieldsOf(raw['formdata'], substitute)) };
    case 'graphql':
      return { kind: 'graphql' };
    default:
      return { kind: 'none' };
  }
}

function rawBody(raw: JsonObject, contentType: string | undefined, substitute: Substitute): BodyRead {
  const text = typeof raw['raw'] === 'string' ? substitute(raw['raw']) : '';
  if (text.trim() === '') return { kind: 'none' };
  const json = jsonText(text);
  if (json === undefined) return contentType === undefined ? { kind: 'unreadable' } : asBody(bodyOf(contentType, text));
  if (isGraphql(json)) return { kind: 'graphql' };
  return asBody(bodyOf(contentType ?? 'application/json', json));
}

function asBody(body: TracedBody | undefined): BodyRead {
  return body === undefined ? { kind: 'unreadable' } : { kind: 'body', body };
}

/** JSON with comments, and with variables where a value should be: what has no value is taken as null, of any type. */
function jsonText(text: string): string | undefined {
  if (parseJson(text) !== undefined) return text;
  const filled = text.replaceAll(/^\s*\/\/.*$/gm, '').replaceAll(/([:[,]\s*)\{\{[^{}]*\}\}(?=\s*[,\]}])/g, '$1null');
  return parseJson(filled) === undefined ? undefined : filled;
}

function fieldsOf(raw: Json | undefined, substitute: Substitute): (readonly [string, string | undefined])[] {
  const list = Array.isArray(raw) ? (raw as readonly Json[]) : [];
  const enabled = list.filter((item): item is JsonObject => isObject(item) && item['disabled'] !== true && typeof item['key'] === 'string');
  return enabled.map((item) => [
    String(item['key']),
    item['type'] === 'file' ? undefined : substitute(typeof item['value'] === 'string' ? item['value'] : ''),
  ]);
}
