import type { ExampleFetch, Reply } from '../model/example.ts';
import type { Request } from '../model/http.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../model/json.ts';
import { mintFor } from './example-tokens.ts';
import type { ExampleNote, ExampleOptions, ExampleRoute, ExampleUser } from './example-types.ts';

const text = { type: 'string' } as const;
const missing: Reply = { status: 404, body: { error: 'not found' } };

/** A route with its name taken apart. */
export interface Route extends ExampleRoute {
  readonly method: string;
  readonly template: string;
}

/** Takes `GET /notes/{id}` apart. */
export function compile(name: string, route: ExampleRoute): Route {
  const [method = 'GET', template = '/'] = name.split(' ');
  return { ...route, method, template };
}

/** A fresh instance: a function from request to reply, with its own state. */
export function start(
  routes: readonly Route[],
  options: ExampleOptions,
  fetch: ExampleFetch = () => undefined,
): (request: Request) => Reply {
  const users: ExampleUser[] = (options.users ?? []).map((username, index) => ({
    id: index + 1,
    username,
    email: `${username}@example.org`,
    password: `${username}-pass`,
    admin: false,
    extra: {},
  }));
  const notes: ExampleNote[] = (options.notes ?? []).map((note, index) => ({ ...note, id: 11 + index }));
  const mint = mintFor(users, options, fetch);
  return (request) => {
    const [path = '', search = ''] = request.path.split('?');
    for (const route of literalFirst(routes)) {
      const values = route.method === request.method ? match(route.template, path) : undefined;
      if (!values) continue;
      const body = parseJson(request.body ?? '');
      const note = notes.find((candidate) => String(candidate.id) === values['id']);
      const token = mint.tokenOf(request);
      return route.reply({
        me: mint.callerOf(token),
        path: values,
        query: new URLSearchParams(search),
        body: isObject(body) ? body : {},
        request,
        users,
        notes,
        note,
        token,
        issue: mint.issue,
        welcome: mint.welcome,
        revoked: mint.revoked,
      });
    }
    return missing;
  };
}

function literalFirst(routes: readonly Route[]): readonly Route[] {
  return [...routes].sort((left, right) => Number(left.template.includes('{')) - Number(right.template.includes('{')));
}

function match(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith('{')) values[segment.slice(1, -1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return values;
}

/** The OpenAPI document of the routes. */
export function describe(title: string, routes: readonly Route[], scheme: JsonObject = { type: 'http', scheme: 'bearer' }): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const names = [...route.template.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
    const parameters: Json[] = [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: text })),
      ...(route.query ?? []).map((name) => ({ name, in: 'query', schema: text })),
      ...(route.headers ?? []).map((name) => ({ name, in: 'header', required: true, schema: text })),
      ...(route.cookies ?? []).map((name) => ({ name, in: 'cookie', required: true, schema: text })),
    ];
    const json = (properties: Readonly<Record<string, Json>>): Json => ({
      'application/json': { schema: { type: 'object', properties: { ...properties } } },
    });
    paths[route.template] = {
      ...paths[route.template],
      [route.method.toLowerCase()]: {
        summary: route.summary ?? '',
        parameters,
        ...(route.secured === undefined ? {} : { security: route.secured ? [{ bearer: [] }] : [] }),
        ...(route.body ? { requestBody: { required: true, content: json(route.body) } } : {}),
        responses: { 200: { description: 'OK', ...(route.returns ? { content: json(route.returns) } : {}) } },
      },
    };
  }
  return {
    openapi: '3.0.3',
    info: { title, version: '1' },
    components: { securitySchemes: { bearer: scheme } },
    paths,
  };
}
