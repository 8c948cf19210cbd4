import type { Json } from '../../model/json.ts';
import type { Operation, Parameter, RequestBody } from '../../model/operation.ts';
import { createReferences } from '../openapi/references.ts';
import { createSchemas } from '../openapi/schema.ts';
import type { Lead } from './leads.ts';
import { templateOf } from './template.ts';

/** Collects leads that turned out to be operations; those of the same method and template become one. */
export interface Crawled {
  readonly add: (lead: Lead, method: string, foundAt: string) => void;
  readonly operations: () => readonly Operation[];
}

interface Growing {
  readonly method: string;
  readonly path: string;
  readonly foundAt: string;
  readonly slots: Map<string, Set<string>>;
  readonly query: Map<string, Set<string>>;
  readonly fields: Map<string, string>;
  mediaType: string | undefined;
}

export function createCrawled(): Crawled {
  const growing = new Map<string, Growing>();
  return {
    add(lead, method, foundAt) {
      const { path, slots } = templateOf(decodedPath(lead.url));
      const id = `${method} ${path}`;
      const known = growing.get(id) ?? {
        method,
        path,
        foundAt,
        slots: new Map(),
        query: new Map(),
        fields: new Map(),
        mediaType: undefined,
      };
      growing.set(id, known);
      for (const { name, value } of slots) remember(known.slots, name, value);
      for (const [name, value] of lead.url.searchParams) remember(known.query, name, value);
      const hasBody = method !== 'GET' && method !== 'HEAD';
      for (const [name, value] of Object.entries(lead.fields ?? {})) {
        if (hasBody) known.fields.set(name, value);
        else remember(known.query, name, value === '' ? undefined : value);
      }
      if (hasBody) known.mediaType ??= lead.mediaType;
    },
    operations: () => [...growing.values()].sort(byPath).map(operationOf),
  };
}

/** `{` and `<` of templates survive URL parsing only when they are decoded again. */
export function decodedPath(url: URL): string {
  return url.pathname.replaceAll(/%7B/gi, '{').replaceAll(/%7D/gi, '}').replaceAll(/%3C/gi, '<').replaceAll(/%3E/gi, '>');
}

function remember(values: Map<string, Set<string>>, name: string, value: string | undefined): void {
  const known = values.get(name) ?? new Set();
  if (value !== undefined && known.size < 10) known.add(value);
  values.set(name, known);
}

function byPath(one: Growing, other: Growing): number {
  const [left, right] = [`${one.path} ${one.method}`, `${other.path} ${other.method}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

const schemaOf = createSchemas(createReferences('', new Map()));

function operationOf({ method, path, foundAt, slots, query, fields, mediaType }: Growing): Operation {
  const parameters = [...[...slots].map((entry) => parameterOf('path', entry)), ...[...query].map((entry) => parameterOf('query', entry))];
  const body = bodyOf(fields, mediaType);
  return {
    id: `${method} ${path}`,
    method,
    path,
    tags: [],
    deprecated: false,
    parameters,
    ...(body === undefined ? {} : { body }),
    responses: [],
    links: [],
    source: { kind: 'crawl', document: foundAt },
  };
}

function parameterOf(place: 'path' | 'query', [name, values]: [string, ReadonlySet<string>]): Parameter {
  const examples = [...values];
  const isNumber = examples.length > 0 && examples.every((value) => /^\d+$/.test(value));
  return { name, in: place, required: place === 'path', schema: schemaOf({ type: isNumber ? 'integer' : 'string' }), examples };
}

function bodyOf(fields: ReadonlyMap<string, string>, mediaType: string | undefined): RequestBody | undefined {
  if (fields.size === 0 || mediaType === undefined) return undefined;
  const properties = Object.fromEntries([...fields].map(([name, value]): [string, Json] => [name, fieldSchema(value)]));
  return {
    required: true,
    contents: [{ mediaType, schema: schemaOf({ type: 'object', properties, required: [...fields.keys()] }), examples: [] }],
  };
}

/** What a hidden field or a preset comes with is what the target expects back. */
function fieldSchema(value: string): Json {
  return value === '' ? { type: 'string' } : { type: 'string', default: value };
}
