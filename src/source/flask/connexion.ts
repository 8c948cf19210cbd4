import { parse } from 'yaml';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { memberOf } from '../flow/classes.ts';
import { opaque, type Value } from '../flow/value.ts';
import type { Modules } from '../project/modules.ts';
import type { SourceFile } from '../project/read-files.ts';
import type { Registered, Registry } from './registration.ts';

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;
const converters: Readonly<Record<string, string>> = { integer: 'int:', number: 'float:' };

/**
 * Registers the views that a description names: connexion takes `operationId` for the dotted path of a function, under the module
 * of `x-openapi-router-controller`. Returns sentences about what it names and the source does not have.
 */
export function registerDescribed(registry: Registry, modules: Modules, documents: readonly SourceFile[]): readonly string[] {
  const resolvers = resolversIn(modules);
  return documents.flatMap((document) => {
    const root = parsed(document.text);
    const paths = isObject(root) ? root['paths'] : undefined;
    if (!isObject(root) || !isObject(paths)) return [];
    const base = basePathOf(root);
    const missing: string[] = [];
    for (const [path, item] of Object.entries(paths)) {
      if (!isObject(item)) continue;
      for (const verb of verbs) {
        const operation = item[verb];
        if (!isObject(operation)) continue;
        const written = operation['operationId'];
        const names = typeof written === 'string' ? [controlled(written, operation, item)] : conventional(path, verb, operation, resolvers);
        const registered = registeredBy(names, operation, item, root, `${base}${path}`, verb, modules);
        if (registered) registry.routes.push(registered);
        else if (typeof written === 'string' && namesFunction(operation)) missing.push(written);
      }
    }
    return missing.length === 0 ? [] : [`${document.path} names ${missing.slice(0, 3).join(', ')}, which the source does not have.`];
  });
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

/** An `operationId` with dots is the path of a function; without, it is often a mere name. */
function namesFunction(operation: JsonObject): boolean {
  return String(operation['operationId']).includes('.') || typeof operation['x-openapi-router-controller'] === 'string';
}

function registeredBy(
  names: readonly string[],
  operation: JsonObject,
  item: JsonObject,
  root: JsonObject,
  path: string,
  verb: string,
  modules: Modules,
): Registered | undefined {
  const found = names.map((name) => functionOf(name, modules)).find((each) => each !== undefined);
  if (!found) return undefined;
  const parameters = [item['parameters'], operation['parameters']].flatMap((list) => (Array.isArray(list) ? list : []));
  const resolved = parameters.map((each: Json) => referenced(each, root)).filter(isObject);
  const { view, file } = found;
  const isSecured = demands(operation['security'] ?? root['security']);
  const code = view.shape.is === 'function' ? view.shape.code : undefined;
  if (!code) return undefined;
  return {
    rule: path.replaceAll(/\{([^{}]+)\}/g, (_, slot: string) => `<${converterOf(slot, resolved)}${slot.replaceAll('-', '_')}>`),
    isPartial: false,
    methods: [verb.toUpperCase()],
    view:
      isSecured && view.shape.is === 'function' ? { ...view, shape: { ...view.shape, by: [...(view.shape.by ?? []), 'caller'] } } : view,
    owner: '?',
    file,
    place: code.place,
    arguments: argumentsOf(resolved, isSecured),
  };
}

function controllerOf(operation: JsonObject, item: JsonObject): string | undefined {
  const controller =
    operation['x-openapi-router-controller'] ?? operation['x-swagger-router-controller'] ?? item['x-openapi-router-controller'];
  return typeof controller === 'string' ? controller : undefined;
}

function controlled(name: string, operation: JsonObject, item: JsonObject): string {
  const controller = controllerOf(operation, item);
  return controller === undefined ? name : `${controller}.${name}`;
}

/** `RestyResolver('api')`: where views are found that a description does not name. */
interface Resolver {
  readonly module: string;
  /** The function that answers for a whole collection. */
  readonly collection: string;
}

function resolversIn({ all }: Modules): readonly Resolver[] {
  const made = /\b(?:Resty|MethodView)Resolver\(\s*['"]([\w.]+)['"](?:\s*,\s*(?:collection_endpoint_name\s*=\s*)?['"](\w+)['"])?/g;
  return all.flatMap(({ file }) => [...file.text.matchAll(made)].map(([, module = '', collection = 'search']) => ({ module, collection })));
}

/** What connexion looks for when an operation has no `operationId`: `api.pets.search`, `api.PetsView.get`. */
function conventional(path: string, verb: string, operation: JsonObject, resolvers: readonly Resolver[]): readonly string[] {
  const [, written = '', rest = ''] = /^\/?([\w-]*)\/*(.*)$/.exec(path) ?? [];
  const resource = written.replaceAll('-', '_');
  const controller = controllerOf(operation, {});
  return resolvers.flatMap(({ module, collection }) => {
    const name = verb === 'get' && resource !== '' && rest === '' ? collection : verb;
    if (controller !== undefined) return [`${controller}.${name}`];
    return [`${module}.${resource}.${name}`, `${module}.${resource.charAt(0).toUpperCase()}${resource.slice(1)}View.${name}`];
  });
}

function functionOf(name: string, modules: Modules): { readonly view: Value; readonly file: string } | undefined {
  const parts = name.replace(':', '.').split('.');
  for (let split = parts.length - 1; split > 0; split -= 1) {
    const module = modules.find(parts.slice(0, split).join('.'), 0, '');
    const [first = '', member] = parts.slice(split);
    const value = module?.scope.vars.get(first);
    if (!module || !value) continue;
    const view = member !== undefined && value.shape.is === 'class' ? memberOf(value.shape.class, member, undefined) : value;
    if (view?.shape.is === 'function') return { view, file: module.file.path };
  }
  return undefined;
}

function referenced(value: Json, root: JsonObject): Json | undefined {
  if (!isObject(value) || typeof value['$ref'] !== 'string' || !value['$ref'].startsWith('#/')) return value;
  let node: Json | undefined = root;
  for (const part of value['$ref'].slice(2).split('/')) node = isObject(node) && Object.hasOwn(node, part) ? node[part] : undefined;
  return node;
}

function converterOf(slot: string, parameters: readonly JsonObject[]): string {
  const parameter = parameters.find((each) => each['name'] === slot && each['in'] === 'path');
  const schema = isObject(parameter?.['schema']) ? parameter['schema'] : parameter;
  if (schema?.['format'] === 'path') return 'path:';
  return converters[String(schema?.['type'])] ?? '';
}

/** What a view is called with beside the variables of its path. */
function argumentsOf(parameters: readonly JsonObject[], isSecured: boolean): ReadonlyMap<string, Value> {
  const named = parameters.flatMap((parameter): [string, Value][] => {
    const name = String(parameter['name'] ?? '').replaceAll(/[^\w]/g, '_');
    if (parameter['in'] === 'body') return [[name, opaque(new Set(['R', 'J', '@json']))]];
    return parameter['in'] === 'path' || parameter['in'] === 'cookie' ? [] : [[name, opaque(new Set([`C:${name}`]))]];
  });
  const caller = opaque(new Set(['I']));
  return new Map([
    ['body', opaque(new Set(['R', 'J', '@json']))],
    ...named,
    ...(isSecured
      ? ([
          ['user', caller],
          ['token_info', caller],
        ] as const)
      : []),
  ]);
}

/** True when every alternative asks for some credential. */
function demands(security: Json | undefined): boolean {
  return Array.isArray(security) && security.length > 0 && security.every((each: Json) => isObject(each) && Object.keys(each).length > 0);
}

/** Under which the paths of a description stand: the `basePath` of Swagger 2, the path of the first server of OpenAPI 3. */
function basePathOf(root: JsonObject): string {
  const [server] = Array.isArray(root['servers']) ? (root['servers'] as readonly Json[]) : [];
  const url = isObject(server) && typeof server['url'] === 'string' ? server['url'] : '';
  const path = typeof root['basePath'] === 'string' ? root['basePath'] : url.replace(/^[a-z]+:\/\/[^/]*/i, '');
  return /^\/[^{}]*$/.test(path) ? path.replace(/\/+$/, '') : '';
}
