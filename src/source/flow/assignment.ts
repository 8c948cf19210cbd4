import type { Place } from '../python/syntax.ts';
import type { Frame, Machine } from './machine.ts';
import type { Value } from './value.ts';

/** `setattr(row, name, value)`, with a name that is only known when the program runs. */
export function assignmentOf(machine: Machine, holder: Value, name: Value, value: Value, at: Place, frame: Frame): void {
  if (holder.shape.is === 'either') {
    for (const option of holder.shape.options) assignmentOf(machine, option, name, value, at, frame);
    return;
  }
  const access = holder.shape.is === 'stored' ? holder.shape.access : undefined;
  const isCaller = holder.labels.has('I');
  if (access === undefined && !isCaller) return;
  machine.trace.moments.push({
    is: 'assigned',
    name,
    value,
    access: access ?? -1,
    facts: machine.state.facts,
    site: machine.site(at, frame),
  });
}
