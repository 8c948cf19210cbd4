import { Document, isMap, isScalar, isSeq, type Pair } from 'yaml';
import type { Decision } from '../model/permissions.ts';
import { oneLine } from '../report/terminal-text.ts';
import type { MapCell, PermissionMap } from './permission-map.ts';

const meanings: Readonly<Record<Decision | 'unknown', string>> = {
  allow: 'may use it, whosever the object is',
  tenant: "may use it on what belongs to the caller's tenant",
  own: 'may use it on what belongs to the caller',
  deny: 'must be refused: being served is a finding',
  unknown: 'not decided: scans go by their own rules',
};

/** A permission map as YAML that a person can correct and give back with `scan --permissions`. */
export function permissionsYaml(map: PermissionMap, target: string): string {
  const cells = Object.fromEntries(
    map.rows.map((row) => [
      row.operation,
      Object.fromEntries(Object.entries(row.cells).map(([role, cell]) => [role, cell.decision ?? 'unknown'])),
    ]),
  );
  const document = new Document({ version: 1, roles: map.roles, permissions: cells });
  document.commentBefore = [
    ` Who may do what at ${target}, as middlebrick map saw it. This is what is, not what should be:`,
    ' correct what is wrong, then let scans go by it: middlebrick scan URL --permissions FILE',
    '',
    ...Object.entries(meanings).map(([word, meaning]) => ` ${word.padEnd(8)} ${meaning}`),
  ].join('\n');
  const permissions = document.get('permissions');
  if (isMap(permissions)) for (const pair of permissions.items) annotate(pair, map);
  const roles = document.get('roles');
  if (isMap(roles)) for (const { value } of roles.items) if (isSeq(value)) value.flow = true;
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function annotate({ key, value }: Pair, map: PermissionMap): void {
  const row = isScalar(key) ? map.rows.find(({ operation }) => operation === key.value) : undefined;
  if (!row || !isScalar(key) || !isMap(value)) return;
  if (row.summary !== undefined) key.commentBefore = ` ${oneLine(row.summary)}`;
  for (const item of value.items) {
    const why = isScalar(item.key) ? whyOf(row.cells[String(item.key.value)]) : undefined;
    if (why !== undefined && isScalar(item.value)) item.value.comment = ` ${oneLine(why)}`;
  }
}

/** Why a cell is undecided or doubtful, or what its refusal looked like. */
export function whyOf(cell: MapCell | undefined): string | undefined {
  return cell?.decision === null ? (cell.why ?? 'not reached') : cell?.why;
}
