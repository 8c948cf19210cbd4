import type { Arguments, Value } from '../flow/value.ts';
import type { ArgumentPlace } from './schema.ts';

/** What a call gives for one of its parameters. */
export function argumentAt({ args, keywords }: Arguments, { argument, keyword }: ArgumentPlace): Value | undefined {
  return (keyword === undefined ? undefined : keywords.get(keyword)) ?? (argument === undefined ? undefined : args[argument]);
}

/** The same, of what a method is called on: what that was called with, or itself where it is text. */
export function argumentsAt(args: Arguments, receiver: Value | undefined, place: ArgumentPlace): readonly Value[] {
  if (place.receiver !== true) {
    const value = argumentAt(args, place);
    return value ? [value] : [];
  }
  if (receiver?.shape.is !== 'symbol') return receiver ? [receiver] : [];
  const { call } = receiver.shape;
  return call ? [...call.args, ...call.keywords.values()] : [];
}
