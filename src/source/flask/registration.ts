import type { InputPlace } from '../../model/source.ts';
import type { Callee, Frame, Library } from '../flow/machine.ts';
import { optionsOf, textOf, unknown, type Arguments, type Code, type PythonClass, type Value } from '../flow/value.ts';
import { libraryBases } from '../flow/classes.ts';
import type { Place } from '../python/syntax.ts';
import { noteParsed, withParsed } from './parsed.ts';
import { schemaOf } from './schemas.ts';

/** A view as it was registered. */
export interface Registered {
  /** As written: `/users/<int:user_id>`; `undefined` when it is computed. */
  readonly rule: string | undefined;
  /** Not all of the rule is known. */
  readonly isPartial: boolean;
  /** `undefined`: what the view itself says, or GET. */
  readonly methods: readonly string[] | undefined;
  readonly view: Value;
  /** The class whose decorators stand around the view. */
  readonly type?: PythonClass;
  /** Its name, where it was given one. */
  readonly endpoint?: string;
  /** The app or blueprint. */
  readonly owner: string;
  readonly file: string;
  readonly place: Place;
  /** What it is called with beside the variables of its rule. */
  readonly arguments?: ReadonlyMap<string, Value>;
}

export interface Hook {
  readonly view: Value;
  readonly owner: string;
  readonly isForAll: boolean;
  /** It is called with the endpoint and the variables of the route. */
  readonly seesVariables: boolean;
  readonly file: string;
}

export interface Mount {
  readonly child: string;
  readonly parent: string;
  readonly prefix: string;
}

/** A part of a request that a decorator parses by a schema, or by a dictionary of fields. */
export interface Parsed {
  readonly fields: PythonClass | Value;
  readonly place: InputPlace | undefined;
}

/** What the modules of an app registered while they were loaded. */
export interface Registry {
  readonly routes: Registered[];
  readonly hooks: Hook[];
  readonly mounts: Mount[];
  /** Prefix that a blueprint was made with. */
  readonly prefixes: Map<string, string>;
  /** The name of each blueprint. */
  readonly names: Map<string, string>;
  /** Fields that the schema of an answer lets through. */
  readonly answers: Map<Code, readonly string[]>;
  /** What decorators parse for a view. */
  readonly parsed: Map<Code, readonly Parsed[]>;
  /** Converters of the app's own, by the name that rules use: `<item:item>`. */
  readonly converters: Map<string, PythonClass>;
}

export function newRegistry(): Registry {
  return {
    routes: [],
    hooks: [],
    mounts: [],
    prefixes: new Map(),
    names: new Map(),
    answers: new Map(),
    parsed: new Map(),
    converters: new Map(),
  };
}

/** Functions that run before a view. */
const hooks = new Set(['before_request', 'before_app_request', 'url_value_preprocessor', 'app_url_value_preprocessor']);
const verbs = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options']);

/** Watches for what registers routes, in Flask and in what is built on it. */
export function registration(registry: Registry): Library {
  return {
    call(_machine, callee, args, at, frame) {
      const { path, name, receiver } = callee;
      const method = /\.(\w+)\(\)$/.exec(path)?.[1];
      const { shape } = callee.value;
      if (method !== undefined && shape.is === 'symbol' && shape.call && shape.receiver) {
        return decorated(registry, method, shape.call, shape.receiver, args, at, frame);
      }
      if (!receiver) return undefined;
      const [hook] = args.args;
      if (hooks.has(name) && hook && isCallable(hook)) {
        const seesVariables = name.endsWith('url_value_preprocessor');
        registry.hooks.push({
          view: hook,
          owner: ownerOf(receiver, registry),
          isForAll: name.includes('app_'),
          seesVariables,
          file: frame.file,
        });
        return hook;
      }
      return registered(registry, callee, receiver, args, at, frame);
    },
    setEntry(_machine, { shape }, index, value) {
      const name = textOf(index);
      if (shape.is !== 'symbol' || !shape.path.endsWith('url_map.converters') || name === undefined) return false;
      if (value.shape.is === 'class') registry.converters.set(name, value.shape.class);
      return true;
    },
  };
}

/** `@app.route('/x')` and what is like it, at the moment when the view is handed over. */
function decorated(
  registry: Registry,
  method: string,
  call: Arguments,
  receiver: Value,
  { args: [view] }: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  if (!view || (!isCallable(view) && view.shape.is !== 'class')) return undefined;
  const [first] = call.args;
  const rule = first ?? call.keywords.get('rule');
  if (method === 'arguments' || method === 'use_args' || method === 'use_kwargs' || method === 'input') {
    noteParsed(registry, view, call);
    return withParsed(view, call, method);
  }
  if (method === 'response' || method === 'marshal_with' || method === 'output' || method === 'doc' || method === 'alt_response') {
    const schema = [...call.args, ...call.keywords.values()].map(schemaOf).find((each) => each !== undefined);
    if (schema && view.shape.is === 'function' && method !== 'doc') registry.answers.set(view.shape.code, schema.fields);
    return view;
  }
  const isRoute = method === 'route' || method === 'expose' || method === 'websocket';
  if (!isRoute && !(verbs.has(method) && looksLikeRule(rule))) return undefined;
  if (!rule && !isRoute) return undefined;
  const methods = verbs.has(method) ? [method.toUpperCase()] : methodsOf(call);
  for (const each of [rule ?? unknown, ...call.args.slice(1).filter(looksLikeRule)]) {
    registry.routes.push({
      ...ruleOf(each),
      methods,
      view,
      ...endpointOf(call.keywords.get('endpoint')),
      owner: ownerOf(receiver, registry),
      file: frame.file,
      place: placeOf(view, at),
    });
  }
  return view;
}

function looksLikeRule(value: Value | undefined): boolean {
  const text = value && textOf(value);
  return text !== undefined && (text === '' || text.startsWith('/') || text.includes('<'));
}

/** Where the rule depends on a setting, the plainest of what it may be. */
export function ruleOf(value: Value): { readonly rule: string | undefined; readonly isPartial: boolean } {
  if (value.shape.is === 'either') {
    const [plainest] = value.shape.options
      .map(ruleOf)
      .toSorted((one, other) => (one.rule?.length ?? Infinity) - (other.rule?.length ?? Infinity));
    if (plainest) return plainest;
  }
  const isPartial = value.shape.is !== 'constant' || value.shape.isPart === true;
  return { rule: textOf(value), isPartial };
}

function endpointOf(value: Value | undefined): { readonly endpoint?: string } {
  const endpoint = value && textOf(value);
  return endpoint === undefined ? {} : { endpoint };
}

export function methodsOf({ keywords }: Arguments, inPlace?: Value): readonly string[] | undefined {
  const given = keywords.get('methods') ?? inPlace;
  const names = given?.shape.is === 'sequence' ? given.shape.items.flatMap((item) => textOf(item) ?? []) : [];
  if (names.length === 0) return given ? ['GET', 'POST'] : undefined;
  return names.map((name) => name.toUpperCase());
}

function registered(registry: Registry, { name }: Callee, receiver: Value, args: Arguments, at: Place, frame: Frame): Value | undefined {
  const owner = (): string => ownerOf(receiver, registry);
  const { args: positional, keywords } = args;
  const place = (view: Value): Place => placeOf(view, at);
  switch (name) {
    case 'as_view':
      return receiver.shape.is === 'class' ? receiver : undefined;
    case 'add_url_rule': {
      const view = [...(keywords.get('view_func') ? [keywords.get('view_func') ?? unknown] : positional)]
        .flatMap(optionsOf)
        .find((each) => isCallable(each) || each.shape.is === 'class');
      if (!view) return undefined;
      registry.routes.push({
        ...ruleOf(positional[0] ?? keywords.get('rule') ?? unknown),
        methods: methodsOf(args),
        view,
        ...endpointOf(keywords.get('endpoint') ?? positional[1]),
        owner: owner(),
        file: frame.file,
        place: place(view),
      });
      return unknown;
    }
    case 'add_resource': {
      const [view, ...rules] = positional;
      if (view?.shape.is !== 'class') return undefined;
      for (const rule of rules)
        registry.routes.push({ ...ruleOf(rule), methods: undefined, view, owner: owner(), file: frame.file, place: place(view) });
      return unknown;
    }
    case 'init_app': {
      const [app] = positional;
      if (!app || !/(?:^|\.)Api\(\)#/.test(owner())) return undefined;
      mountApi(owner(), app, registry);
      return unknown;
    }
    case 'register_blueprint':
    case 'add_namespace':
    case 'register_api': {
      const [child] = positional;
      if (!child) return undefined;
      const prefix = keywords.get('url_prefix') ?? keywords.get('path') ?? (name === 'add_namespace' ? positional[1] : undefined);
      for (const option of optionsOf(child)) {
        const key = ownerOf(option, registry);
        registry.mounts.push({ child: key, parent: owner(), prefix: (prefix && textOf(prefix)) ?? registry.prefixes.get(key) ?? '' });
      }
      return unknown;
    }
    default:
      return undefined;
  }
}

function isCallable(value: Value | undefined): boolean {
  return value?.shape.is === 'function';
}

function placeOf({ shape }: Value, at: Place): Place {
  if (shape.is === 'function') return shape.code.place;
  return shape.is === 'class' ? shape.class.def : at;
}

/** A key for an app or blueprint: two of them are told apart by where they were made. */
export function ownerOf({ shape }: Value, registry: Registry): string {
  if (shape.is !== 'symbol' && shape.is !== 'instance') return '?';
  const path = shape.is === 'symbol' ? shape.path : `${libraryBases(shape.class)[0] ?? shape.class.name}()`;
  const key = `${path}#${shape.is === 'symbol' ? shape.site : shape.id}`;
  const prefix = shape.call?.keywords.get('url_prefix') ?? shape.call?.keywords.get('prefix') ?? shape.call?.keywords.get('path');
  const text = prefix && textOf(prefix);
  if (text !== undefined) registry.prefixes.set(key, text);
  const isBlueprint = (value: Value): boolean => value.shape.is === 'symbol' && value.shape.path.endsWith('Blueprint()');
  const name = shape.call?.args.find(isBlueprint) ?? shape.call?.args[0] ?? shape.call?.keywords.get('name');
  const title = name && path.endsWith('Blueprint()') ? textOf(name) : undefined;
  if (title !== undefined) registry.names.set(key, title);
  // `Api(blueprint)` stands where the blueprint does.
  if (/(?:^|\.)Api\(\)$/.test(path) && (name?.shape.is === 'symbol' || name?.shape.is === 'instance')) mountApi(key, name, registry);
  // A namespace without a path has its name for one.
  if (text === undefined && /(?:^|\.)Namespace\(\)$/.test(path) && name) registry.prefixes.set(key, `/${textOf(name) ?? ''}`);
  return key;
}

function mountApi(child: string, app: Value, registry: Registry): void {
  if (registry.mounts.some((mount) => mount.child === child)) return;
  registry.mounts.push({ child, parent: ownerOf(app, registry), prefix: registry.prefixes.get(child) ?? '' });
}
