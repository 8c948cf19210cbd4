import { isServed } from '../../model/answer.ts';
import { isAccountNoun } from '../../model/names.ts';
import type { Identity } from '../../model/identity.ts';
import type { Access, ApiObject, Look, Marker } from '../../model/world.ts';
import { identifierOf, recordsOf, type ApiRecord } from './records.ts';
import type { Shapes } from './address.ts';

const perTypeAndOwner = 2;
const selfSegment = /^(?:me|self|whoami|profile|account|my|current|current[-_]?user|userinfo|session|user)$/i;

/**
 * The objects that looks show. An object seen under exactly one identity, and not by the anonymous caller, is that identity's;
 * one that several see is nobody's. `namedBy` gives the parameters by which paths name a type. With no identity lent, everything is nobody's.
 */
export function seenObjects(looks: readonly Look[], shapeFor: Shapes, namedBy: (type: string) => readonly string[]): ApiObject[] {
  const seen = new Map<string, { record: ApiRecord; by: Set<string | null> }>();
  for (const { operation, as, baseline } of looks) {
    const [answer] = baseline.answers;
    if (!answer || !isServed(answer)) continue;
    for (const record of recordsOf(answer, shapeFor(operation).noun)) {
      const identifier = identifierOf(record.type, record.keys, namedBy(record.type));
      if (identifier === undefined) continue;
      const name = `${record.type} ${identifier}`;
      const entry = seen.get(name) ?? { record, by: new Set() };
      entry.by.add(as);
      seen.set(name, entry);
    }
  }
  const counts = new Map<string, number>();
  const found: ApiObject[] = [];
  for (const [name, { record, by }] of seen) {
    const [only] = by;
    const owner = by.size === 1 && typeof only === 'string' ? only : null;
    const group = `${record.type}/${owner ?? ''}`;
    const count = counts.get(group) ?? 0;
    if (count >= perTypeAndOwner) continue;
    counts.set(group, count + 1);
    found.push({
      id: `${name}${owner === null ? '' : ` of ${owner}`}`,
      type: record.type,
      owner,
      keys: record.keys,
      markers: [],
      learned: 'seen',
      record: record.value,
    });
  }
  return found;
}

/** The account of an identity as an object: what it signed up with, and what "me" operations tell it about itself. */
export function accountOf(identity: Identity, looks: readonly Look[]): ApiObject | undefined {
  let keys: Record<string, string> = {};
  let record: ApiRecord | undefined;
  for (const { operation, as, baseline } of looks) {
    const [answer] = baseline.answers;
    const last = operation.path.split('/').filter(Boolean).at(-1) ?? '';
    if (as !== identity.name || !answer || !isServed(answer) || !selfSegment.test(last)) continue;
    const candidates = recordsOf(answer, 'user').filter((item) => isAccountNoun(item.type) && !/\/\d+(?:\/|$)/.test(item.pointer));
    // Beside the account, an envelope may hold keys of its own: a request id, a time.
    const itself = candidates.find((item) => identifierOf('user', item.keys) !== undefined) ?? candidates[0];
    if (itself) {
      record ??= itself;
      keys = { ...itself.keys, ...keys };
    }
  }
  keys = { ...keys, ...identity.facts };
  if (Object.keys(keys).length === 0) return undefined;
  const markers = identity.source === 'signed-up' ? plantedFacts(identity) : [];
  return {
    id: `account of ${identity.name}`,
    type: 'user',
    owner: identity.name,
    keys,
    markers,
    learned: identity.source === 'signed-up' ? 'signed-up' : 'seen',
    ...(record ? { record: record.value } : {}),
  };
}

/** What was made up for the account: each value once, and not what the target chose, such as ids and claims. */
function plantedFacts({ facts }: Identity): Marker[] {
  const byValue = new Map<string, string>();
  for (const [field, value] of Object.entries(facts)) {
    if (value.length >= 8 && !/^(?:sub|uid|jti|_?id)$|id$/i.test(field) && !byValue.has(value)) byValue.set(value, field);
  }
  return [...byValue].map(([value, field]) => ({ field, value }));
}

/**
 * The objects in lists that stand under an object of somebody, such as `/projects/{id}/tasks`: they are the same person's when the
 * object above was shown to nobody else, and others, asking under what is theirs, were not shown them.
 */
export function nestedObjects(accesses: readonly Access[], shapeFor: Shapes, known: readonly ApiObject[]): ApiObject[] {
  const lists = accesses.flatMap(({ operation, object, values, baseline }) => {
    const [answer] = baseline?.answers ?? [];
    const { tail, noun } = shapeFor(operation);
    const { owner } = object;
    if (owner === null || object.learned !== 'seen' || isAccountNoun(object.type) || tail.length === 0) return [];
    if (!answer || !isServed(answer)) return [];
    const records = recordsOf(answer, noun).filter((record) => record.type !== object.type);
    return [
      { operation: operation.id, owner, records: records.map((record) => ({ ...record, keys: { ...values.path, ...record.keys } })) },
    ];
  });
  const asked = groups(
    lists,
    ({ operation }) => operation,
    ({ owner }) => owner,
  );
  const named = lists.flatMap(({ operation, owner, records }) =>
    records.flatMap((record) => {
      const identifier = identifierOf(record.type, record.keys);
      return identifier === undefined ? [] : [{ name: `${record.type} ${identifier}`, operation, owner, record }];
    }),
  );
  const shown = groups(
    named,
    ({ name }) => name,
    ({ owner }) => owner,
  );
  const counts = new Map<string, number>();
  const found = new Map(known.map((object): [string, ApiObject | undefined] => [object.id, undefined]));
  for (const { name, operation, owner, record } of named) {
    const id = `${name} of ${owner}`;
    const group = `${record.type}/${owner}`;
    const count = counts.get(group) ?? 0;
    if (found.has(id) || count >= perTypeAndOwner || shown.get(name)?.size !== 1 || (asked.get(operation)?.size ?? 0) < 2) continue;
    counts.set(group, count + 1);
    found.set(id, { id, type: record.type, owner, keys: record.keys, markers: [], learned: 'seen', record: record.value });
  }
  return [...found.values()].flatMap((object) => object ?? []);
}

function groups<T>(items: readonly T[], key: (item: T) => string, value: (item: T) => string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const item of items) found.set(key(item), (found.get(key(item)) ?? new Set()).add(value(item)));
  return found;
}
