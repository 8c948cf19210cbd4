import type { OperationSubject } from '../model/check.ts';
import { isSafe } from '../model/operation.ts';
import type { Trial, Unreached } from './trial.ts';
import { changeTrial } from './trial-change.ts';
import { createTrial } from './trial-create.ts';
import { lookTrial, readTrial } from './trial-read.ts';

/**
 * How to try an operation as somebody, without harm: reading is repeated; what is made carries markers, and is read back; what is
 * changed or deleted was made for this trial alone, by `on`, who reads it back. `salt` tells the trials of several checks apart.
 */
export function trialAt(subject: OperationSubject, as: string | null, on: string | null, salt: string): Trial | Unreached {
  if (reads(subject)) return on === null ? lookTrial(subject, as) : readTrial(subject, as, on);
  return on === null ? createTrial(subject, as, salt) : changeTrial(subject, as, on, salt);
}

/** True when an operation was seen to read, or is made for it; what it gives is then content, and else it is an effect. */
export function reads({ operation, looks, accesses }: OperationSubject): boolean {
  return isSafe(operation) || looks.length > 0 || accesses.some(({ baseline }) => baseline !== undefined);
}

/** Those on whose objects an operation can be tried; `[null]` when it names none, or makes one. */
export function ownersAt(subject: OperationSubject): readonly (string | null)[] {
  if (subject.looks.length > 0 || isMaker(subject)) return [null];
  const owners = new Set(subject.accesses.map(({ object }) => object.owner));
  const names = subject.world.identities.map(({ name }) => name).filter((name) => owners.has(name));
  return names.length === 0 ? [null] : names;
}

function isMaker({ world, operation }: OperationSubject): boolean {
  return world.makers.some((maker) => maker.operation.id === operation.id);
}
