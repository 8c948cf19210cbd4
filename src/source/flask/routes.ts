import { memberOf } from '../flow/classes.ts';
import type { Code, PythonClass, Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { handlersOf } from './handlers.ts';
import type { Hook, Parsed, Registry } from './registration.ts';

/** A view that requests reach. */
export interface Route {
  readonly methods: readonly string[];
  /** With prefixes, as Werkzeug reads it: `/users/<int:user_id>`. */
  readonly rule: string;
  /** The same with variables as OpenAPI writes them: `/users/{user_id}`. */
  readonly path: string;
  readonly variables: readonly { readonly name: string; readonly converter: string | undefined }[];
  /** Converters of the app's own, by the name of the variable that each makes something of. */
  readonly converted: ReadonlyMap<string, PythonClass>;
  /** The rule is computed: other variables may be in it. */
  readonly isPartial: boolean;
  readonly view: Value;
  /** As Flask names it: `blueprint.view`. */
  readonly endpoint: string | undefined;
  readonly code: Code;
  /** The class of a class-based view. */
  readonly type: PythonClass | undefined;
  readonly file: string;
  readonly place: Place;
  readonly hooks: readonly Hook[];
  /** What the view is called with beside its variables. */
  readonly arguments: ReadonlyMap<string, Value>;
  /** What decorators parse for the view. */
  readonly parsed: readonly Parsed[];
  /** Fields that the answer is reduced to. */
  readonly answers: readonly string[] | undefined;
}

/** All routes of an app, from what was registered. */
export function routesOf(registry: Registry): readonly Route[] {
  const routes = registry.routes.flatMap((registered): Route[] => {
    const owners = ownersOf(registered.owner, registry);
    const hooks = registry.hooks.filter(({ owner, isForAll }) => isForAll || !/Blueprint\(\)#/.test(owner) || owners.includes(owner));
    const prefix = owners
      .map((owner) => prefixOf(owner, registry))
      .toReversed()
      .join('');
    const rule = joined(prefix, registered.rule ?? '');
    const { path, variables } = readRule(rule);
    const common = {
      rule,
      path,
      variables,
      converted: convertedIn(variables, registry),
      isPartial: registered.isPartial,
      hooks,
      file: registered.file,
      arguments: registered.arguments ?? new Map(),
    };
    return handlersOf(registered).map(({ methods, view, code, type }) => ({
      ...common,
      methods,
      view,
      code,
      type,
      endpoint: endpointOf(registered.endpoint ?? (type ? undefined : code.name), owners, registry),
      place: code.place,
      answers: registry.answers.get(code),
      parsed: registry.parsed.get(code) ?? [],
    }));
  });
  const seen = new Set<string>();
  return routes.filter((route) => {
    const key = JSON.stringify([route.methods, route.path, route.code.file, route.place.start]);
    return !seen.has(key) && seen.add(key);
  });
}

function convertedIn(variables: Route['variables'], { converters }: Registry): ReadonlyMap<string, PythonClass> {
  return new Map(
    variables.flatMap(({ name, converter }) => {
      const type = converter === undefined ? undefined : converters.get(converter);
      return type && memberOf(type, 'to_python', undefined) ? [[name, type]] : [];
    }),
  );
}

function endpointOf(name: string | undefined, owners: readonly string[], { names }: Registry): string | undefined {
  const blueprints = owners.flatMap((owner) => names.get(owner) ?? []);
  return name === undefined ? undefined : [...blueprints.toReversed(), name].join('.');
}

/** A rule under a prefix: one slash between the two. */
function joined(prefix: string, rule: string): string {
  return prefix === '' || rule === '' || rule.startsWith('/') ? prefix + rule : `${prefix}/${rule}`;
}

/** The blueprint and those it is nested in, the innermost first. */
function ownersOf(owner: string, { mounts }: Registry): readonly string[] {
  const owners = [owner];
  for (let child = owner; owners.length < 8;) {
    const mount = mounts.find((each) => each.child === child && !owners.includes(each.parent));
    if (!mount) break;
    owners.push(mount.parent);
    child = mount.parent;
  }
  return owners;
}

function prefixOf(owner: string, { mounts, prefixes }: Registry): string {
  return (mounts.find(({ child }) => child === owner)?.prefix ?? prefixes.get(owner) ?? '').replace(/\/$/, '');
}

/** Takes a rule of Werkzeug apart: `/users/<int:user_id>`. */
export function readRule(rule: string): Pick<Route, 'path' | 'variables'> {
  const variables: { name: string; converter: string | undefined }[] = [];
  const path = rule.replaceAll(/<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>/g, (_, converter: string | undefined, name: string) => {
    variables.push({ name, converter });
    return `{${name}}`;
  });
  return { path: path.startsWith('/') ? path : `/${path}`, variables };
}
