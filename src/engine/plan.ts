import {
  phaseAt,
  type AnyCheck,
  type Judged,
  type Need,
  type ObjectSubject,
  type OperationSubject,
  type Phase,
  type Probes,
  type Subject,
} from '../model/check.ts';
import type { Identity } from '../model/identity.ts';
import type { Operation } from '../model/operation.ts';
import { decisionOf } from '../model/permissions.ts';
import { isPrivilegedRole } from '../model/privilege.ts';
import type { Allow, Skipped } from '../model/report.ts';
import type { World } from '../model/world.ts';

/** A check paired with a subject, and the probes it wants sent. */
export interface Planned {
  readonly check: AnyCheck;
  readonly subject: Subject;
  readonly probes: Probes;
  readonly phase: Phase;
}

export interface Plan {
  readonly planned: readonly Planned[];
  /** Checks that could not be planned for want of something, by name. */
  readonly skipped: readonly Skipped[];
  /** Checks whose `applies` or `plan` threw: our bugs. */
  readonly broken: readonly Judged[];
}

/** Pairs checks with subjects. Nothing is sent. */
export function plan(checks: readonly AnyCheck[], world: World, allow: Allow): Plan {
  const planned: Planned[] = [];
  const skipped: Skipped[] = [];
  const broken: Judged[] = [];
  const onOperations = operationSubjects(world);
  const onLeftOut = leftOutSubjects(world);
  const onObjects = objectSubjects(world);
  for (const check of checks) {
    const missing = check.needs.find((need) => !has(need, world, allow));
    const subjects: readonly Subject[] = check.ofLeftOut ? onLeftOut : check.subject === 'operation' ? onOperations : onObjects;
    if (missing !== undefined) {
      skipped.push({ what: check.id, why: wanting[missing], count: 1 });
      continue;
    }
    for (const subject of subjects) {
      const phase = phaseAt(check.phase, subject.operation);
      if (phase !== 'read' && allow === 'read') continue;
      try {
        if (check.applies(subject)) planned.push({ check, subject, probes: check.plan(subject), phase });
      } catch (error) {
        broken.push({
          check,
          subject,
          verdict: { outcome: 'broken', error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
        });
      }
    }
  }
  return { planned: suspectedFirst(planned), skipped, broken };
}

/** What the source of the target speaks against is tried first, in case the budget does not last. */
function suspectedFirst(planned: readonly Planned[]): Planned[] {
  const isSuspected = ({ subject }: Planned): boolean => (subject.operation.hints?.suspects.length ?? 0) > 0;
  return [...planned.filter(isSuspected), ...planned.filter((item) => !isSuspected(item))];
}

const wanting: Readonly<Record<Need, string>> = {
  identity: 'no usable identity was lent (give one with --identities or --auth, or --allow write to sign one up)',
  'second-identity': 'it needs two usable identities (--identities or --auth twice, or --allow write to sign them up)',
  'single-identity': 'two identities are at hand, so ownership is proven instead of guessed',
  write: 'it changes things, which needs --allow write',
  intrusive: 'it is intrusive, which needs --allow intrusive',
};

function has(need: Need, world: World, allow: Allow): boolean {
  switch (need) {
    case 'identity':
      return world.identities.length > 0;
    case 'second-identity':
      return world.identities.length > 1;
    case 'single-identity':
      return world.identities.length < 2;
    case 'write':
      return allow !== 'read';
    case 'intrusive':
      return allow === 'intrusive';
  }
}

function operationSubjects(world: World): OperationSubject[] {
  const out = new Set(world.leftOut.map((item) => item.operation));
  const looks = byOperation(world.looks);
  const accesses = byOperation(world.accesses);
  return world.surface.operations
    .filter((operation) => !out.has(operation.id))
    .map((operation) => ({
      kind: 'operation',
      world,
      operation,
      looks: looks.get(operation.id) ?? [],
      accesses: accesses.get(operation.id) ?? [],
    }));
}

function leftOutSubjects(world: World): OperationSubject[] {
  const out = new Set(world.leftOut.filter((item) => !item.excluded).map((item) => item.operation));
  return world.surface.operations
    .filter((operation) => out.has(operation.id))
    .map((operation) => ({ kind: 'operation', world, operation, looks: [], accesses: [] }));
}

function byOperation<T extends { readonly operation: { readonly id: string } }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.operation.id);
    if (group) group.push(item);
    else groups.set(item.operation.id, [item]);
  }
  return groups;
}

/** All pairs, both directions. */
function objectSubjects(world: World): ObjectSubject[] {
  return world.accesses.flatMap((access): ObjectSubject[] => {
    const { owner } = access.object;
    const base = { kind: 'object', world, operation: access.operation, access, owner: owner ?? '' } as const;
    if (world.identities.length < 2) return [{ ...base, stranger: null }];
    return world.identities
      .filter((identity) => isStranger(world, access.operation, identity, owner))
      .map((identity) => ({ ...base, stranger: identity.name }));
  });
}

/**
 * True for an identity that must not reach what belongs to `owner` at an operation. Permissions decide where a person gave them;
 * to whom all is denied is no stranger, but another check's. Elsewhere members of one tenant share, and somebody with a privileged
 * role may see what others own.
 */
function isStranger(world: World, operation: Operation, identity: Identity, owner: string | null): boolean {
  if (identity.name === owner) return false;
  const theirs = world.identities.find(({ name }) => name === owner)?.tenant;
  switch (decisionOf(world.permissions, operation.id, identity)) {
    case 'allow':
    case 'deny':
      return false;
    case 'own':
      return true;
    case 'tenant':
      return theirs !== undefined && identity.tenant !== undefined && identity.tenant !== theirs;
    case undefined:
      return (theirs === undefined || identity.tenant !== theirs) && !isPrivilegedRole(identity.role);
  }
}

/** The phases in the order in which they are sent: reading first, destroying last. */
export const phases: readonly Phase[] = ['read', 'write', 'destroy'];
