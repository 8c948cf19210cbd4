import type { Json } from '../model/json.ts';
import { text, type Route, type Routes } from './route.ts';

/** The OpenAPI document of the shop. */
export function describeShop(routes: Routes): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries(routes)) {
    const [method = '', template = ''] = name.split(' ');
    paths[template] = { ...paths[template], [method.toLowerCase()]: describeRoute(template, route) };
  }
  return {
    openapi: '3.0.3',
    info: { title: 'Corner Shop API', version: '1.4.0' },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    paths,
  };
}

function describeRoute(template: string, { summary, secured, body, returns }: Route): Json {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
  return {
    summary,
    parameters: names.map((name) => ({ name, in: 'path', required: true, schema: name.endsWith('_id') ? { type: 'integer' } : text })),
    security: secured ? [{ bearer: [] }] : [],
    ...(body
      ? { requestBody: { required: true, content: asJson({ type: 'object', required: Object.keys(body), properties: { ...body } }) } }
      : {}),
    responses: { '2XX': { description: 'It worked', ...(returns === undefined ? {} : { content: asJson(returns) }) } },
  };
}

function asJson(schema: Json): Json {
  return { 'application/json': { schema } };
}
