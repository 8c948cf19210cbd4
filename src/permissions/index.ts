export { permissionMap, permissionsOf, type MapCell, type MapRow, type PermissionMap } from './permission-map.ts';
export { permissionsTable } from './permissions-table.ts';
export { parsePermissions, permissionsFor } from './read-permissions.ts';
export { permissionsYaml } from './write-permissions.ts';
