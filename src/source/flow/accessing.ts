import type { Place } from '../python/syntax.ts';
import { isAccountNoun, singular, wordsOf } from '../../model/names.ts';
import type { Access } from './access.ts';
import { binds, clientLabels, isScoped } from './facts.ts';
import type { Frame, Machine } from './machine.ts';
import { labelsOf, noLabels, type Value } from './value.ts';
import type { Condition } from './access.ts';

/** True for a table or collection whose rows are people who sign in. */
export function isAccountResource(resource: string): boolean {
  const [before, last] = [undefined, ...wordsOf(resource)].slice(-2);
  // `notes_by_user` holds notes.
  return last !== undefined && before !== 'by' && isAccountNoun(singular(last));
}

/** The values that conditions compare with. */
export function valuesOf(conditions: readonly Condition[]): readonly Value[] {
  return conditions.flatMap((condition) => (condition.is === 'field' ? [condition.value] : valuesOf(condition.parts)));
}

/** Notes an access, and returns what it returns. */
export function recordAccess(
  machine: Machine,
  access: Omit<Access, 'id' | 'site' | 'facts' | 'many'>,
  answers: 'one' | 'many' | 'outcome',
  refuses: number | undefined,
  at: Place,
  frame: Frame,
): Value {
  const { accesses, moments } = machine.trace;
  const id = accesses.length;
  const recorded: Access = { ...access, id, many: answers === 'many', site: machine.site(at, frame), facts: machine.state.facts };
  const values = valuesOf(access.conditions);
  const labels = labelsOf(values);
  accesses.push(recorded);
  const isScopedNow = isScoped(recorded, machine.state.facts, accesses);
  const hasClient = clientLabels(access.conditions).some((label) => !machine.state.facts.has(`pin:${label}`));
  if (labels.has('K')) moments.push({ is: 'key-verified', site: machine.site(at, frame) });
  if (answers === 'outcome') return { labels: noLabels, shape: { is: 'outcome', access: id } };
  // Whoever is found by a credential, or by the caller's own id, is the caller.
  const isCaller =
    !hasClient &&
    (labels.has('K') ||
      (isAccountResource(access.resource) && values.some((value) => binds(value, machine.state.facts, accesses.slice(0, id)))));
  if (refuses !== undefined) {
    // An exception that nobody made an answer of is no refusal to learn from.
    if (refuses < 500) {
      moments.push({
        is: 'refusal',
        status: refuses,
        text: '',
        why: { missing: [id], foreign: isScopedNow ? [id] : [], own: [], role: false },
        site: machine.site(at, frame),
      });
    }
    if (isScopedNow) machine.add(clientLabels(access.conditions).map((label) => `pin:${label}`));
  }
  return {
    labels: new Set([`O:${id}`, ...(isCaller ? ['I'] : [])]),
    shape: { is: 'stored', access: id, part: answers === 'many' ? 'many' : 'whole', field: '', entity: access.entity },
  };
}
