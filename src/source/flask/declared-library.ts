import { relate } from '../flow/facts.ts';
import type { Frame, Library, Machine } from '../flow/machine.ts';
import { argumentValues } from '../flow/calls.ts';
import { opaque, symbol, testValue, type Arguments, type Code, type Value } from '../flow/value.ts';
import type { Declared } from '../project/declared.ts';
import { flaskPath } from './request-data.ts';

const caller: Value = opaque(new Set(['I']));
const guardPath = 'middlebrick.guard';

/** What the app's people declare of it: which expressions stand for the caller, and which functions are guards. */
export function declaredLibrary({ guards, identities }: Pick<Declared, 'guards' | 'identities'>): Library {
  if (guards.length === 0 && identities.length === 0) return {};
  const names = new Set(identities.filter((each) => !each.endsWith('()')));
  const calls = identities.filter((each) => each.endsWith('()')).map((each) => each.slice(0, -2));
  const isCaller = (path: string): boolean => calls.some((name) => isNamed(path, name));
  const isGuard = (path: string): boolean => guards.some((name) => isNamed(path, name));
  const stands = (path: string): boolean =>
    names.has(path) || names.has(flaskPath(path) ?? path) || names.has(path.replace(/^.*\.(?=\w+\.\w+$)/, ''));
  return {
    labels: (path) => (stands(path) ? caller.labels : undefined),
    attribute: (machine, value, name) => {
      if (value.shape.is !== 'symbol') return undefined;
      const path = `${value.shape.path}.${name.replace(/^\[(.*)\]$/, '$1')}`;
      if (!stands(path)) return undefined;
      const known = machine.state.attributes.get(path);
      return known ? { ...known, labels: new Set([...known.labels, 'I']) } : { ...symbol(path), labels: caller.labels };
    },
    call(machine, { path }, args, _at, frame) {
      if (isCaller(path)) return caller;
      if (path === guardPath || isGuard(path)) return guarded(machine, undefined, args, frame);
      return undefined;
    },
    function: (machine, code, args, _at, frame) => {
      if (isCaller(code.name)) return caller;
      return isGuard(code.name) ? guarded(machine, code, args, frame) : undefined;
    },
  };
}

/** `access.may_see` is named by its whole path, and by each end of it. */
function isNamed(path: string, name: string): boolean {
  return path === name || path.endsWith(`.${name}`) || name.endsWith(`.${path}`);
}

/** As a decorator it stands before all of a view's ids; as a function it answers for what it is given, and may refuse by itself. */
function guarded(machine: Machine, code: Code | undefined, args: Arguments, frame: Frame): Value {
  const values = argumentValues(args);
  const [view] = values;
  if (view?.shape.is === 'function') {
    const ids = view.shape.code.parameters.map(({ name }) => `pin:C:${name}`);
    return { ...view, shape: { ...view.shape, by: [...(view.shape.by ?? []), 'caller', ...ids] } };
  }
  // `@guard('project')`: what it is called with says how to guard, and the view comes next.
  if (frame.name === '<module>' && !values.some(({ labels }) => labels.size > 0)) return symbol(guardPath);
  const related = [caller, ...values];
  if (mayRefuse(machine, code)) machine.add(relate(related, machine.state.facts, machine.trace.accesses, false));
  return testValue({ is: 'predicate', name: 'allowed', args: related });
}

function mayRefuse(machine: Machine, code: Code | undefined): boolean {
  return code === undefined || /\braise\b|\babort\s*\(/.test(machine.text(code.place, code.file));
}
