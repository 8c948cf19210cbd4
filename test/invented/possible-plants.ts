import { officePlants } from './office.ts';
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
  if (accounts.change === 'me' && accounts.from === 'sign-up') add('identity-body', 'account.update');
  if (accounts.password && accounts.from !== 'lent-read') add('foreign-change', 'account.password');
  if (accounts.from === 'sign-up') add('assignment', 'account.sign-up');
  add('sensitive', 'account.me');
  if (blueprint.overview) {
    add('anonymous', 'overview');
    add('any-credential', 'overview');
  }
  if (blueprint.admin !== 'none') add('privileged', 'admin');
  plants.push(...officePlants(blueprint));
  if (authentication === 'jwt') add('unsigned', '*');
  if (authentication === 'jwt' || authentication === 'basic') add('any-credential', '*');
  return plants;
}

function inResource({ accounts, tenantHeader, description, tenants }: Blueprint, resource: Resource, index: number): Plant[] {
  const own = resource.sharing === 'owned' || resource.sharing === 'team';
  const writes = resource.operations !== 'read-only' && accounts.from !== 'lent-read';
  const reads = resource.operations !== 'no-read';
  const lists = resource.operations !== 'no-list';
  const nested = resource.parent !== null;
  const inBody = /body|form/.test(resource.place);
  const kinds: [boolean, PlantKind, string][] = [
    [reads && (own || resource.sharing === 'listed'), 'foreign-read', 'read'],
    [writes, 'foreign-change', 'update'],
    [writes, 'foreign-delete', 'delete'],
    [resource.ofOwner === 'path', 'foreign-list', 'collection'],
    [lists && (resource.ofOwner === 'query' || resource.parent !== null), 'foreign-list', 'list'],
    [reads && own && !/body|form/.test(resource.place), 'anonymous', 'read'],
    [lists && own && resource.parent === null, 'anonymous', 'list'],
    [writes && resource.decided !== null, 'assignment', 'create'],
    [writes && resource.decided !== null, 'assignment', 'update'],
    [reads && !/body|form/.test(resource.place), 'sensitive', 'read'],
    [lists && resource.parent === null, 'sensitive', 'list'],
    [reads && own, 'existence', 'read'],
    [reads && own && nested, 'own-parent', 'read'],
    [writes && nested, 'own-parent', 'update'],
    [writes && nested, 'own-parent', 'delete'],
    [writes && own && resource.action, 'foreign-action', 'action'],
    [writes && nested && lists, 'foreign-child', 'create'],
    [own && resource.bulk !== 'none', 'bulk', 'bulk'],
    [own && resource.bulk !== 'none', 'bulk-first', 'bulk'],
    [lists && tenantHeader && resource.sharing === 'team', 'tenant-switch', 'list'],
    [writes && reads && lists && !nested && resource.sharing !== 'listed', 'undeleted', 'delete'],
    [reads && own && lists && !inBody && resource.parent === null, 'list-leak', 'list'],
    [reads && writes && !inBody && resource.sharing === 'team' && tenants && accounts.from === 'lent', 'verb', 'delete'],
    [reads && writes, 'anonymous-change', 'update'],
    [reads && writes, 'anonymous-change', 'delete'],
    [reads && writes && resource.place === 'path' && description !== 'absent', 'undescribed', 'shadow'],
  ];
  return kinds.flatMap(([possible, kind, name]) => (possible ? [{ kind, route: `${index}.${name}` }] : []));
}
