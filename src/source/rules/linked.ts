import type { Run } from '../flask/run-route.ts';
import type { Access, Condition, Use } from '../flow/access.ts';
import { isScoped } from '../flow/facts.ts';
import { valuesOf } from '../flow/accessing.ts';
import { accessOf, isClientLabel, unknown } from '../flow/value.ts';
import { onceForEach } from '../python/walk.ts';
import { isSent } from './exposure.ts';
import type { App } from './rule.ts';

/** Looked up by a field of an object that was loaded before: as open as that one is. */
export function isLinked(access: Access, { trace }: Run): boolean {
  return access.conditions.some(
    (condition) =>
      condition.is === 'field' &&
      condition.binds &&
      parentsOf(condition).some((number) => number < access.id && trace.accesses[number]?.verb === 'read'),
  );
}

const parentsOf = onceForEach((condition: Condition): readonly number[] =>
  valuesOf([condition]).flatMap(({ labels }) => {
    // A value that the client may also give binds nothing.
    const names = [...labels];
    return names.some(isClientLabel) ? [] : names.flatMap((label) => accessOf(label) ?? []);
  }),
);

/** Objects that are found by one another, so far. */
const farthest = 4;

/** An object by which another one is found is used when that one is: answered, changed, or handed on. */
export function linkedUses(parent: Access, run: Run, app: App, depth = 0): readonly Use[] {
  const { trace } = run;
  if (depth >= farthest) return [];
  const later = trace.accesses.filter((child) => child.id > parent.id);
  return later.flatMap((child) => {
    const isFound =
      child.conditions.some((condition) => parentsOf(condition).includes(parent.id)) && !isScopedApart(child, parent, trace.accesses);
    const through = (use: Use): Use => ({
      ...use,
      through: { resource: child.resource, isShown: use.through?.isShown ?? isSent(use, child, run, app) },
      access: parent.id,
      facts: new Set([...child.facts, ...use.facts]),
    });
    const own = trace.uses.filter((use) => use.access === child.id);
    // What was only compared with it is as open as it is.
    if (!isFound) return own.filter(({ facts }) => isTied(facts, parent.id, child.id)).map(through);
    return [...own, ...writesOf(child), ...linkedUses(child, run, app, depth + 1)].map(through);
  });
}

/** A change of rows that are found by a field of another object. */
function writesOf(child: Access): readonly Use[] {
  if (child.verb !== 'update' && child.verb !== 'delete') return [];
  const { verb: kind, id: access, site, facts } = child;
  return [{ kind, access, field: undefined, value: child.data ?? unknown, site, facts }];
}

/** Of what is found by the caller's identity, too, only the caller's own is found. */
function isScopedApart(child: Access, parent: Access, accesses: readonly Access[]): boolean {
  const others = child.conditions.filter((condition) => !parentsOf(condition).includes(parent.id));
  return others.length < child.conditions.length && isScoped({ ...child, conditions: others }, child.facts, accesses);
}

/** Compared with an object that was loaded before: as open as that one is. */
export function isTiedToEarlier({ facts }: Use, { id }: Access): boolean {
  return [...facts].some((fact) => tiedNumbers(fact).includes(id) && tiedNumbers(fact).some((number) => number < id));
}

function isTied(facts: Use['facts'], one: number, other: number): boolean {
  return [...facts].some((fact) => tiedNumbers(fact).includes(one) && tiedNumbers(fact).includes(other));
}

function tiedNumbers(fact: string): readonly number[] {
  if (!fact.startsWith('tie:')) return [];
  return fact
    .slice(4)
    .split('~')
    .flatMap((label) => accessOf(label) ?? []);
}

/** A field that is set to what came of the object itself: `book.authors = sorted(book.authors)`. Nothing of it is lost or won. */
export function isRearranged({ kind, field, value, access }: Use): boolean {
  const origins = [...value.labels].filter((label) => label !== 'J');
  return kind === 'update' && field !== undefined && origins.length > 0 && origins.every((label) => accessOf(label) === access);
}
