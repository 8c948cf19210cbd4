import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Content, Link, RequestBody, ResponseDescription } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import type { Context } from './context.ts';
import { flagAt, isList, objectAt, textAt, textsAt } from './raw.ts';

/** A content whose schema is made when it is first read. */
export function contentOf(mediaType: string, rawSchema: Json | undefined, examples: readonly Json[], { schemaOf }: Context): Content {
  if (rawSchema === undefined || rawSchema === null) return { mediaType, examples };
  return {
    mediaType,
    get schema(): Schema {
      return schemaOf(rawSchema);
    },
    examples,
  };
}

/** `example`, then the values of `examples`, of a parameter, a header or a media type. */
export function examplesOf(raw: JsonObject, { references }: Context): readonly Json[] {
  const own = [raw['example'], raw['x-example']].filter((value) => value !== undefined);
  const many = raw['examples'];
  if (isList(many)) return [...own, ...many];
  if (!isObject(many)) return own;
  const values = Object.values(many).flatMap((entry): Json[] => {
    const target = references.resolve(entry)?.raw;
    if (!isObject(target)) return target === undefined || target === null ? [] : [target];
    const value = target['value'] ?? target['dataValue'];
    return value === undefined ? [] : [value];
  });
  return [...own, ...values];
}

/** The `content` map of OpenAPI 3. */
export function contentsOf(raw: JsonObject, context: Context): readonly Content[] {
  return Object.entries(objectAt(raw, 'content')).flatMap(([mediaType, entry]): Content[] => {
    const media = context.references.resolve(entry)?.raw;
    if (!isObject(media)) return [{ mediaType, examples: [] }];
    const items = media['itemSchema'];
    const schema = media['schema'] ?? (items === undefined ? undefined : { type: 'array', items });
    return [contentOf(mediaType, schema, examplesOf(media, context), context)];
  });
}

/** `requestBody` of OpenAPI 3. */
export function bodyOf(raw: Json | undefined, context: Context, place: string): RequestBody | undefined {
  if (raw === undefined || raw === null) return undefined;
  const body = context.references.resolve(raw)?.raw;
  if (!isObject(body)) {
    context.notes.add('A request body could not be read and is taken as free-form JSON', place);
    return { required: false, contents: [{ mediaType: 'application/json', examples: [] }] };
  }
  return { required: flagAt(body, 'required'), contents: contentsOf(body, context) };
}

export interface Responses {
  readonly responses: readonly ResponseDescription[];
  readonly links: readonly Link[];
}

/** `responses` of any dialect; `produces` are the media types that hold in Swagger 2. */
export function responsesOf(raw: Json | undefined, context: Context, produces: readonly string[], place: string): Responses {
  const responses: ResponseDescription[] = [];
  const links: Link[] = [];
  const entries = context.references.resolve(raw)?.raw;
  for (const [status, entry] of Object.entries(isObject(entries) ? entries : {})) {
    if (status.startsWith('x-') || status === '$ref') continue;
    const response = context.references.resolve(entry)?.raw;
    if (!isObject(response)) {
      context.notes.add('A response could not be read', `${status} of ${place}`);
      responses.push({ status, contents: [] });
      continue;
    }
    const description = textAt(response, 'description');
    const contents = context.dialect === 'swagger' ? swaggerContents(response, produces, context) : contentsOf(response, context);
    responses.push({ status, contents, ...(description === undefined ? {} : { description }) });
    links.push(...linksOf(status, response, context));
  }
  return { responses, links };
}

function swaggerContents(response: JsonObject, produces: readonly string[], context: Context): readonly Content[] {
  const examples = objectAt(response, 'examples');
  const schema = response['schema'];
  const types = schema === undefined ? Object.keys(examples) : produces.length > 0 ? produces : ['application/json'];
  return types.map((type) => contentOf(type, schema, examplesOfType(examples, type), context));
}

function examplesOfType(examples: JsonObject, type: string): readonly Json[] {
  const example = Object.hasOwn(examples, type) ? examples[type] : undefined;
  return example === undefined ? [] : [example];
}

function linksOf(status: string, response: JsonObject, { references }: Context): readonly Link[] {
  return Object.values(objectAt(response, 'links')).flatMap((entry): Link[] => {
    const link = references.resolve(entry)?.raw;
    if (!isObject(link)) return [];
    const operationId = textAt(link, 'operationId');
    const operationRef = textAt(link, 'operationRef');
    const target = operationId !== undefined ? { operationId } : operationRef !== undefined ? { operationRef } : undefined;
    if (target === undefined) return [];
    const parameters = Object.entries(objectAt(link, 'parameters')).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    );
    return [{ status, target, parameters: Object.fromEntries(parameters) }];
  });
}

/** Media types of an operation of Swagger 2, its own before the document's. */
export function swaggerTypes(operation: JsonObject, { root }: Context, key: 'consumes' | 'produces'): readonly string[] {
  return isList(operation[key]) ? textsAt(operation, key) : textsAt(root, key);
}
