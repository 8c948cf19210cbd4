import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Blueprint } from './blueprint.ts';
import type { Route } from './state.ts';

const schemes: Readonly<Record<Blueprint['authentication'], Json>> = {
  jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  opaque: { type: 'http', scheme: 'bearer' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'session' },
  'api-key': { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  basic: { type: 'http', scheme: 'basic' },
};
const nothing: Json = {
  type: 'object',
  properties: { legacy_code: { type: 'integer' }, remark: { type: 'array', items: { type: 'string' } } },
};

/** The OpenAPI document of an invented API, as good or bad as its blueprint says; `undefined` where there is none. */
export function describe(blueprint: Blueprint, routes: readonly Route[]): Json | undefined {
  const { description, authentication } = blueprint;
  if (description === 'absent') return undefined;
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes.filter(({ hidden }) => !hidden))
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(blueprint, route);
  const says = description !== 'incomplete';
  return {
    openapi: '3.0.3',
    info: { title: 'An invented API', version: '1' },
    ...(says ? { servers: [{ url: '/' }], components: { securitySchemes: { account: schemes[authentication] } } } : {}),
    ...(description === 'unsure' ? { security: [{ account: [] }] } : {}),
    paths,
  };
}

function operation({ description }: Blueprint, route: Route): JsonObject {
  const says = description !== 'incomplete';
  const ok: JsonObject = { description: 'done' };
  const schema = description === 'wrong' ? nothing : route.returns;
  const status = route.method === 'POST' && route.name.endsWith('.create') ? '201' : '200';
  return {
    summary: route.summary,
    tags: [route.tag],
    ...(route.parameters.length > 0 ? { parameters: route.parameters.map((parameter) => parameterOf(parameter, description)) } : {}),
    ...(route.body ? { requestBody: bodyOf(route, description) } : {}),
    ...(says && description !== 'unsure' ? { security: route.secured ? [{ account: [] }] : [] } : {}),
    responses: { [status]: says && schema !== undefined ? { ...ok, content: { 'application/json': { schema } } } : ok },
  };
}

function parameterOf({ name, in: place, type }: Route['parameters'][number], quality: Blueprint['description']): Json {
  const wrongly = type === 'integer' ? 'string' : 'integer';
  const schema = type === 'optional' ? { type: 'string' } : { type: quality === 'wrong' ? wrongly : type };
  return { name, in: place, required: type !== 'optional', ...(quality === 'incomplete' ? {} : { schema }) };
}

function bodyOf({ body = {}, required = [], form, name }: Route, quality: Blueprint['description']): Json {
  const extra = quality === 'wrong' && /create|update/.test(name) ? { legacy_code: { type: 'integer' } } : {};
  const schema = { type: 'object', properties: { ...body, ...extra }, ...(required.length > 0 ? { required: [...required] } : {}) };
  return { required: true, content: { [form ? 'application/x-www-form-urlencoded' : 'application/json']: { schema } } };
}
