import { isBound } from '../flow/facts.ts';
import type { Use } from '../flow/access.ts';
import { recordAccess } from '../flow/accessing.ts';
import type { Frame, Machine } from '../flow/machine.ts';
import { isMutator } from '../flow/members.ts';
import { none, unknown, type Arguments, type Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { conditionsOf } from './conditions.ts';
import { storeOfEntity } from './entities.ts';
import { isOneOf } from './load-stores.ts';
import type { Store } from './schema.ts';

/** A method of what was loaded that writes it: `row.delete()`, `row.children.append(child)`. */
export function onObject(
  machine: Machine,
  stores: readonly Store[],
  receiver: Value,
  name: string,
  args: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  const { shape } = receiver;
  if (shape.is !== 'stored' || !shape.entity) return undefined;
  const store = storeOfEntity(stores, shape.entity);
  const verb = shape.part === 'field' ? (isMutator(name) ? 'update' : undefined) : store?.instanceMethods[name];
  if (!store || !verb) return undefined;
  noteUse(machine, verb, shape.access, unknown, withCondition(machine, shape.access, args), at, frame);
  // `row.update(**data)`
  if (verb === 'update' && shape.part !== 'field' && args.rest) machine.noteAssignment(receiver, args.rest, args.rest, at, frame);
  return shape.part === 'field' ? none : receiver;
}

/** `item.delete(condition=Item.owner == me)`: it is done only where the object is the caller's. */
function withCondition(machine: Machine, access: number, { keywords }: Arguments): ReadonlySet<string> {
  const { facts } = machine.state;
  const condition = keywords.get('condition');
  const conditions = condition ? conditionsOf(condition, 'tests') : [];
  return conditions.some((each) => isBound(each, facts, machine.trace.accesses)) ? new Set([...facts, `own:${access}`]) : facts;
}

/** `session.delete(row)`, `session.merge(Model(id=id))`. */
export function changeObject(
  machine: Machine,
  store: Store,
  holder: Value | undefined,
  name: string,
  { args }: Arguments,
  at: Place,
  frame: Frame,
): Value | undefined {
  const change = store.objects.find(
    ({ names, receivers }) => names.includes(name) && holder?.shape.is === 'symbol' && isOneOf(receivers, holder.shape.path),
  );
  const [object] = args;
  if (!change || object?.shape.is !== 'stored') return undefined;
  const made = machine.trace.accesses[object.shape.access];
  if (made?.verb === 'create' && made.data) {
    // An object that was made with the key of another one takes its place.
    const conditions = conditionsOf(made.data, 'rows');
    return conditions.length === 0
      ? object
      : recordAccess(machine, { ...made, verb: change.verb, conditions, joined: [] }, 'one', undefined, at, frame);
  }
  noteUse(machine, change.verb, object.shape.access, object, machine.state.facts, at, frame);
  return change.verb === 'delete' ? none : object;
}

function noteUse(
  machine: Machine,
  kind: Use['kind'],
  access: number,
  value: Value,
  facts: ReadonlySet<string>,
  at: Place,
  frame: Frame,
): void {
  machine.trace.uses.push({ kind, access, field: undefined, value, site: machine.site(at, frame), facts });
}
