import { labelled, testValue, type Arguments, type Value } from './value.ts';

/** Words that ask about the caller's right to something, in a function that is not there to be read. */
const asksForRight =
  /(?:^|_)(?:allowed|permitted|authori[sz]ed)_(?:for|to|on|in)(?:_|$)|(?:^|_)has_(?:access|right)s?(?:_(?:to|for|on|in)\w*)?$/i;
const caller = labelled('I');

/**
 * `Permission(RoleNeed('chief')).can()` asks whether the caller has a right: to the objects that the permission was made with, or, where
 * there are none, to something in general. `rules.allowed_for_team(row.team_id)` asks about what it is given.
 */
export function permissionTest(path: string, args: Arguments, receiver: Value | undefined): Value | undefined {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const given = [...args.args, ...args.keywords.values()];
  if (asksForRight.test(name) && given.length > 0) return about([...given, ...(receiver ? [receiver] : [])]);
  if (!receiver || name !== 'can' || given.length > 0) return undefined;
  const { shape } = receiver;
  const made = shape.is === 'symbol' && shape.call ? [...shape.call.args, ...shape.call.keywords.values()] : [];
  return about([...made, ...(receiver.labels.size > 0 ? [receiver] : [])]);
}

function about(values: readonly Value[]): Value {
  return testValue({ is: 'predicate', name: 'has_permission', args: [caller, ...values.filter(({ labels }) => labels.size > 0)] });
}
