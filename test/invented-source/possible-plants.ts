import { plantKinds, type Design, type Plant, type PlantKind } from './design.ts';

/** Every weakness that a design has room for, by kind. */
export function possiblePlants(design: Design): readonly (readonly Plant[])[] {
  const all: Plant[] = [];
  for (const [resource, { sharing, operations }] of design.resources.entries()) {
    for (const [operation, { kind, guard, isIdInBody }] of operations.entries()) {
      const isOne = kind === 'read' || kind === 'change' || kind === 'delete' || (kind === 'action' && !isIdInBody);
      const isOwned = sharing === 'owned';
      const isBelow = kind.startsWith('child');
      const possible: readonly (readonly [PlantKind, boolean])[] = [
        [
          'open',
          sharing !== 'open' &&
            (isOne || isBelow || kind === 'action' || kind === 'of-user' || (sharing === 'team' && (kind === 'list' || kind === 'create'))),
        ],
        ['wrong-field', isOwned && (isOne || isBelow)],
        ['inverted', isOwned && (isOne || isBelow)],
        [
          'not-bound',
          (isOwned && (kind === 'change' || kind === 'delete')) ||
            (isOwned && isOne && guard === 'decorator') ||
            (sharing === 'team' && isOne),
        ],
        ['child-not-bound', kind === 'child-read' || kind === 'child-delete'],
        ['wrong-entity', isOwned && isOne && design.store.includes('sqlalchemy')],
        ['late-check', isOwned && (kind === 'change' || kind === 'delete')],
        ['mass-change', sharing !== 'open' && kind === 'change'],
        ['mass-create', isOwned && kind === 'create'],
        ['owner-from-body', isOwned && kind === 'create'],
        ['anonymous', isOwned && isOne && design.identity !== 'hook'],
      ];
      for (const [plant, fits] of possible) if (fits) all.push({ kind: plant, resource, operation });
    }
  }
  const ofAccounts: readonly (readonly [PlantKind, boolean, number])[] = [
    ['exposed', true, 0],
    ['operator', design.store.endsWith('mongo') && !/smorest|apiflask|connexion/.test(design.framework), 2],
    ['unverified', design.identity === 'injected', 9],
    ['presence', design.identity === 'key', 9],
  ];
  for (const [kind, fits, operation] of ofAccounts) if (fits) all.push({ kind, resource: -1, operation });
  return plantKinds.map((kind) => all.filter((plant) => plant.kind === kind)).filter((group) => group.length > 0);
}
