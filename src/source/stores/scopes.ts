import type { Condition } from '../flow/access.ts';
import { orderOf } from '../flow/classes.ts';
import type { Frame, Machine } from '../flow/machine.ts';
import type { Arguments, PythonClass, Value } from '../flow/value.ts';
import type { Place } from '../python/syntax.ts';
import { conditionsOf } from './conditions.ts';

function keptAs(type: PythonClass): string {
  return `scope of ${type.scope.file}:${type.name}`;
}

/** `with_loader_criteria(Owned, lambda cls: cls.owner_id == me)`: from now on every query of such a model asks this, too. */
export function noteScope(machine: Machine, path: string, { args: [model, criteria] }: Arguments): void {
  if (!/(?:^|\.)with_loader_criteria$/.test(path) || model?.shape.is !== 'class' || !criteria) return;
  machine.state.attributes.set(keptAs(model.shape.class), criteria);
}

/** `@event.listens_for(Session, 'do_orm_execute')`: a function that every query goes through is gone through once. */
export function noteListener(machine: Machine, path: string, args: Arguments, value: Value, at: Place, frame: Frame): Value | undefined {
  const [listener] = args.args;
  const [, event] = value.shape.is === 'symbol' ? (value.shape.call?.args ?? []) : [];
  const isOfQueries = event?.shape.is === 'constant' && event.shape.value === 'do_orm_execute';
  if (!/(?:^|\.)listens_for\(\)$/.test(path) || listener?.shape.is !== 'function' || !isOfQueries) return undefined;
  machine.call(listener, { args: [], keywords: new Map(), rest: undefined }, at, frame);
  return listener;
}

/** What every query of a model asks. */
export function scopeOf(machine: Machine, entity: PythonClass | undefined, at: Place, frame: Frame): readonly Condition[] {
  if (!entity) return [];
  return orderOf(entity).flatMap((type) => {
    const criteria = machine.state.attributes.get(keptAs(type));
    if (!criteria) return [];
    const model: Value = { labels: new Set(), shape: { is: 'class', class: entity } };
    const args = { args: [model], keywords: new Map<string, Value>(), rest: undefined };
    const test = criteria.shape.is === 'function' ? machine.call(criteria, args, at, frame) : criteria;
    return conditionsOf(test, 'tests');
  });
}
