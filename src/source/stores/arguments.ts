import type { Arguments, Value } from '../flow/value.ts';
import type { ArgumentPlace } from './schema.ts';

/** What a call gives for one of its parameters. */
export function argumentAt({ args, keywords }: Arguments, { argument, keyword }: ArgumentPlace): Value | undefined {
  return (keyword === undefined ? undefined : keywords.get(keyword)) ?? (argument === undefined ? undefined : args[argument]);
}
