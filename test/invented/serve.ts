import type { Request } from '../../src/model/http.ts';
import type { Reply } from '../../src/model/example.ts';
import { accountRoutes } from './account-routes.ts';
import type { Blueprint } from './blueprint.ts';
import { officeRoutes } from './office.ts';
import { callerOf } from './credentials.ts';
import { describe } from './describe.ts';
import { resourceRoutes } from './resource-routes.ts';
import { bodyFields, freshState, type Route } from './state.ts';

/** Every operation of an invented API. */
export function routesOf(blueprint: Blueprint): Route[] {
  return [
    ...accountRoutes(blueprint),
    ...officeRoutes(blueprint),
    ...blueprint.resources.flatMap((_, index) => resourceRoutes(blueprint, index)),
  ];
}

/** Starts an instance with a state of its own. */
export function serve(blueprint: Blueprint): (request: Request) => Reply {
  const routes = routesOf(blueprint);
  const state = freshState(blueprint);
  const document = describe(blueprint, routes);
  // Literal paths win over templates.
  const ordered = routes
    .map((route) => ({ route, match: matcher(route.path) }))
    .sort((left, right) => slots(left.route) - slots(right.route));
  return (request) => {
    const [pathname = '', search = ''] = request.path.split('?');
    if (pathname === '/openapi.json' && document !== undefined) return { status: 200, body: document };
    if (pathname === '/')
      return { status: 200, body: { service: 'invented', ...(document === undefined ? { endpoints: index(routes) } : {}) } };
    const here = ordered.flatMap(({ route, match }) => {
      const path = match(pathname);
      return path ? [{ route, path }] : [];
    });
    const hit = here.find(({ route }) => route.method === request.method);
    if (!hit) {
      if (here.length === 0) return { status: 404, body: { error: 'no such page' } };
      return { status: 405, headers: { allow: here.map(({ route }) => route.method).join(', ') }, body: { error: 'method not allowed' } };
    }
    if (blueprint.traps.includes('busy') && state.next() % 13 === 0)
      return { status: 503, headers: { 'retry-after': '0' }, body: { error: 'busy' } };
    const visit = {
      state,
      request,
      path: hit.path,
      query: new URLSearchParams(search),
      body: bodyFields(request),
      caller: callerOf(state, request),
    };
    return hit.route.handle(visit);
  };
}

function slots({ path }: Route): number {
  return path.split('{').length;
}

function index(routes: readonly Route[]): string[] {
  return routes.filter(({ hidden }) => !hidden).map(({ method, path }) => `${method} ${path}`);
}

function matcher(template: string): (path: string) => Record<string, string> | undefined {
  const segments = template.split('/');
  return (path) => {
    const given = path.split('/');
    if (given.length !== segments.length) return undefined;
    const values: Record<string, string> = {};
    for (const [at, segment] of segments.entries()) {
      const text = given[at] ?? '';
      if (!segment.startsWith('{')) {
        if (segment !== text) return undefined;
      } else if (text === '') return undefined;
      else values[segment.slice(1, -1)] = decoded(text);
    }
    return values;
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
