import type { Finding } from '../src/index.ts';
import { isOfWholeApi, speaksOf } from './field-classes.ts';
import { isSamePlace } from './field-place.ts';
import type { Sound, Weakness } from './field-truth.ts';

/** A weakness with the findings that speak of it, the surest first. */
export interface Held {
  readonly weakness: Weakness;
  readonly findings: readonly Finding[];
  /** `found`: certain or firm. `hinted`: tentative only. */
  readonly outcome: 'found' | 'hinted' | 'missed';
}

/** A report held against the truth. */
export interface FieldComparison {
  readonly held: readonly Held[];
  /** Certain and firm findings. */
  readonly proven: number;
  /** Those of them that an entry of the truth accounts for. */
  readonly accounted: number;
  /** Those that nothing accounts for: true or false, a person has to look. */
  readonly unexpected: readonly Finding[];
  /** Certain or firm findings at what is known to be sound. */
  readonly violated: readonly { readonly sound: Sound; readonly finding: Finding }[];
}

const order = { certain: 0, firm: 1, tentative: 2 } as const;

/** Matches by place and by class; one finding may account for several entries, and several findings for one. */
export function compareWithTruth(
  findings: readonly Finding[],
  truth: readonly Weakness[],
  negatives: readonly Sound[] = [],
): FieldComparison {
  const held = truth.map((weakness): Held => {
    const matching = findings.filter((finding) => isOf(finding, weakness)).toSorted((a, b) => order[a.confidence] - order[b.confidence]);
    const [best] = matching;
    return { weakness, findings: matching, outcome: best === undefined ? 'missed' : isProven(best) ? 'found' : 'hinted' };
  });
  const explained = new Set(held.flatMap((each) => each.findings));
  const proven = findings.filter(isProven);
  return {
    held,
    proven: proven.length,
    accounted: proven.filter((finding) => explained.has(finding)).length,
    unexpected: proven.filter((finding) => !explained.has(finding)),
    violated: negatives.flatMap((sound) => proven.filter((finding) => isAgainst(finding, sound)).map((finding) => ({ sound, finding }))),
  };
}

/** Certain or firm. */
export function isProven({ confidence }: Pick<Finding, 'confidence'>): boolean {
  return confidence !== 'tentative';
}

/** `GET /notes/{id}: foreign-object-read`. */
export function nameOf({ check, operation }: Pick<Finding, 'check' | 'operation'>): string {
  return `${operation.method} ${operation.path}: ${check}`;
}

function isOf(finding: Finding, { method, path, class: name, cwe }: Weakness): boolean {
  if (!speaksOf(finding, name, cwe)) return false;
  return isOfWholeApi(name, cwe) || isSamePlace(finding.operation, { method, path });
}

/** Negatives carry no CWE: those of their classes that have a rule of their own are the ones that matter. */
function isAgainst(finding: Finding, { method, path, must_not_report: name }: Sound): boolean {
  return speaksOf(finding, name, '') && isSamePlace(finding.operation, { method, path });
}
