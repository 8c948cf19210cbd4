import type { Run } from '../flask/run-route.ts';
import type { Access, Condition } from '../flow/access.ts';
import { clientLabels, isScoped } from '../flow/facts.ts';
import { isClientLabel, type Value } from '../flow/value.ts';
import { singular } from '../../model/names.ts';
import { ownerField } from './resources.ts';
import type { App } from './rule.ts';

/**
 * A run without what only seems to be known: `if letter.id != current_user.id: abort(404)` says nothing of whose a letter is when
 * its owner is in another field.
 */
export function founded(run: Run, app: App): Run {
  const unfounded = new Set(
    followed(
      run.trace.accesses.filter((access) => isMistaken(access, run, app)),
      run,
    ).flatMap((access) => factsOn(access, run)),
  );
  const { trace } = run;
  const without = <T extends { readonly facts: ReadonlySet<string> }>(each: T): T => ({
    ...each,
    facts: new Set([...each.facts].filter((fact) => !unfounded.has(fact))),
  });
  return unfounded.size === 0 ? run : { ...run, trace: { ...trace, accesses: trace.accesses.map(without), uses: trace.uses.map(without) } };
}

/** With what is only known because it belongs to one of these: the page whose letter was compared. */
function followed(mistaken: readonly Access[], { trace }: Run): readonly Access[] {
  const labels = new Set(mistaken.flatMap(({ id, conditions }) => [`O:${id}`, ...clientLabels(conditions)]));
  if (mistaken.length === 0) return mistaken;
  const others = trace.accesses.filter(({ id, conditions, facts }) => {
    const values = conditions.flatMap((condition) => (condition.is === 'field' && condition.binds ? [condition.value] : []));
    const compared = comparedWith(id, trace);
    if (labels.has(`O:${id}`) || facts.has(`own:${id}`) || [...values, ...compared].some((value) => value.labels.has('I'))) return false;
    return [...values, ...compared].some((value) => [...value.labels].some((label) => labels.has(label)));
  });
  return [...mistaken, ...others];
}

/** What an object, or a field of it, is compared with. */
function comparedWith(access: number, { moments }: Run['trace']): readonly Value[] {
  const label = `O:${access}`;
  return moments.flatMap((moment): readonly Value[] => {
    if (moment.is !== 'compare') return [];
    const { left, right } = moment.test;
    return left.labels.has(label) ? [right] : right.labels.has(label) ? [left] : [];
  });
}

function factsOn({ id, conditions }: Access, { trace }: Run): readonly string[] {
  return [`own:${id}`, `own:${trace.twins.get(id) ?? id}`, ...clientLabels(conditions).map((label) => `pin:${label}`)];
}

/** All that ties the object to the caller is that the field by which it was looked up was compared. */
function isMistaken(access: Access, { trace }: Run, app: App): boolean {
  const resource = app.resources.get(access.resource);
  const owner = ownerField(resource);
  const keys = new Set(access.conditions.flatMap((condition) => keysOf(condition, access.resource)));
  if (!resource || resource.isAccount || owner === undefined || keys.size === 0 || keys.has(owner)) return false;
  const bare = { ...access, facts: new Set<string>() };
  if (isScoped(bare, bare.facts, trace.accesses)) return false;
  const label = `O:${access.id}`;
  const compared = trace.moments.flatMap((moment): readonly Value[] => {
    if (moment.is !== 'compare') return [];
    const { left, right } = moment.test;
    if (left.labels.has(label) && right.labels.has('I')) return [left];
    return right.labels.has(label) && left.labels.has('I') ? [right] : [];
  });
  const isAskedFor = trace.accesses.some(({ id, conditions }) => id > access.id && conditions.some((each) => holds(each, label)));
  const isKey = ({ shape }: Value): boolean => shape.is === 'stored' && shape.part === 'field' && keys.has(shape.field);
  return compared.length > 0 && !isAskedFor && compared.every(isKey);
}

/** The fields of a condition that a value of the client's is compared with. */
function keysOf(condition: Condition, resource: string): readonly string[] {
  if (condition.is !== 'field') return condition.parts.flatMap((part) => keysOf(part, resource));
  if (![...condition.value.labels].some(isClientLabel)) return [];
  // What an identifier is called depends on who asks for it.
  return /^(?:_?id|pk)$/.test(condition.field) ? ['id', '_id', 'pk', `${singular(resource.toLowerCase())}_id`] : [condition.field];
}

function holds(condition: Condition, label: string): boolean {
  return condition.is === 'field' ? condition.value.labels.has(label) : condition.parts.some((part) => holds(part, label));
}
