import type { Blueprint, Plant, PlantKind, Resource } from './blueprint.ts';

/** Every weakness that a design has room for. */
export function possiblePlants(blueprint: Blueprint): Plant[] {
  const { accounts, authentication } = blueprint;
  const plants: Plant[] = blueprint.resources.flatMap((resource, index) => inResource(blueprint, resource, index));
  const add = (kind: PlantKind, route: string): void => void plants.push({ kind, route });
  if (accounts.profile === 'own') add('foreign-read', 'account.read');
  if (accounts.profile !== 'none') add('sensitive', 'account.read');
  if (accounts.change === 'key') add('foreign-change', 'account.update');
  if (accounts.change !== 'none') add('assignment', 'account.update');
  if (accounts.password && accounts.from !== 'lent-read') add('foreign-change', 'account.password');
  if (accounts.from === 'sign-up') add('assignment', 'account.sign-up');
  add('sensitive', 'account.me');
  if (blueprint.overview) {
    add('anonymous', 'overview');
    add('any-credential', 'overview');
  }
  if (blueprint.admin !== 'none') add('privileged', 'admin');
  if (authentication === 'jwt') add('unsigned', '*');
  if (authentication === 'jwt' || authentication === 'basic') add('any-credential', '*');
  return plants;
}

function inResource({ accounts }: Blueprint, resource: Resource, index: number): Plant[] {
  const own = resource.sharing === 'owned' || resource.sharing === 'team';
  const writes = resource.operations !== 'read-only' && accounts.from !== 'lent-read' && resource.place !== 'body';
  const reads = resource.operations !== 'no-read';
  const lists = resource.operations !== 'no-list';
  const kinds: [boolean, PlantKind, string][] = [
    [reads && (own || resource.sharing === 'listed'), 'foreign-read', 'read'],
    [writes, 'foreign-change', 'update'],
    [writes, 'foreign-delete', 'delete'],
    [resource.ofOwner === 'path', 'foreign-list', 'collection'],
    [lists && (resource.ofOwner === 'query' || resource.parent !== null), 'foreign-list', 'list'],
    [reads && own && resource.place !== 'body', 'anonymous', 'read'],
    [lists && own && resource.parent === null, 'anonymous', 'list'],
    [writes && resource.decided !== null, 'assignment', 'create'],
    [writes && resource.decided !== null, 'assignment', 'update'],
    [reads && resource.place !== 'body', 'sensitive', 'read'],
    [lists && resource.parent === null, 'sensitive', 'list'],
    [reads && own, 'existence', 'read'],
  ];
  return kinds.flatMap(([possible, kind, name]) => (possible ? [{ kind, route: `${index}.${name}` }] : []));
}
