import type { Finding, Patch, Replacement } from '../../model/report.ts';
import type { SourceReport } from '../analyze.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import { combine } from './combine.ts';
import type { Candidate, Project } from './candidate.ts';
import { distinct, unifiedDiff, type Edit } from './edit.ts';
import { fixers } from './fixers.ts';
import type { Inspect, Inspection, Problem } from './inspection.ts';
import { learnPractice } from './practice.ts';
import { changed, clears, editsOf, tried } from './verify.ts';

export interface PatchOptions {
  /** How many bytes of source may be analysed again to verify patches; findings beyond that have none. */
  readonly mostBytes: number;
  /** Makes one change of all patches, too, in as many rounds as it takes. */
  readonly together?: boolean;
}

/** A repair of a finding, verified or proposed. */
export interface Solution {
  readonly problem: Problem;
  readonly candidate: Candidate;
  readonly patch: Patch;
}

/** Below so many analyses it is not worth to begin. */
const fewest = 8;

/** Candidates of one finding that are tried at most. */
const mostCandidates = 8;

/** An analysis whose findings carry their patches. */
export async function withPatches(
  inspection: Inspection,
  inspect: Inspect,
  { mostBytes, together = false }: PatchOptions,
): Promise<SourceReport> {
  const size = [...inspection.files.values()].reduce((sum, { text }) => sum + text.length, 0);
  const budget = { bytes: size * fewest > mostBytes ? -1 : mostBytes };
  const solutions = await solve(inspection, inspect, budget);
  const patches = new Map(solutions.map(({ problem, patch }) => [placeOf(problem.finding), patch]));
  const { report } = inspection;
  const patched = together ? await combine(inspection, solutions, inspect, (next) => solve(next, inspect, budget)) : undefined;
  const notes =
    budget.bytes < 0 && report.findings.length > 0
      ? ['Not all findings were looked at for a patch: the source is large. --diff and --fix look at all of them.']
      : [];
  return {
    ...report,
    findings: report.findings.map((finding) => withPatch(finding, patches.get(placeOf(finding)))),
    byView: report.byView.map(({ view, finding }) => ({ view, finding: withPatch(finding, patches.get(placeOf(finding))) })),
    notes: [...report.notes, ...notes],
    ...(patched ? { patched } : {}),
  };
}

/** One mistake, at whichever view it is met. */
function placeOf({ check, location }: Finding): string {
  return JSON.stringify([check, location?.file, location?.line, location?.column]);
}

function withPatch(finding: Finding, patch: Patch | undefined): Finding {
  return patch ? { ...finding, patch } : finding;
}

/** The first repair of each finding that stands the test, else its first proposal. */
export async function solve(inspection: Inspection, inspect: Inspect, budget: { bytes: number }): Promise<readonly Solution[]> {
  const { app, files, report } = inspection;
  const project: Project = { app, files, practice: learnPractice(app, files) };
  const size = [...files.values()].reduce((sum, { text }) => sum + text.length, 0);
  const shown = new Set(report.findings);
  const solutions: Solution[] = [];
  for (const problem of inspection.problems) {
    if (!shown.has(problem.finding) || budget.bytes < 0) continue;
    const candidates = (fixers[problem.finding.check]?.(problem, project) ?? []).slice(0, mostCandidates);
    const verified = await firstVerified(problem, candidates, inspection, inspect, () => (budget.bytes -= size) >= 0);
    const chosen = verified ?? (await firstProposal(candidates, files));
    if (chosen) solutions.push({ problem, candidate: chosen, patch: patchOf(chosen, files, await changed(chosen, files)) });
  }
  return solutions;
}

async function firstVerified(
  { finding }: Problem,
  candidates: readonly Candidate[],
  inspection: Inspection,
  inspect: Inspect,
  mayTry: () => boolean,
): Promise<Candidate | undefined> {
  for (const candidate of candidates) {
    if (candidate.isProposal === true) continue;
    if (!mayTry()) return undefined;
    const after = await tried(candidate, inspection, inspect);
    if (after && clears(finding, inspection, after.inspection)) return candidate;
  }
  return undefined;
}

/** A proposal must at least be Python. */
async function firstProposal(candidates: readonly Candidate[], files: ReadonlyMap<string, ParsedFile>): Promise<Candidate | undefined> {
  for (const candidate of candidates) if (candidate.isProposal === true && (await changed(candidate, files))) return candidate;
  return undefined;
}

function patchOf(candidate: Candidate, files: ReadonlyMap<string, ParsedFile>, after: ReadonlyMap<string, ParsedFile> | undefined): Patch {
  const texts = (of: ReadonlyMap<string, ParsedFile>): Map<string, string> => new Map([...of].map(([path, { text }]) => [path, text]));
  return {
    title: candidate.title,
    kind: candidate.isProposal === true ? 'proposal' : 'patch',
    basis: candidate.basis,
    diff: unifiedDiff(texts(files), texts(after ?? files)),
    replacements: distinct(editsOf(candidate, files)).map((edit) => replacementOf(edit, files.get(edit.file)?.text ?? '')),
  };
}

function replacementOf({ file, start, end, text }: Edit, source: string): Replacement {
  return { file, start: positionOf(source, start), end: positionOf(source, end), text };
}

function positionOf(text: string, offset: number): Replacement['start'] {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
