import type { Expression } from '../python/syntax.ts';
import type { Frame, Machine } from './machine.ts';
import type { Value } from './value.ts';

const authenticates = /login|auth(?!or)|jwt|token|session|api_?key|signed_?in|logged_?in|protected|credentials|identity/i;
const hasRole = /admin|role|permission|superuser|staff|moderator|scope/i;
const isOptional = /optional|no_?auth|public|anonymous|skip|exempt/i;

/** Facts that a decorator establishes, by its name, when it cannot be looked into. */
export function factsOfName(name: string): readonly string[] {
  if (isOptional.test(name)) return [];
  if (hasRole.test(name)) return ['caller', 'role'];
  return authenticates.test(name) ? ['caller'] : [];
}

/** Applies decorators, the last one first. One that cannot be looked into leaves the function as it is. */
export function decorateValue(machine: Machine, value: Value, decorators: readonly Expression[], frame: Frame): Value {
  let decorated = value;
  for (const decorator of decorators.toReversed()) {
    const callee = machine.evaluate(decorator, frame);
    const result = machine.call(callee, { args: [decorated], keywords: new Map(), rest: undefined }, decorator, frame);
    if (frame.isDead) return decorated;
    if (result.shape.is === 'function' || result.shape.is === 'class') {
      decorated = around(decorated, result);
    } else if (decorated.shape.is === 'function') {
      const facts = factsOfName(machine.text(decorator, frame.file));
      if (facts.length > 0) decorated = { ...decorated, shape: { ...decorated.shape, by: [...(decorated.shape.by ?? []), ...facts] } };
    }
  }
  return decorated;
}

/** What a decorator returned, with what is known of the function that it was given. */
function around(inner: Value, result: Value): Value {
  if (inner.shape.is !== 'function' || result.shape.is !== 'function' || result.shape.binds || result.shape.isProperty) return result;
  const origin = inner.shape.origin ?? inner.shape.code;
  if (result.shape.code !== inner.shape.code) return { ...result, shape: { ...result.shape, origin } };
  const by = [...new Set([...(inner.shape.by ?? []), ...(result.shape.by ?? [])])];
  return { ...result, shape: { ...result.shape, by, origin } };
}
