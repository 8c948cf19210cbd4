import type { Expression } from '../python/syntax.ts';
import { Bindings } from './bindings.ts';
import type { Frame, Machine } from './machine.ts';
import { memberOf } from './members.ts';
import type { PythonClass, Scope, Value } from './value.ts';

type Attribute = Extract<Expression, { kind: 'Attribute' }>;

/** `super().name` and `super(Type, self).name`: what the classes after this one have by that name, for the same object. */
export function inheritedMember(machine: Machine, at: Attribute, frame: Frame): Value | undefined {
  const { value: written, name } = at;
  if (written.kind !== 'Call' || written.callee.kind !== 'Name' || written.callee.name !== 'super') return undefined;
  const [type, object] = written.args.map((arg) => machine.evaluate(arg, frame));
  const method = methodAround(frame.scope);
  const self = object ?? method?.self;
  const whole = self && classOf(self);
  if (!self || !whole) return undefined;
  const order = linearized(whole);
  const own = order.findIndex((each) => (type?.shape.is === 'class' ? each === type.shape.class : each.members === method?.members));
  if (own === -1) return undefined;
  for (const each of order.slice(own + 1)) {
    const member = memberOf({ ...each, bases: [] }, name, self.shape.is === 'class' ? undefined : self, whole);
    if (member) return member;
  }
  return machine.attribute(ofLibraryOnly(self, whole, order), name, at, frame);
}

/** The object as it would be without a class of the project: what is not found there is the library's. */
function ofLibraryOnly(self: Value, whole: PythonClass, order: readonly PythonClass[]): Value {
  const bases = order.flatMap((each) => each.bases).filter(({ shape }) => shape.is !== 'class');
  const type: PythonClass = { ...whole, members: new Bindings(), bases };
  const { shape } = self;
  if (shape.is === 'stored') return { ...self, shape: { ...shape, entity: type } };
  return shape.is === 'class' || shape.is === 'instance' ? { ...self, shape: { ...shape, class: type } } : self;
}

/** The method that something stands in: the members of its class, and what it was called on. */
function methodAround(scope: Scope): { readonly members: Scope['vars']; readonly self: Value | undefined } | undefined {
  for (let each: Scope | undefined = scope; each?.parent; each = each.parent) {
    const { parent } = each;
    if (each.isLocal !== true || parent.isClass !== true) continue;
    const [first] = each.vars;
    return { members: parent.vars, self: first?.[1] };
  }
  return undefined;
}

function classOf({ shape }: Value): PythonClass | undefined {
  if (shape.is === 'class' || shape.is === 'instance') return shape.class;
  return shape.is === 'stored' ? shape.entity : undefined;
}

/** A class and those that it is derived from, in the order in which Python asks them. */
function linearized(type: PythonClass): readonly PythonClass[] {
  const all = [type, ...type.bases.flatMap(({ shape }) => (shape.is === 'class' ? linearized(shape.class) : []))];
  return all.filter((each, index) => all.lastIndexOf(each) === index);
}
