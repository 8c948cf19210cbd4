import { isServed } from '../model/answer.ts';
import type { NextStep, ObjectSubject } from '../model/check.ts';
import type { Answer } from '../model/http.ts';
import type { Call } from '../model/identity.ts';
import type { Operation } from '../model/operation.ts';
import { valueAt, withValue } from '../model/slot.ts';
import type { Access, ApiObject, Baseline, MakePlan, ParameterValues } from '../model/world.ts';
import { bodyOf, call, readersOf } from './support.ts';

/** Another object of the subject's type, made for one attempt alone, so that nothing else is lost. */
export interface Sacrifice {
  /** The first step of a probe: the owner makes it. */
  readonly make: Call;
  readonly plan: MakePlan;
  /** The owner reads it. */
  readonly read: NextStep;
  /** Somebody else asks for it in the same way. */
  readonly readAs: (as: string | null) => NextStep;
  /** An operation on it in somebody's name; `adapt` changes the values by which it is addressed. `made` is its place among the answers. */
  readonly at: (operation: Operation, as: string | null, adapt?: (values: ParameterValues) => ParameterValues) => NextStep;
}

/** How the owner of a subject makes and reads such an object; `undefined` when he cannot. `made`: at which place of the probe it is made. */
export function sacrificeOf(subject: ObjectSubject, purpose: string, made = 0): Sacrifice | undefined {
  const { world, operation, access, owner, stranger } = subject;
  const plan = world.makers
    .find((maker) => maker.type === access.object.type)
    ?.make(owner, [purpose, operation.id, stranger ?? '', ...keyNames(access)].join('/'));
  const reader = plan && readerOf(subject);
  if (!plan || !reader) return undefined;
  const at: Sacrifice['at'] = (where, as, adapt = (values) => values) => {
    return (previous) => {
      const answer = previous[made];
      const object = answer && plan.object(answer);
      const values = object && world.address(where, object);
      return object && values
        ? call(world, where, adapt(where.id === operation.id ? namedAlike(values, access, object) : values), as)
        : null;
    };
  };
  const readAs = (as: string | null): NextStep => ('method' in reader ? at(reader, as) : () => ({ ...reader, as }));
  return { make: plan.call, plan, at, read: readAs(owner), readAs };
}

/** The keys by which an access names its object, where they are not the likeliest: objects made for each way are told apart. */
function keyNames(access: Access): string[] {
  const names = access.slots.flatMap((slot) => keysWith(access, valueAt(access.values, slot)).slice(0, 1));
  return names.filter((name) => !/id$/i.test(name));
}

function keysWith({ object }: Access, value: string | undefined): string[] {
  return Object.keys(object.keys).filter((name) => object.keys[name] === value);
}

/** The subject may go by another of its keys than what is likeliest: by its name where there is an id. So does what is made like it. */
function namedAlike(values: ParameterValues, access: Access, object: ApiObject): ParameterValues {
  return access.slots.reduce((named, slot) => {
    const used = valueAt(access.values, slot);
    const same = keysWith(access, used).flatMap((name) => object.keys[name] ?? []);
    const current = valueAt(named, slot);
    const [value] = same;
    return value === undefined || (current !== undefined && same.includes(current)) ? named : withValue(named, slot, value);
  }, values);
}

/** The operation that reads such an object, else the call that lists such objects for their owner. */
function readerOf({ world, access }: ObjectSubject): Operation | Call | undefined {
  const { object } = access;
  const shows = (baseline: Baseline): boolean => object.markers.some((marker) => bodyOf(baseline.answers[0]).includes(marker.value));
  const item = world.accesses.find(
    ({ object: { id }, slots, baseline }) =>
      id === object.id &&
      baseline?.answers.every(isServed) === true &&
      slots.length === access.slots.length &&
      (object.markers.length === 0 || shows(baseline)),
  )?.operation;
  return item ?? readersOf(world, object).find(({ baseline }) => shows(baseline))?.call;
}

/** True when an answer shows the object of a plan. */
export function isThere(answer: Answer | undefined, plan: MakePlan): boolean {
  if (!answer || !isServed(answer)) return false;
  return plan.markers.length === 0 || plan.markers.some((marker) => bodyOf(answer).includes(marker.value));
}
