import { libraryBases, memberOf, orderOf } from '../flow/classes.ts';
import type { Frame, Library, Machine } from '../flow/machine.ts';
import { instance } from '../flow/members.ts';
import { textOf, unknown, type Code, type PythonClass, type Value } from '../flow/value.ts';
import { methodsOf, ownerOf, ruleOf, type Registry } from './registration.ts';
import { resourceView } from './resource-views.ts';

interface Exposed {
  readonly rule: Value;
  readonly methods: readonly string[] | undefined;
}

const addsViews = /^(?:add_view|add_view_no_menu|add_api)$/;

/** Libraries in which a class names the rules of its methods, and is registered as a whole: Flask-AppBuilder, Flask-Admin, flask-rest-jsonapi. */
export function classRoutes(registry: Registry): Library {
  const exposed = new Map<Code, readonly Exposed[]>();
  return {
    call(machine, { path, name, value, receiver }, { args }, _at, frame) {
      const [first, second, ...others] = args;
      if (/(?:^|\.)expose\(\)$/.test(path) && isOfLibrary(path) && first?.shape.is === 'function' && value.shape.is === 'symbol') {
        const { call } = value.shape;
        if (!call) return undefined;
        const code = first.shape.origin ?? first.shape.code;
        const rule = call.args[0] ?? call.keywords.get('url') ?? unknown;
        exposed.set(code, [...(exposed.get(code) ?? []), { rule, methods: methodsOf(call, call.args[1]) }]);
        return first;
      }
      if (!receiver || !first) return undefined;
      if (addsViews.test(name)) return registerExposed(registry, exposed, machine, first, frame) ? unknown : undefined;
      if (name !== 'route' || first.shape.is !== 'class' || second === undefined) return undefined;
      const type = first.shape.class;
      const views = resourceView(type, machine);
      for (const rule of views.length > 0 ? others : []) {
        for (const { view, method } of views)
          registry.routes.push({
            ...ruleOf(rule),
            methods: [method],
            view,
            type,
            owner: ownerOf(receiver, registry),
            file: frame.file,
            place: type.def,
          });
      }
      return views.length > 0 ? unknown : undefined;
    },
  };
}

function isOfLibrary(path: string): boolean {
  return /^(?:flask_(?:appbuilder|admin)\b.*\.)?expose\(\)$/.test(path);
}

/** Registers the exposed methods of a class, or of an object of one. False when it has none. */
function registerExposed(
  registry: Registry,
  exposed: ReadonlyMap<Code, readonly Exposed[]>,
  machine: Machine,
  { shape }: Value,
  frame: Frame,
): boolean {
  if (shape.is !== 'class' && shape.is !== 'instance') return false;
  const type = shape.class;
  const names = new Set(orderOf(type).flatMap(({ members }) => [...members].map(([name]) => name)));
  const self = shape.is === 'instance' ? { labels: new Set<string>(), shape } : instance(type, machine.next());
  const prefix = prefixOf(type, shape.is === 'instance' ? shape.call?.keywords.get('url') : undefined);
  let found = false;
  for (const name of names) {
    const view = memberOf(type, name, self);
    if (view?.shape.is !== 'function') continue;
    const code = view.shape.origin ?? view.shape.code;
    for (const { rule, methods } of exposed.get(code) ?? []) {
      const { rule: text = '', isPartial } = ruleOf(rule);
      registry.routes.push({ rule: `${prefix}${text}`, isPartial, methods, view, owner: '?', file: frame.file, place: code.place });
      found = true;
    }
  }
  return found;
}

function prefixOf(type: PythonClass, url: Value | undefined): string {
  const said = (name: string): string | undefined => {
    const member = memberOf(type, name, undefined);
    return member && textOf(member);
  };
  const bases = libraryBases(type);
  const own = (url && textOf(url)) ?? said('route_base');
  if (own !== undefined) return own.replace(/\/$/, '');
  const name = type.name.toLowerCase();
  if (bases.some((base) => base.endsWith('Api'))) return `/api/${said('version') ?? 'v1'}/${said('resource_name') ?? name}`;
  return bases.some((base) => base.startsWith('flask_admin')) ? `/admin/${name}` : `/${name}`;
}
