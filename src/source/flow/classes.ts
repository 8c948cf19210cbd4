import type { Bindings } from './bindings.ts';
import type { Frame } from './machine.ts';
import { noLabels, type Arguments, type PythonClass, type Scope, type Value } from './value.ts';

const orders = new WeakMap<PythonClass, readonly PythonClass[]>();
const classes = new WeakMap<Bindings, PythonClass>();

/** Remembers whose members these are, for the `super()` of the methods among them. */
export function noteClass(type: PythonClass): void {
  classes.set(type.members, type);
}

/** A class and those it is derived from, in the order in which Python looks for a member: a shared base comes after all that share it. */
export function orderOf(type: PythonClass): readonly PythonClass[] {
  const known = orders.get(type);
  if (known) return known;
  // A class that is derived from its own name has no end.
  orders.set(type, [type]);
  const bases = type.bases.flatMap(({ shape }) => (shape.is === 'class' ? orderOf(shape.class) : []));
  const order = [type, ...bases.filter((base, index) => base !== type && bases.lastIndexOf(base) === index)];
  orders.set(type, order);
  return order;
}

/** Bases that say how a class is written, and nothing of what it is. */
const structural = /^(?:object|abc\..*|ABC|typing(?:_extensions)?\..*|enum\..*|\?.*)$/;

/** The paths of the classes of libraries that a class is derived from, at any remove. */
export function libraryBases(type: PythonClass): readonly string[] {
  const paths = orderOf(type).flatMap(({ bases }) => bases.flatMap(({ shape }) => (shape.is === 'symbol' ? [shape.path] : [])));
  return paths.filter((path) => !structural.test(path));
}

/** True for a class of exceptions. */
export function isException(type: PythonClass): boolean {
  return libraryBases(type).some((path) => /(?:Exception|Error|Forbidden|NotFound|Unauthorized|BadRequest)$/.test(path));
}

/** A member of a class or of those it is derived from; functions are bound to `self`, class methods to the class. */
export function memberOf(type: PythonClass, name: string, self: Value | undefined, after?: PythonClass): Value | undefined {
  const order = orderOf(type);
  for (const each of after ? order.slice(order.indexOf(after) + 1) : order) {
    const own = each.members.get(name);
    if (!own) continue;
    if (own.shape.is !== 'function' || own.shape.binds === 'nothing') return own;
    const bound = own.shape.binds === 'class' ? classValue(type) : self;
    return bound ? { ...own, shape: { ...own.shape, self: bound } } : own;
  }
  return undefined;
}

function classValue(type: PythonClass): Value {
  return { labels: noLabels, shape: { is: 'class', class: type } };
}

/** `super()` in a method, or `super(Type, self)`; `undefined` where it is not known whose. */
export function parentOf({ args: [type, self] }: Arguments, { scope }: Frame): Value | undefined {
  if (type?.shape.is === 'class' && self) return behind(self, type.shape.class);
  for (let each: Scope = scope; each.parent; each = each.parent) {
    const after = classes.get(each.parent.vars);
    // The first variable of a method is what it is called on.
    const [first] = after ? each.vars : [];
    if (after && first) return behind(first[1], after);
  }
  return undefined;
}

function behind(self: Value, after: PythonClass): Value | undefined {
  const { shape } = self;
  return shape.is === 'instance' || shape.is === 'class' || shape.is === 'stored' ? { ...self, shape: { ...shape, after } } : undefined;
}
