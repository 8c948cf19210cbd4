import type { Machine } from './machine.ts';
import { isClientLabel, type Arguments, type Code, type Value } from './value.ts';

const ofStaff = /admin|super_?user|staff|moderator|operator|\broot\b|sysop/i;
const ofRole = /admin|super_?user|staff|moderator|operator|\broot\b|sysop|role|permission|privilege/i;
const asks = /^_*(?:is|has|have|can|may|check|require[sd]?|ensure|assert|verify|must|only|user_(?:is|has)|\w*_(?:is|has))_/i;
const unless = /optional|public|anonymous|skip|exempt|(?:^|_)(?:not|no|non|un\w+)_/i;
const ofContent = new Set([400, 409, 415, 422]);

/** True for words that say of a decorator or of a hook that it lets only staff through. */
export function namesStaff(text: string): boolean {
  return ofStaff.test(text) && !unless.test(text);
}

/** True for a function that is asked about the caller alone, by its name: `is_admin()`, `check_permissions('read')`. */
function asksForRole({ name }: Code, { args, keywords, rest }: Arguments, self: Value | undefined): boolean {
  if (!asks.test(name) || unless.test(name)) return false;
  const values = [...args, ...keywords.values(), ...(rest ? [rest] : [])];
  const isOfCaller = ({ labels, shape }: Value): boolean => (labels.size === 0 || labels.has('I')) && shape.is !== 'function';
  if (!values.every((value) => isOfCaller(value) && ![...value.labels].some(isClientLabel))) return false;
  // A method may ask about what its object holds.
  return (
    (self?.shape.is === 'instance' || self?.shape.is === 'stored' ? ofStaff : ofRole).test(name) && (self === undefined || isOfCaller(self))
  );
}

/**
 * What a call of a function of the project says of the caller's role, beyond what its body told: where it returned something true,
 * or, if it refuses, from here on. `before` is how many moments there were when it was called.
 */
export function withRole(machine: Machine, code: Code, args: Arguments, self: Value | undefined, before: number, value: Value): Value {
  if (!asksForRole(code, args, self)) return value;
  const refuses = machine.trace.moments.slice(before).some((moment) => moment.is === 'refusal' && !ofContent.has(moment.status ?? 403));
  if (refuses) machine.add(['caller', 'role']);
  return { ...value, onTrue: new Set([...(value.onTrue ?? []), 'caller', 'role']) };
}
