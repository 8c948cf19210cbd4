import { isPrivilegedProperty } from '../../model/privilege.ts';
import type { Access, Condition } from '../flow/access.ts';
import { isClientLabel, type Value } from '../flow/value.ts';
import { sensitiveField } from '../rules/resources.ts';
import type { KnownApp } from '../rules/rule.ts';
import { relationsOf } from './exposed-rows.ts';
import { presentable } from './stored-fields.ts';

const decided =
  /^(?:_?id|status|state|price|total|amount|balance|score|approved|verified|confirmed|(?:is|has)_\w+)$|_(?:at|id|on|by|hash|count)$/i;

/**
 * The fields that callers may set: those that other code takes from requests by name; of accounts and models, and where there is no
 * such code, those that are shown and that nobody but the server decides by their name.
 */
export function settable(
  { resource: name, entity }: Pick<Access, 'resource' | 'entity'>,
  app: KnownApp,
  given: readonly string[],
): readonly string[] {
  const resource = app.resources.get(name);
  const asked = new Set(
    app.runs.flatMap(({ trace }) =>
      trace.accesses.filter((each) => each.resource === name).flatMap(({ conditions }) => lookedUpBy(conditions)),
    ),
  );
  const isOpen = (field: string): boolean =>
    !isPrivilegedProperty(field) && sensitiveField(field) === undefined && !isOwnerOf(field, resource?.owners);
  const taken = takenByName(name, app).filter(isOpen);
  const named = given.filter((field) => isOpen(field) && resource?.fields.has(field) === true);
  const relations = entity ? relationsOf(entity.def) : [];
  const shown = presentable(name, app).filter((field) => isOpen(field) && !decided.test(field) && !relations.includes(field));
  const isAccount = resource?.isAccount === true;
  // A model says what its rows have, and who only names some of that takes the rest as it comes.
  const isTold = taken.length + named.length > 0 && !isAccount && !entity;
  const all = isTold ? [...taken, ...named] : [...taken, ...named, ...shown];
  // What accounts are found by is changed by more than a form.
  return [...new Set(all)].filter((field) => !isAccount || !asked.has(field));
}

function isOwnerOf(field: string, owners: ReadonlyMap<string, number> | undefined): boolean {
  return (owners?.get(field) ?? 0) > 2;
}

function lookedUpBy(conditions: readonly Condition[]): readonly string[] {
  return conditions.flatMap((each) => {
    if (each.is !== 'field') return lookedUpBy(each.parts);
    return [...each.value.labels].some(isClientLabel) ? [each.field] : [];
  });
}

/** Fields that get what a request holds under a name. */
function takenByName(resource: string, app: KnownApp): readonly string[] {
  return app.runs.flatMap(({ trace }) =>
    trace.accesses.flatMap((access) => (access.resource === resource && access.data ? namedIn(access.data, 0) : [])),
  );
}

function namedIn({ shape }: Value, depth: number): readonly string[] {
  if (shape.is !== 'record' || depth > 2) return [];
  return [...shape.entries].flatMap(([name, value]): readonly string[] => {
    if (name.startsWith('$')) return namedIn(value, depth + 1);
    return [...value.labels].some((label) => label.startsWith('C:')) && !value.labels.has('R') ? [name] : [];
  });
}
