import type { Bindings } from '../flow/bindings.ts';
import { constant, unknown, type Value } from '../flow/value.ts';
import type { Route } from './routes.ts';

/** What every request of a route has in common: hooks and wrappers ask for it to tell routes apart. */
export function noteAsked(attributes: Bindings, route: Route): void {
  const { methods, endpoint } = route;
  const [only, ...others] = methods.filter((method) => method !== 'HEAD' && method !== 'OPTIONS');
  if (only !== undefined && others.length === 0) attributes.set('request.method', constant(only));
  attributes.set('request.path', pathOf(route));
  attributes.set('request.endpoint', endpointOf(route));
  if (endpoint !== undefined)
    attributes.set('request.blueprint', constant(endpoint.includes('.') ? endpoint.replace(/\.[^.]*$/, '') : null));
  const { rule, isPartial } = route;
  if (!isPartial) attributes.set('request.url_rule.rule', constant(rule));
}

export function endpointOf({ endpoint }: Route): Value {
  return endpoint === undefined ? unknown : constant(endpoint);
}

/** The path, as far as it is the same for all requests. */
function pathOf({ rule, isPartial }: Route): Value {
  if (isPartial) return unknown;
  const [start = ''] = rule.split('<');
  return start === rule ? constant(rule) : { ...unknown, shape: { is: 'constant', value: start, isPart: true, isStart: true } };
}
