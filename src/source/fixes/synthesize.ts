import type { Finding } from '../../model/report.ts';
import type { SourceReport } from '../analyze.ts';
import { combine } from './combine.ts';
import type { Inspection } from './inspection.ts';
import { solve } from './solve.ts';

export interface PatchOptions {
  /** How long patches may be looked for, beside the analysis itself. As long as it takes when absent. */
  readonly seconds?: number;
  /** Makes one change of all patches, too, in as many rounds as it takes. */
  readonly together?: boolean;
  /** Told how many findings were looked at, of how many. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** An analysis whose findings carry their patches. */
export async function withPatches(
  inspection: Inspection,
  { seconds = Infinity, together = false, onProgress }: PatchOptions,
): Promise<SourceReport> {
  const limits = { until: performance.now() + seconds * 1000, onProgress };
  const { solutions, passedOver } = await solve(inspection, limits);
  const patches = new Map(solutions.map(({ problem, patch }) => [placeOf(problem.finding), patch]));
  const { report } = inspection;
  const patched = together ? await combine(inspection, solutions, limits) : undefined;
  const withPatch = (finding: Finding): Finding => {
    const patch = patches.get(placeOf(finding));
    return patch ? { ...finding, patch } : finding;
  };
  const notes =
    passedOver > 0
      ? [
          `${passedOver} ${passedOver === 1 ? 'finding was' : 'findings were'} not looked at for a patch within ${seconds} seconds. --diff and --fix take the time.`,
        ]
      : [];
  return {
    ...report,
    findings: report.findings.map(withPatch),
    byView: report.byView.map(({ view, finding }) => ({ view, finding: withPatch(finding) })),
    notes: [...report.notes, ...notes],
    ...(patched ? { patched } : {}),
  };
}

/** One mistake, at whichever view it is met. */
function placeOf({ check, location }: Finding): string {
  return JSON.stringify([check, location?.file, location?.line, location?.column]);
}
