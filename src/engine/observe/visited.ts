import { isServed } from '../../model/answer.ts';
import { buildRequest } from '../../model/build-request.ts';
import type { Identity, SendAs } from '../../model/identity.ts';
import { isAccountNoun } from '../../model/names.ts';
import type { Operation, Surface, Visited } from '../../model/operation.ts';
import type { ApiObject, Look } from '../../model/world.ts';
import { requiredValues, type Shapes } from './address.ts';
import { baselineOf } from './look.ts';
import { identifierOf, recordsOf } from './records.ts';
import type { NamingSlot } from './slots.ts';

export interface VisitedInput {
  readonly surface: Surface;
  /** Those that may be sent. */
  readonly operations: readonly Operation[];
  readonly identities: readonly Identity[];
  readonly looks: readonly Look[];
  readonly shapeFor: Shapes;
  readonly namedBy: (type: string) => readonly string[];
  readonly sendAs: SendAs;
  readonly token: (salt: string) => string;
}

/** A visit read as a sentence: who read which object where. */
interface Candidate {
  readonly visit: Visited;
  readonly operation: Operation;
  readonly slot: NamingSlot;
  readonly value: string;
}

const mostPerTypeAndOwner = 3;

/**
 * The objects that recordings show identities with: what exactly one of them asked for and is still served is that one's. Types
 * of which lists show the same objects to several callers are catalogues, and nobody's; so are accounts, unless one's own is the
 * only one that was asked for.
 */
export async function visitedObjects(input: VisitedInput): Promise<ApiObject[]> {
  const { surface, identities, looks, shapeFor, namedBy } = input;
  const usable = new Set(identities.map((identity) => identity.name));
  const candidates = (surface.visited ?? []).flatMap((visit) => candidateOf(visit, input));
  const askers = new Map<string, Set<string>>();
  for (const { visit, slot, value } of candidates) add(askers, `${slot.noun} ${value}`, visit.identity);
  const { shown, shared } = shownBy(looks, shapeFor, namedBy);
  const chosen = new Map<string, Candidate>();
  const counts = new Map<string, number>();
  for (const candidate of candidates.toSorted((one, other) => tailOf(one, shapeFor) - tailOf(other, shapeFor))) {
    const { visit, slot, value } = candidate;
    const name = `${slot.noun} ${value}`;
    const group = `${slot.noun} of ${visit.identity}`;
    if (chosen.has(name) || !usable.has(visit.identity) || askers.get(name)?.size !== 1) continue;
    if (shown.has(name) || shared.has(slot.noun) || (isAccountNoun(slot.noun) && accountsOf(candidates, visit.identity).size > 1)) continue;
    if ((counts.get(group) ?? 0) >= mostPerTypeAndOwner) continue;
    counts.set(group, (counts.get(group) ?? 0) + 1);
    chosen.set(name, candidate);
  }
  const confirmed = await Promise.all([...chosen.values()].map((candidate) => confirm(candidate, input)));
  return confirmed.flatMap((object) => object ?? []);
}

function candidateOf(visit: Visited, { operations, shapeFor }: VisitedInput): Candidate[] {
  const visited = operations.find((operation) => operation.id === visit.operation);
  const operation =
    visited?.method === 'GET' ? visited : operations.find((other) => other.method === 'GET' && other.path === visited?.path);
  if (!operation) return [];
  const shape = shapeFor(operation);
  const slot = shape.path.at(-1) ?? shape.beside.find((candidate) => candidate.in === 'query' && visit.query[candidate.name] !== undefined);
  const value = slot && (slot.in === 'path' ? visit.path[slot.name] : visit.query[slot.name]);
  return slot === undefined || value === undefined || value === '' ? [] : [{ visit, operation, slot, value }];
}

function tailOf({ operation }: Candidate, shapeFor: Shapes): number {
  return shapeFor(operation).tail.length;
}

function accountsOf(candidates: readonly Candidate[], identity: string): ReadonlySet<string> {
  return new Set(candidates.flatMap(({ visit, slot, value }) => (visit.identity === identity && isAccountNoun(slot.noun) ? [value] : [])));
}

/** The objects that lists show at all, and the types of which they show one to several callers. */
function shownBy(
  looks: readonly Look[],
  shapeFor: Shapes,
  namedBy: VisitedInput['namedBy'],
): { shown: ReadonlyMap<string, ReadonlySet<string>>; shared: ReadonlySet<string> } {
  const shown = new Map<string, Set<string>>();
  const shared = new Set<string>();
  for (const { operation, as, baseline } of looks) {
    const [answer] = baseline.answers;
    if (!answer || !isServed(answer)) continue;
    for (const record of recordsOf(answer, shapeFor(operation).noun)) {
      const identifier = identifierOf(record.type, record.keys, namedBy(record.type));
      if (identifier === undefined) continue;
      const callers = add(shown, `${record.type} ${identifier}`, as ?? '');
      if (callers.size > 1) shared.add(record.type);
    }
  }
  return { shown, shared };
}

function add(sets: Map<string, Set<string>>, key: string, item: string): Set<string> {
  const set = (sets.get(key) ?? new Set()).add(item);
  sets.set(key, set);
  return set;
}

/** Asks again as the one who had it. An answer that does not name the object is taken for it only when the value looks like an id. */
async function confirm({ visit, operation, slot, value }: Candidate, input: VisitedInput): Promise<ApiObject | undefined> {
  const { surface, sendAs, token, shapeFor, namedBy } = input;
  const values = {
    path: visit.path,
    query: { ...requiredValues(operation, 'query', token), ...(slot.in === 'query' ? { [slot.name]: value } : {}) },
    header: requiredValues(operation, 'header', token),
  };
  const call = { as: visit.identity, operation: operation.id, request: buildRequest(surface.origin, operation, values) };
  const [answer] = (await baselineOf(call, sendAs, 1)).answers;
  if (!answer || !isServed(answer)) return undefined;
  const record = recordsOf(answer, slot.noun).find((item) => Object.values(item.keys).includes(value));
  if (record === undefined && !/\d/.test(value)) return undefined;
  const isItself = record !== undefined && shapeFor(operation).tail.length === 0 && slot.in === 'path';
  const keys = { ...(isItself ? record.keys : {}), ...(slot.in === 'path' ? visit.path : {}), [slot.name]: value };
  return {
    id: `${slot.noun} ${identifierOf(slot.noun, keys, namedBy(slot.noun)) ?? value} of ${visit.identity}`,
    type: slot.noun,
    owner: visit.identity,
    keys,
    markers: [],
    learned: 'seen',
    ...(isItself ? { record: record.value } : {}),
  };
}
