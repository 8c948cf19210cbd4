import type { Patch, Replacement } from '../../model/report.ts';
import type { ParsedFile } from '../project/parse-files.ts';
import type { Candidate, Project } from './candidate.ts';
import { distinct, unifiedDiff, type Edit } from './edit.ts';
import { fixers } from './fixers.ts';
import type { Inspection, Problem } from './inspection.ts';
import { learnPractice, type Practice } from './practice.ts';
import { changed, clears, editsOf, weigh, type Weights } from './verify.ts';

/** A repair of a finding, verified or proposed. */
export interface Solution {
  readonly problem: Problem;
  readonly candidate: Candidate;
  readonly patch: Patch;
}

export interface Limits {
  /** On the clock of `performance`. */
  readonly until: number;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

export interface Solved {
  /** In the order of the findings. */
  readonly solutions: readonly Solution[];
  /** Findings for which there was no time. */
  readonly passedOver: number;
}

/** Candidates of one finding that are tried at most. */
const mostCandidates = 8;

/**
 * The first repair of each finding that stands the test, else its first proposal. What would take an analysis from the beginning
 * waits until the rest is done.
 */
export async function solve(inspection: Inspection, { until, onProgress }: Limits): Promise<Solved> {
  const shown = new Set(inspection.report.findings);
  const waiting = inspection.problems.filter(({ finding }) => shown.has(finding) && fixers[finding.check]);
  const test = tester(inspection);
  const project = projectOf(inspection);
  const solved = new Map<Problem, Solution | undefined>();
  for (const how of ['quickly', 'anew'] as const) {
    const cost = how === 'anew' ? inspection.report.stats.seconds * 1000 : 0;
    for (const problem of waiting) {
      if (solved.has(problem)) continue;
      if (performance.now() + cost > until) break;
      const candidates = (fixers[problem.finding.check]?.(problem, project) ?? []).slice(0, mostCandidates);
      const verified = await firstVerified(candidates, (candidate) => test(problem, candidate, how));
      if (verified === 'not quickly') continue;
      const chosen = verified ?? (await firstProposal(candidates, inspection.files));
      solved.set(problem, chosen && (await solutionOf(problem, chosen, inspection.files)));
      onProgress?.(solved.size, waiting.length);
    }
  }
  return {
    solutions: waiting.flatMap((problem) => solved.get(problem) ?? []),
    passedOver: waiting.length - solved.size,
  };
}

/** What fixers look at. What the app does itself is learnt when the first of them asks. */
function projectOf({ app, files }: Inspection): Project {
  let practice: Practice | undefined;
  return {
    app,
    files,
    get practice() {
      return (practice ??= learnPractice(app, files));
    },
  };
}

type Test = (problem: Problem, candidate: Candidate, how: 'quickly' | 'anew') => Promise<boolean | 'not quickly'>;

/** Says whether a candidate clears a finding. Several findings may have the same candidate. */
function tester(inspection: Inspection): Test {
  const before = weigh(inspection);
  const known = new Map<string, Weights | undefined>();
  return async (problem, candidate, how) => {
    const key = JSON.stringify([candidate.edits, candidate.imports]);
    if (!known.has(key)) {
      const files = await changed(candidate, inspection.files);
      const after = files && (how === 'anew' ? inspection.after(files) : inspection.quicklyAfter(files));
      if (files && !after) return 'not quickly';
      known.set(key, after && weigh(after));
    }
    const after = known.get(key);
    return after !== undefined && clears(problem, before, after);
  };
}

async function firstVerified(
  candidates: readonly Candidate[],
  test: (candidate: Candidate) => Promise<boolean | 'not quickly'>,
): Promise<Candidate | 'not quickly' | undefined> {
  for (const candidate of candidates) {
    if (candidate.isProposal === true) continue;
    const isGood = await test(candidate);
    if (isGood === 'not quickly') return isGood;
    if (isGood) return candidate;
  }
  return undefined;
}

/** A proposal must at least be Python. */
async function firstProposal(candidates: readonly Candidate[], files: ReadonlyMap<string, ParsedFile>): Promise<Candidate | undefined> {
  for (const candidate of candidates) if (candidate.isProposal === true && (await changed(candidate, files))) return candidate;
  return undefined;
}

async function solutionOf(problem: Problem, candidate: Candidate, files: ReadonlyMap<string, ParsedFile>): Promise<Solution> {
  const after = (await changed(candidate, files)) ?? [];
  const [before, now] = [files, new Map(after.map((file) => [file.path, file]))].map(
    (of) => new Map([...of].map(([path, { text }]) => [path, text])),
  );
  const patch: Patch = {
    title: candidate.title,
    kind: candidate.isProposal === true ? 'proposal' : 'patch',
    basis: candidate.basis,
    diff: unifiedDiff(before ?? new Map(), now ?? new Map()),
    replacements: distinct(editsOf(candidate, files)).map((edit) => replacementOf(edit, files.get(edit.file)?.text ?? '')),
  };
  return { problem, candidate, patch };
}

function replacementOf({ file, start, end, text }: Edit, source: string): Replacement {
  return { file, start: positionOf(source, start), end: positionOf(source, end), text };
}

function positionOf(text: string, offset: number): Replacement['start'] {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
