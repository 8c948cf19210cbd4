import { isObject, parseJson, withPointer, type Json, type JsonObject } from './json.ts';
import { jsonOf, type Answer, type Header, type Request } from './http.ts';
import { nounOf, wordsOf } from './names.ts';
import { isSafeMethod, type GraphqlField, type Operation } from './operation.ts';
import type { Schema } from './schema.ts';
import type { ParameterValues } from './world.ts';

/** A request for a field of a GraphQL schema: its document, and the values as variables of the types that it declares. */
export function graphqlRequest(origin: string, operation: Operation, field: GraphqlField, values: ParameterValues): Request {
  let variables: Json = {};
  const schema = operation.body?.contents[0]?.schema;
  if (values.body !== undefined && schema) variables = withPointer(variables, field.body, fitted(values.body, schema) ?? {});
  for (const [name, text] of Object.entries({ ...values.query, ...values.path })) {
    const place = field.places[name];
    if (place === undefined) continue;
    const parameter = operation.parameters.find((candidate) => candidate.name === name);
    variables = withPointer(variables, place, fromText(text, parameter?.schema));
  }
  const cookies = Object.entries(values.cookie ?? {}).map(([name, value]) => `${name}=${value}`);
  const headers: Header[] = [
    ['accept', 'application/json'],
    ['content-type', 'application/json'],
    ...Object.entries(values.header ?? {}),
    ...(cookies.length === 0 ? [] : [['cookie', cookies.join('; ')] as const]),
  ];
  return documentRequest(origin, field.endpoint, field.document, variables, headers);
}

const plainHeaders: readonly Header[] = [
  ['accept', 'application/json'],
  ['content-type', 'application/json'],
];

/** A document as a request, without credentials. */
export function documentRequest(
  origin: string,
  endpoint: string,
  document: string,
  variables: Json = {},
  headers: readonly Header[] = plainHeaders,
): Request {
  return { method: 'POST', origin, path: endpoint, headers, body: JSON.stringify({ query: document, variables }) };
}

/** The text of a path or query value as the schema wants it. */
function fromText(text: string, schema: Schema | undefined): Json {
  const [type] = schema?.types ?? [];
  const structured = type === 'array' || type === 'object' ? parseJson(text) : undefined;
  const value = type === 'array' && !Array.isArray(structured) ? text.split(',') : (structured ?? text);
  return fitted(value, schema) ?? text;
}

/** A value as the schema wants it. What an input type does not name is left out: the whole request would be refused for it. */
function fitted(value: Json, schema: Schema | undefined): Json | undefined {
  if (schema === undefined || value === null) return value;
  const [type] = schema.types;
  if (type === 'integer' || type === 'number') return typeof value === 'string' && isNumeric(value) ? Number(value) : value;
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  if (type === 'string') return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  // A list may be given by its one item.
  if (type === 'array')
    return Array.isArray(value) ? value.map((item: Json) => fitted(item, schema.items) ?? item) : fitted(value, schema.items);
  if (!isObject(value) || schema.properties.size === 0) return value;
  const entries = [...schema.properties].flatMap(([name, property]): [string, Json][] => {
    const item = value[name];
    const fit = item === undefined ? undefined : fitted(item, property);
    return fit === undefined ? [] : [[name, fit]];
  });
  return Object.fromEntries(entries);
}

function isNumeric(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

/** True for a request that asks a GraphQL endpoint for a field, whatever is selected of it. */
export function asksFor({ endpoint, document }: GraphqlField, { path, body }: Request): boolean {
  const selection = document.indexOf('{', document.indexOf('{') + 1);
  const asked = selection < 0 ? document : document.slice(0, selection);
  return path === endpoint && body?.includes(JSON.stringify(asked).slice(0, -1)) === true;
}

/** The body of an operation's request as `ParameterValues` have it: for a GraphQL field out of the variables. */
export function bodyIn(operation: Operation, request: Request): Json | undefined {
  const sent = parseJson(request.body ?? '');
  const { graphql } = operation;
  if (!graphql) return sent;
  let body: Json | undefined = isObject(sent) ? sent['variables'] : undefined;
  for (const name of graphql.body.split('/').slice(1)) body = isObject(body) ? body[name] : undefined;
  return body;
}

/** A request for a GraphQL field with more in its body, as far as its input types name it. */
export function withMore(operation: Operation, request: Request, more: JsonObject): Request {
  const sent = parseJson(request.body ?? '');
  const variables = isObject(sent) && isObject(sent['variables']) ? sent['variables'] : {};
  const field = operation.graphql;
  const before = bodyIn(operation, request);
  const body = fitted({ ...(isObject(before) ? before : {}), ...more }, operation.body?.contents[0]?.schema) ?? {};
  if (!field || !isObject(body)) return request;
  const changed = field.body === '' ? { ...variables, ...body } : withPointer(variables, field.body, body);
  return documentRequest(request.origin, field.endpoint, field.document, changed, request.headers);
}

const graphqlBody = /"query"\s*:\s*"\s*(?:(query|mutation)\b[^"{]*\{|\{)/;

/** What a request asks of a GraphQL endpoint; `undefined` when it is none. */
export function graphqlKind({ method, body }: Request): GraphqlField['kind'] | undefined {
  const match = method === 'POST' && body !== undefined ? graphqlBody.exec(body.slice(0, 4_000)) : null;
  if (!match) return undefined;
  return match[1] === 'mutation' ? 'mutation' : 'query';
}

/** True when a request is not meant to change anything: by its method, or because it is a GraphQL query. */
export function isReadingRequest(request: Request): boolean {
  return isSafeMethod(request.method) || graphqlKind(request) === 'query';
}

/** An answer as GraphQL has it (specification, 7.1): the values of the fields asked for, and what went wrong. */
export interface GraphqlAnswer {
  readonly kind: GraphqlField['kind'];
  /** The values under `data`; empty when there are none. */
  readonly values: readonly Json[];
  readonly errors: readonly Json[];
}

/** Reads an answer to a GraphQL request; `undefined` for everything else. */
export function graphqlAnswerOf(answer: Answer): GraphqlAnswer | undefined {
  const kind = answer.kind === 'exchange' ? graphqlKind(answer.request) : undefined;
  const json = answer.kind === 'exchange' && kind ? jsonOf(answer.response) : undefined;
  if (!kind || !isObject(json)) return undefined;
  const { data, errors } = json;
  if (data === undefined && !Array.isArray(errors)) return undefined;
  return { kind, values: isObject(data) ? Object.values(data) : [], errors: Array.isArray(errors) ? errors : [] };
}

/** The content of an answer: what stands under the field that was asked for, where the answer is one of GraphQL's. */
export function contentOf(answer: Answer): Json | undefined {
  const told = graphqlAnswerOf(answer);
  if (!told) return answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  return told.values.length === 1 ? told.values[0] : [...told.values];
}

/** The values that a request carries beside its path: the variables of a GraphQL request. */
export function variablesIn(request: Request): Json {
  const sent = graphqlKind(request) ? parseJson(request.body ?? '') : undefined;
  return isObject(sent) ? (sent['variables'] ?? null) : null;
}

const technicalSuffix = /(?:graphql|gql|type|object|node|payload|response|result|connection|edge|model|entity|dto|output|schema)$/i;

/** The singular noun for a type of a GraphQL schema: `OrderType` → `order`, `BlogPost` → `post`. */
export function typeNoun(type: string): string {
  let name = type;
  while (technicalSuffix.test(name) && wordsOf(name.replace(technicalSuffix, '')).length > 0) name = name.replace(technicalSuffix, '');
  return nounOf(name);
}
