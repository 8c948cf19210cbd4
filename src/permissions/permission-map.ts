import type { Identity } from '../model/identity.ts';
import { isSafe, type Operation } from '../model/operation.ts';
import { anonymousRole, roleOf, type Decision, type Permissions } from '../model/permissions.ts';
import type { Sighting } from '../model/sighting.ts';
import type { World } from '../model/world.ts';

/** What was seen of a role at an operation, as the decision that would allow just that; `null` when it was not reached. */
export interface MapCell {
  readonly decision: Decision | null;
  /** Why it was not reached, or what makes the decision doubtful. */
  readonly why?: string;
}

export interface MapRow {
  readonly operation: string;
  readonly summary?: string;
  readonly cells: Readonly<Record<string, MapCell>>;
}

/** Who may do what, as learned by observation. */
export interface PermissionMap {
  /** Role → names of the identities that stood for it. Without `anonymous`. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly rows: readonly MapRow[];
}

/** The permission map of a world: a pure function of what was learned and of what each caller got. */
export function permissionMap(world: World, sightings: readonly Sighting[]): PermissionMap {
  const roles: Record<string, string[]> = {};
  for (const identity of world.identities) (roles[roleOf(identity, world.permissions)] ??= []).push(identity.name);
  const seen = new Map<string, Sighting[]>();
  for (const sighting of sightings) seen.set(sighting.operation, [...(seen.get(sighting.operation) ?? []), sighting]);
  const rows = world.surface.operations.map((operation): MapRow => {
    const here = seen.get(operation.id) ?? [];
    const cells = [anonymousRole, ...Object.keys(roles)].map((role): [string, MapCell] => {
      const members: readonly (string | null)[] = role === anonymousRole ? [null] : (roles[role] ?? []);
      return [
        role,
        cellOf(
          world,
          operation,
          here.filter(({ as }) => members.includes(as)),
        ),
      ];
    });
    return {
      operation: operation.id,
      ...(operation.summary === undefined || operation.summary === '' ? {} : { summary: operation.summary }),
      cells: Object.fromEntries(cells),
    };
  });
  return { roles, rows };
}

/** The decisions of a map as permissions: what was not reached stays undecided. */
export function permissionsOf(map: PermissionMap): Permissions {
  const rules = map.rows.flatMap(({ operation, cells }): [string, Record<string, Decision>][] => {
    const decided = Object.entries(cells).flatMap(([role, { decision }]): [string, Decision][] =>
      decision === null ? [] : [[role, decision]],
    );
    return decided.length === 0 ? [] : [[operation, Object.fromEntries(decided)]];
  });
  return { roles: map.roles, rules: Object.fromEntries(rules) };
}

function cellOf(world: World, operation: Operation, sightings: readonly Sighting[]): MapCell {
  const reached = sightings.filter(({ got }) => got !== 'not-reached');
  if (reached.length === 0) return { decision: null, why: sightings[0]?.why ?? whyNot(world, operation) };
  const isServed = (each: Sighting): boolean => each.got === 'served' || each.got === 'unproven';
  const doubt = reached.some(({ got }) => got === 'served') ? undefined : reached.find(({ got }) => got === 'unproven')?.why;
  const because = doubt === undefined ? {} : { why: doubt };
  const [first] = reached;
  const isOwnUntried = reached.every(({ as, on }) => on !== null && as !== on) && sightings.some(({ as, on }) => as !== null && as === on);
  if (reached.every((each) => !isServed(each)) && isOwnUntried)
    return { decision: null, why: "refused on what belongs to others, and not tried on one's own" };
  if (reached.every((each) => !isServed(each))) return { decision: 'deny', ...(first?.why === undefined ? {} : { why: first.why }) };
  // A claim of success counts where it is all there is; beside an object that was served to its owner it is a polite refusal.
  const onObjects = reached.filter(({ on }) => on !== null);
  if (onObjects.length === 0) return { decision: doubt === undefined || isSafe(operation) ? 'allow' : null, ...because };
  const wide = (kind: Reach): boolean => onObjects.some((each) => each.got === 'served' && reachOf(world, each) === kind);
  if (wide('foreign')) return { decision: 'allow' };
  if (wide('tenant')) return { decision: 'tenant' };
  if (wide('own')) return { decision: 'own' };
  return { decision: 'deny', ...because };
}

type Reach = 'own' | 'tenant' | 'foreign';

function reachOf({ identities }: World, { as, on }: Sighting): Reach {
  if (as === on) return 'own';
  const [caller, owner] = [as, on].map((name): Identity | undefined => identities.find((identity) => identity.name === name));
  return caller?.tenant !== undefined && caller.tenant === owner?.tenant ? 'tenant' : 'foreign';
}

function whyNot({ leftOut, authOperations }: World, operation: Operation): string {
  if (authOperations.has(operation.id)) return 'it is how callers sign up or log in';
  const left = leftOut.find((item) => item.operation === operation.id);
  if (left) return left.why;
  return isSafe(operation) ? 'nobody could call it' : 'it changes things, which needs --allow write';
}
