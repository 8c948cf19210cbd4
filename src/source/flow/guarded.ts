import type { Machine } from './machine.ts';
import { isAccountResource, valuesOf } from './accessing.ts';
import { accessOf, isClientLabel, labelsOf, type Label, type Value } from './value.ts';

/**
 * Where paths meet, what only one of them found out is no longer known. What that path put aside is still what it was: an id that
 * was allowed, an object that was the caller's. Returns the value with labels that say so.
 */
export function keepGuards(machine: Machine, value: Value, lost: readonly string[]): Value {
  if (value.labels.size === 0 || lost.length === 0) return value;
  const renamed: Renamed = new Map();
  for (const fact of lost) {
    if (fact.startsWith('pin:') && value.labels.has(fact.slice(4))) renamed.set(fact.slice(4), ['A']);
    const number = fact.startsWith('own:') ? Number(fact.slice(4)) : undefined;
    if (number !== undefined && value.labels.has(`O:${number}`))
      renamed.set(`O:${number}`, [`O:${twinOf(machine, number)}`, ...(isCaller(machine, number) ? ['I'] : [])]);
  }
  return renamed.size === 0 ? value : relabelled(value, renamed, 0);
}

type Renamed = Map<Label, readonly Label[]>;

/** Whoever was picked out of all accounts by a credential is the caller. */
function isCaller({ trace }: Machine, number: number): boolean {
  const access = trace.accesses[number];
  const labels = labelsOf(valuesOf(access?.conditions ?? []));
  return access !== undefined && isAccountResource(access.resource) && labels.has('K') && ![...labels].some(isClientLabel);
}

/** The facts about ids and objects that hold on one path, and not after all of them have met. */
export function lostFacts(facts: ReadonlySet<string>, kept: ReadonlySet<string>): readonly string[] {
  return [...facts].filter((fact) => (fact.startsWith('own:') || fact.startsWith('pin:')) && !kept.has(fact));
}

/** Those of the facts that are about what a value holds. */
export function factsAbout({ labels }: Value, facts: readonly string[]): readonly string[] {
  return facts.filter((fact) => labels.has(fact.startsWith('own:') ? `O:${fact.slice(4)}` : fact.slice(4)));
}

/** The same access, as what it is where its object is known to be the caller's. */
function twinOf(machine: Machine, number: number): number {
  const { accesses, twins } = machine.trace;
  const known = twins.get(number);
  const access = accesses[number];
  if (known !== undefined || !access || access.facts.has(`own:${number}`)) return known ?? number;
  const id = accesses.length;
  accesses.push({ ...access, id, facts: new Set([...access.facts, `own:${id}`]) });
  twins.set(number, id);
  return id;
}

function relabelled(value: Value, renamed: Renamed, depth: number): Value {
  if (depth > 6 || ![...value.labels].some((label) => renamed.has(label))) return value;
  const labels = new Set([...value.labels].flatMap((label) => renamed.get(label) ?? label));
  const inner = (each: Value): Value => relabelled(each, renamed, depth + 1);
  return { ...value, labels, shape: shapeOf(value, renamed, inner) };
}

function shapeOf({ shape }: Value, renamed: Renamed, inner: (value: Value) => Value): Value['shape'] {
  switch (shape.is) {
    case 'stored': {
      const access = accessOf(renamed.get(`O:${shape.access}`)?.[0] ?? '');
      return access === undefined ? shape : { ...shape, access };
    }
    case 'record':
      return {
        ...shape,
        entries: new Map([...shape.entries].map(([name, entry]) => [name, inner(entry)])),
        rest: shape.rest && inner(shape.rest),
      };
    case 'sequence':
      return { ...shape, items: shape.items.map(inner), each: shape.each && inner(shape.each) };
    case 'either':
      return { ...shape, options: shape.options.map(inner) };
    case 'response':
      return { ...shape, body: inner(shape.body) };
    default:
      return shape;
  }
}
