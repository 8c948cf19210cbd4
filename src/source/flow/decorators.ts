import type { Expression } from '../python/syntax.ts';
import type { Frame, Machine } from './machine.ts';
import { namesStaff } from './role-names.ts';
import type { Arguments, Value } from './value.ts';

const authenticates =
  /login|auth(?!or)|jwt|token|session|api_?key|signed_?in|logged_?in|protect(?:ed)?\b|has_?access|credentials|identity/i;
const hasRole = /admin|role|permission|superuser|staff|moderator|scope/i;
const isOptional = /optional|no_?auth|public|anonymous|skip|exempt/i;

/** Facts that a decorator establishes, by its name, when it cannot be looked into. */
export function factsOfName(name: string): readonly string[] {
  if (isOptional.test(name)) return [];
  if (hasRole.test(name)) return ['caller', 'role'];
  return authenticates.test(name) ? ['caller'] : [];
}

/** `login_required(view)`, where it is called rather than written above: the view, with what the name says. */
export function decoratedByName(path: string, { args: [view, ...others], keywords, rest }: Arguments): Value | undefined {
  if (!view || others.length > 0 || keywords.size > 0 || rest) return undefined;
  const facts = factsOfName(path);
  if (view.shape.is === 'class') return facts.length === 0 ? undefined : { ...view, shape: { ...view.shape, by: facts } };
  if (view.shape.is !== 'function' || (facts.length === 0 && !path.endsWith('()'))) return undefined;
  const decorated: Value = { ...view, shape: { ...view.shape, by: [...(view.shape.by ?? []), ...facts] } };
  byName.add(decorated);
  return decorated;
}

/** What nobody could look into: above a function, all that is written there counts, and not the name alone. */
const byName = new WeakSet<Value>();

/** Applies decorators, the last one first. One that cannot be looked into leaves the function as it is. */
export function decorateValue(machine: Machine, value: Value, decorators: readonly Expression[], frame: Frame): Value {
  let decorated = value;
  for (const decorator of decorators.toReversed()) {
    const callee = machine.evaluate(decorator, frame);
    const result = machine.call(callee, { args: [decorated], keywords: new Map(), rest: undefined }, decorator, frame);
    if (frame.isDead) return decorated;
    if ((result.shape.is === 'function' || result.shape.is === 'class') && !(byName.has(result) && isSameCode(result, decorated))) {
      decorated = around(decorated, result, namesStaff(machine.text(decorator, frame.file)));
    } else if (decorated.shape.is === 'function') {
      const facts = factsOfName(machine.text(decorator, frame.file));
      if (facts.length > 0) decorated = { ...decorated, shape: { ...decorated.shape, by: [...(decorated.shape.by ?? []), ...facts] } };
    }
  }
  return decorated;
}

function isSameCode({ shape: one }: Value, { shape: other }: Value): boolean {
  return one.is === 'function' && other.is === 'function' ? one.code === other.code : one.is === 'class';
}

/** What a decorator returned, with what is known of the function that it was given. */
function around(inner: Value, result: Value, isForStaff: boolean): Value {
  if (
    inner.shape.is !== 'function' ||
    result.shape.is !== 'function' ||
    result.shape.binds ||
    result.shape.isProperty ||
    result.shape.isManager
  )
    return result;
  const origin = inner.shape.origin ?? inner.shape.code;
  if (result.shape.code !== inner.shape.code) {
    const by = isForStaff ? [...(result.shape.by ?? []), 'caller', 'role'] : result.shape.by;
    return { ...result, shape: { ...result.shape, origin, ...(by ? { by } : {}) } };
  }
  const by = [...new Set([...(inner.shape.by ?? []), ...(result.shape.by ?? [])])];
  return { ...result, shape: { ...result.shape, by, origin } };
}
