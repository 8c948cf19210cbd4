import type { Expression, Place } from '../python/syntax.ts';
import type { Frame, Machine } from './machine.ts';
import type { Test } from './test.ts';
import { join, type Value } from './value.ts';

/** The value as a condition. */
export function testOf(value: Value): Test {
  const isPlain = value.onTrue === undefined && value.onFalse === undefined;
  return value.shape.is === 'test' && isPlain ? value.shape.test : { is: 'truth', value };
}

/** Binds a value to a name, an attribute, an entry, or to several of them. */
export function assign(machine: Machine, target: Expression, value: Value, frame: Frame): void {
  switch (target.kind) {
    case 'Name':
      if (isNone(value)) machine.add(heldBy(frame.scope.vars.get(target.name)));
      frame.scope.vars.set(target.name, value);
      return;
    case 'Attribute':
      machine.setAttribute(machine.evaluate(target.value, frame), target.name, value, target, frame);
      return;
    case 'Subscript': {
      const holder = machine.evaluate(target.value, frame);
      const changed = machine.setEntry(holder, machine.evaluate(target.index, frame), value, target, frame);
      if (target.value.kind === 'Name' && changed) frame.scope.vars.set(target.value.name, changed);
      return;
    }
    case 'Tuple':
    case 'List':
      for (const [position, item] of target.items.entries()) {
        const part = value.shape.is === 'sequence' ? (value.shape.items[position] ?? value.shape.each) : undefined;
        assign(machine, item.kind === 'Starred' ? item.value : item, part ?? machine.elements(value), frame);
      }
      return;
    default:
      return;
  }
}

function isNone({ shape }: Value): boolean {
  return shape.is === 'constant' && shape.value === null;
}

/** `row = None`: what was loaded is dropped. */
function heldBy(value: Value | undefined): readonly string[] {
  return value?.shape.is === 'stored' && value.shape.part === 'whole' ? [`gone:${value.shape.access}`] : [];
}

/** A query is run when somebody goes through it, whichever of several it is by then. */
export function iterate(machine: Machine, value: Value, at: Place, frame: Frame): Value {
  const { shape } = value;
  if (shape.is === 'query') return machine.attribute(value, '[:]', at, frame);
  // A cursor that was told what to fetch.
  if (shape.is === 'symbol') return machine.state.attributes.get(`${shape.path}.__iter__`) ?? recordsIn(machine, value, at, frame) ?? value;
  const isAnyQuery = shape.is === 'either' && shape.options.some((option) => option.shape.is === 'query');
  return isAnyQuery ? join(shape.options.map((option) => iterate(machine, option, at, frame))) : value;
}

/** A list that is a store of the app's own is read when somebody goes through it. */
function recordsIn(machine: Machine, value: Value, at: Place, frame: Frame): Value | undefined {
  for (const library of machine.libraries) {
    const known = library.attribute?.(machine, value, '[:]', at, frame);
    if (known) return known;
  }
  return undefined;
}
