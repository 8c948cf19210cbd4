import { graphqlRequest } from './graphql.ts';
import type { Header, Request } from './http.ts';
import { isObject, type Json } from './json.ts';
import type { Operation } from './operation.ts';
import type { ParameterValues } from './world.ts';

/** A request for an operation, without credentials. Path values are percent-encoded; a missing one stays as `{name}`. */
export function buildRequest(origin: string, operation: Operation, values: ParameterValues = {}): Request {
  if (operation.graphql) return graphqlRequest(origin, operation, operation.graphql, values);
  const path = operation.path.replaceAll(/\{([^{}]+)\}/g, (slot, name: string) => {
    const value = values.path?.[name];
    return value === undefined ? slot : encodePathValue(value);
  });
  const query = Object.entries(values.query ?? {}).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const headers: Header[] = [['accept', 'application/json, */*;q=0.5'], ...Object.entries(values.header ?? {})];
  const cookies = Object.entries(values.cookie ?? {}).map(([name, value]) => `${name}=${value}`);
  if (cookies.length > 0) headers.push(['cookie', cookies.join('; ')]);
  const target = path + (query.length > 0 ? `${path.includes('?') ? '&' : '?'}${query.join('&')}` : '');
  const request = { method: operation.method, origin, path: target, headers };
  if (values.body === undefined) return request;
  const { type, text } = encodeBody(values.body, bodyTypeOf(operation));
  return { ...request, headers: [...headers, ['content-type', type]], body: text };
}

/** One path segment, percent-encoded so that `/`, `.` and `..` stay data. */
export function encodePathValue(value: string): string {
  return encodeURIComponent(value).replaceAll(/^\.{1,2}$/g, (dots) => '%2E'.repeat(dots.length));
}

/** The media type in which a body is sent: JSON where the operation takes it, else a form where it takes that. */
export function bodyTypeOf(operation: Operation): string {
  const types = operation.body?.contents.map((content) => content.mediaType.toLowerCase()) ?? [];
  return (
    types.find((type) => /[/+]json\b/.test(type)) ??
    types.find((type) => type.startsWith('application/x-www-form-urlencoded')) ??
    types.find((type) => type.startsWith('multipart/form-data')) ??
    'application/json'
  );
}

/** A body in a media type. Forms take the top-level properties, nested values as JSON text. */
export function encodeBody(body: Json, mediaType: string): { type: string; text: string } {
  const fields = isObject(body) ? Object.entries(body) : [];
  if (mediaType.startsWith('application/x-www-form-urlencoded')) {
    const pairs = fields.map(([name, value]): [string, string] => [name, formText(value)]);
    return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(pairs).toString() };
  }
  if (mediaType.startsWith('multipart/form-data')) {
    const boundary = 'middlebrick-form-boundary';
    const parts = fields.map(
      ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${formText(value)}\r\n`,
    );
    return { type: `multipart/form-data; boundary=${boundary}`, text: `${parts.join('')}--${boundary}--\r\n` };
  }
  return { type: mediaType === '*/*' ? 'application/json' : mediaType, text: JSON.stringify(body) };
}

function formText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
