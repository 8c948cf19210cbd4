import { categories, type Category, type Confidence, type Severity } from '../model/check.ts';
import type { CategoryScore, Context, Grade } from '../model/report.ts';

/** Points that a certain finding takes from the 100 of its category. */
export const deductions: Readonly<Record<Severity, number>> = { critical: 60, high: 30, medium: 12, low: 4, info: 0 };

/** How much of the deduction stands, by how well the finding is proven. */
export const certainties: Readonly<Record<Confidence, number>> = { certain: 1, firm: 0.8, tentative: 0.3 };

/** What each category weighs in the overall score. */
export const weights: Readonly<Record<Category, number>> = {
  authentication: 3,
  bolaAuthorization: 3,
  bflaAuthorization: 2,
  propertyAuthorization: 2,
  inputValidation: 1,
  rateLimiting: 1,
  dataExposure: 2,
  encryption: 1,
  ssrf: 1,
  inventoryManagement: 1,
  unsafeConsumption: 1,
  llmSecurity: 1,
};

/** Multipliers of the weights; a category that is not named keeps its own. */
export const contexts: Readonly<Record<Context, Readonly<Partial<Record<Category, number>>>>> = {
  financial: {
    authentication: 1.5,
    bolaAuthorization: 1.5,
    bflaAuthorization: 1.5,
    propertyAuthorization: 2,
    rateLimiting: 2,
    encryption: 2,
  },
  medical: { authentication: 1.5, bolaAuthorization: 2, propertyAuthorization: 1.5, dataExposure: 2, encryption: 2 },
  public: { bolaAuthorization: 0.5, dataExposure: 0.5, inputValidation: 2, rateLimiting: 2, inventoryManagement: 2 },
  internal: { bflaAuthorization: 1.5, rateLimiting: 0.5, encryption: 0.5, inventoryManagement: 0.5 },
};

/** The most that the overall score may be beside a certain or firm finding of that severity. */
export const provenCaps = { critical: 49, high: 69 } as const;

const grades: readonly (readonly [Grade, number])[] = [
  ['A', 90],
  ['B', 80],
  ['C', 70],
  ['D', 60],
  ['F', 0],
];

/** What the score reads of a finding. A `Finding` of a report is one. */
export interface Scorable {
  readonly check: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly confidence: Confidence;
}

/** What is scored: how many verdicts (pass and fail) each category had, and the distinct findings. */
export interface Tally {
  readonly judged: Readonly<Partial<Record<Category, number>>>;
  readonly findings: readonly Scorable[];
  readonly context?: Context | undefined;
}

export interface Score {
  /** 0–100, whole, rounded down; `null` when nothing was judged. */
  readonly score: number | null;
  readonly grade: Grade | null;
  /** Every category, in the order of `categories`. */
  readonly categories: Readonly<Record<Category, CategoryScore>>;
}

/** The published formula (docs/scoring.md). Depends on nothing but its argument, and not on the order of the findings. */
export function scoreOf({ judged, findings, context }: Tally): Score {
  const exact = new Map<Category, number | null>();
  const scoreCategory = (category: Category): CategoryScore => {
    const own = findings.filter((finding) => finding.category === category);
    const count = Math.max(judged[category] ?? 0, own.length);
    const score = count === 0 ? null : Math.max(0, 100 - pointsOf(own));
    exact.set(category, score);
    return { score: score === null ? null : whole(score), judged: count, findings: own.length };
  };
  const shown = Object.fromEntries(categories.map((category) => [category, scoreCategory(category)])) as Record<Category, CategoryScore>;
  const mean = weightedMean(exact, context);
  const score = mean === null ? null : Math.min(whole(mean), capOf(findings));
  return { score, grade: score === null ? null : gradeOf(score), categories: shown };
}

/** The points of one finding, before repeats are halved. */
export function pointsOfOne(finding: Scorable): number {
  return deductions[finding.severity] * certainties[finding.confidence];
}

/** The grade of a score from 0 to 100. */
export function gradeOf(score: number): Grade {
  return grades.find(([, least]) => score >= least)?.[0] ?? 'F';
}

/** The lowest score that earns a grade. */
export function leastOf(grade: Grade): number {
  return grades.find(([name]) => name === grade)?.[1] ?? 0;
}

/** The points of findings of one category: of each check the worst in full, the next half, then a quarter. */
function pointsOf(findings: readonly Scorable[]): number {
  const byCheck = new Map<string, number[]>();
  for (const finding of findings) byCheck.set(finding.check, [...(byCheck.get(finding.check) ?? []), pointsOfOne(finding)]);
  const sums = [...byCheck.values()].map((points) =>
    points.toSorted((a, b) => b - a).reduce((sum, each, index) => sum + each / 2 ** index, 0),
  );
  // Sorted before they are added, so that rounding does not depend on the order in which findings came.
  return sums.toSorted((a, b) => b - a).reduce((sum, each) => sum + each, 0);
}

function weightedMean(scores: ReadonlyMap<Category, number | null>, context: Context | undefined): number | null {
  let sum = 0;
  let weight = 0;
  for (const [category, score] of scores) {
    if (score === null) continue;
    const own = weights[category] * (context === undefined ? 1 : (contexts[context][category] ?? 1));
    sum += own * score;
    weight += own;
  }
  return weight === 0 ? null : sum / weight;
}

/** The most that a score may be, beside findings that are proven. */
function capOf(findings: readonly Scorable[]): number {
  const proven = findings.filter((finding) => finding.confidence !== 'tentative');
  if (proven.some((finding) => finding.severity === 'critical')) return provenCaps.critical;
  if (proven.some((finding) => finding.severity === 'high')) return provenCaps.high;
  return 100;
}

/** Rounds down, so that a score never looks better than it is; forgives what binary fractions lose. */
function whole(score: number): number {
  return Math.floor(score + 1e-9);
}
