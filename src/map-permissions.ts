import { survey, sightingsAt } from './checks/survey.ts';
import type { Examined } from './engine/examine.ts';
import type { Report } from './model/report.ts';
import { permissionMap, type PermissionMap } from './permissions/index.ts';
import type { ScanOptions } from './scan-options.ts';
import { overNetwork, runLine } from './scan.ts';

/** Who may do what, as far as it was seen, and how well it was seen. */
export interface MapResult {
  readonly map: PermissionMap;
  /** Of the survey: its outcome, reasons, notes and identities. It has no findings. */
  readonly report: Report;
}

/**
 * Learns who may do what: the line of a scan, with a survey in place of the checks. Writes only with `allow: 'write'`, and only
 * to what it makes. Throws `UserError` for what the user can mend.
 */
export async function mapPermissions(options: ScanOptions): Promise<MapResult> {
  return overNetwork(options, async (way, once, seed) => {
    const { report, examined } = await runLine(way, once, seed, [survey]);
    return { map: mapOf(examined), report };
  });
}

/** The map that the answers to a survey make: a function of the world and of them. */
export function mapOf({ world, ran }: Examined): PermissionMap {
  const sightings = ran.flatMap(({ planned: { subject }, results }) => (subject.kind === 'operation' ? sightingsAt(subject, results) : []));
  return permissionMap(world, sightings);
}
