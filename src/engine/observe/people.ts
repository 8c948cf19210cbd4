import { isServed } from '../../model/answer.ts';
import { buildRequest } from '../../model/build-request.ts';
import type { Identity, SendAs } from '../../model/identity.ts';
import { isAccountNoun } from '../../model/names.ts';
import type { Operation } from '../../model/operation.ts';
import type { Look } from '../../model/world.ts';
import { requiredElsewhere, type Shapes } from './address.ts';
import { baselineOf } from './look.ts';
import { recordsOf } from './records.ts';
import { keyFor, type NamingSlot } from './slots.ts';

const most = 8;
const roles = new Set(['author', 'owner', 'creator', 'seller', 'follower', 'friend', 'contact', 'poster', 'reviewer']);

export interface PeopleInput {
  readonly origin: string;
  readonly sendAs: SendAs;
  readonly token: (salt: string) => string;
  readonly shapeFor: Shapes;
}

/**
 * What an ordinary account is shown of other people: the page of each of those whom lists name to it. What is wrong with such a page may
 * show with few of them, and never with accounts of ours.
 */
export async function lookAtPeople(
  operations: readonly Operation[],
  looks: readonly Look[],
  identities: readonly Identity[],
  input: PeopleInput,
): Promise<Look[]> {
  const [me] = identities;
  if (!me) return [];
  const ours = new Set(identities.flatMap(({ facts }) => Object.values(facts)));
  const tasks = operations.flatMap((operation) => {
    const { path, tail } = input.shapeFor(operation);
    const [slot, ...others] = path;
    if (operation.method !== 'GET' || !slot || others.length > 0 || tail.length > 0 || !isAccountNoun(slot.noun)) return [];
    const names = [...new Set(named(slot, looks, me.name, input.shapeFor))].filter((name) => !ours.has(name)).slice(0, most);
    return names.map(async (name): Promise<Look> => {
      const values = { ...requiredElsewhere(operation, input.token), path: { [slot.name]: name } };
      const call = { as: me.name, operation: operation.id, request: buildRequest(input.origin, operation, values) };
      return { operation, as: me.name, others: true, baseline: await baselineOf(call, input.sendAs, 1) };
    });
  });
  return (await Promise.all(tasks)).filter((look) => look.baseline.answers.every(isServed));
}

/** The keys of people in what an identity is shown, as a parameter takes them. */
function named(slot: NamingSlot, looks: readonly Look[], as: string, shapeFor: Shapes): string[] {
  return looks.flatMap(({ operation, as: caller, baseline }) => {
    const [answer] = baseline.answers;
    if (caller !== as || !answer || !isServed(answer)) return [];
    const people = recordsOf(answer, shapeFor(operation).noun).filter(({ type }) => isAccountNoun(type) || roles.has(type));
    return people.flatMap(({ keys }) => keyFor(slot, 'user', keys) ?? []);
  });
}
