import { anonymousRole } from '../model/permissions.ts';
import { column, oneLine } from '../report/terminal-text.ts';
import type { PermissionMap } from './permission-map.ts';
import { whyOf } from './write-permissions.ts';

/** The map as a table for people: operations down, roles across. */
export function permissionsTable(map: PermissionMap, width: number): string {
  const roles = [anonymousRole, ...Object.keys(map.roles)];
  const rows = map.rows.map((row) => [row.operation, ...roles.map((role) => row.cells[role]?.decision ?? '-')].map(oneLine));
  const header = ['operation', ...roles];
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const first = Math.max(20, Math.min(widths[0] ?? 0, width - widths.slice(1).reduce((sum, each) => sum + each + 2, 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at === 0 ? column(cell, first) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  const unreached = map.rows.filter((row) => roles.every((role) => (row.cells[role]?.decision ?? null) === null));
  const reasons = new Map<string, number>();
  for (const row of unreached) {
    const why = oneLine(whyOf(row.cells[anonymousRole]) ?? 'not reached');
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  const legend = ['', 'allow: whosever the object is; tenant, own: what belongs to the tenant, the caller; deny: refused; -: not reached'];
  const told = [...reasons].map(([why, count]) => `${count} not reached: ${why}`);
  return `${[line(header), ...rows.map(line), ...legend, ...told].join('\n')}\n`;
}
