import type { Design, OperationKind, Plant, PlantKind } from './design.ts';
import { identityNumber, type Written, type WrittenOperation } from './write-app.ts';

/** What has to be reported of a plant. */
export interface Expected {
  readonly plant: Plant;
  /** Any of these names it rightly. */
  readonly rules: readonly string[];
  /** The view; `undefined` for what is wrong with all of them. */
  readonly operation: WrittenOperation | undefined;
  /** `app.py:12`: the access and the calls that lead to it. */
  readonly places: readonly string[];
  /** Nothing in the app shows how it is done right, so that nobody can be sure. */
  readonly isAlone: boolean;
}

const open = [
  'bola-open-lookup',
  'bola-subject-as-key',
  'bola-child-not-bound',
  'bola-gsi-or-scan',
  'guard-weak-vs-siblings',
  'guard-not-bound',
];

const rulesOf: Readonly<Record<PlantKind, readonly string[]>> = {
  open,
  'wrong-field': open,
  inverted: [...open, 'guard-inverted'],
  'not-bound': open,
  'child-not-bound': open,
  'wrong-entity': [...open, 'bola-wrong-entity-filter'],
  'late-check': [...open, 'check-after-fetch'],
  'mass-change': ['mass-assignment'],
  'mass-create': ['mass-assignment'],
  exposed: ['excessive-exposure'],
  anonymous: [...open, 'missing-auth-outlier'],
  'owner-from-body': [...open, 'mass-assignment'],
  unverified: ['jwt-unverified'],
  operator: ['nosql-operator'],
  presence: ['key-presence-only'],
};

export function answerKey(design: Design, { operations, marks }: Written): readonly Expected[] {
  return design.plants.map((plant): Expected => {
    const operation = operations.find((each) => each.resource === plant.resource && each.index === plant.operation);
    return {
      plant,
      rules: rulesOf[plant.kind],
      operation,
      places: marks.get(operation?.number ?? identityNumber) ?? [],
      isAlone: isAlone(design, plant),
    };
  });
}

function isAlone(design: Design, plant: Plant): boolean {
  const resource = design.resources[plant.resource];
  const kind = resource?.operations[plant.operation]?.kind;
  if (!resource || !kind || plant.kind.startsWith('mass')) return false;
  const sound = resource.operations.filter(
    (_each, index) =>
      !design.plants.some((other) => other.resource === plant.resource && other.operation === index && other.kind !== 'mass-change'),
  );
  // Whoever makes an object for somebody else may well be meant to: another way to make one would have to show.
  if (kind === 'create' || kind === 'child-create') return true;
  return !sound.some((each) => writes(each.kind) === writes(kind) && isBelow(each.kind) === isBelow(kind));
}

function writes(kind: OperationKind): boolean {
  return !(kind === 'read' || kind === 'list' || kind === 'of-user' || kind === 'child-read' || kind === 'child-list');
}

function isBelow(kind: OperationKind): boolean {
  return kind.startsWith('child');
}
