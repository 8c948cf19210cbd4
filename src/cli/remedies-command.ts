import pc from 'picocolors';
import { checks, knownNames, parseStack, remedies, remediesFor, UserError, type FittedRemedy, type Stack } from '../index.ts';
import { remedyList, remedyPage, type RemedyStyle } from './remedy-text.ts';
import { deliver } from './output.ts';
import type { Invocation } from './invocation.ts';

export interface RemediesFlags {
  readonly stack?: string;
  readonly format?: 'pretty' | 'json' | 'markdown';
  readonly output?: string;
}

/** `middlebrick remedies`: the repairs of a weakness or of a check, best for the stack first; the list of all without one. */
export async function remediesCommand(name: string | undefined, flags: RemediesFlags, invocation: Invocation): Promise<number> {
  const { terminal } = invocation;
  const { format = 'pretty', output } = flags;
  const file = output === '-' ? undefined : output;
  const stack = flags.stack === undefined ? undefined : parseStack(flags.stack);
  const { chosen, left } =
    name === undefined ? { chosen: listed(stack), left: 0 } : { chosen: named(name, stack), left: others(name, stack) };
  const isPlain = file !== undefined || !terminal.colourOut;
  const style: RemedyStyle = { colours: pc.createColors(!isPlain), width: Math.max(40, Math.min(terminal.width, 160)) };
  const text =
    format === 'json'
      ? `${JSON.stringify(chosen, null, 2)}\n`
      : name === undefined && format === 'pretty'
        ? remedyList(chosen, style)
        : remedyPage(chosen, format, style);
  const delivered = await deliver(text, file, invocation);
  if (left > 0) terminal.say(`note: ${left} more for other stacks; leave out --stack to see them.`);
  return delivered ? 0 : 2;
}

/** All, or those of the parts of a stack that were named. */
function listed(stack: Stack = {}): FittedRemedy[] {
  const { framework, store, auth } = stack;
  const own = remedies.filter(
    (remedy) =>
      (framework === undefined || remedy.stack.framework === framework) &&
      (store === undefined || remedy.stack.store === store) &&
      (auth === undefined || remedy.stack.auth === auth),
  );
  if (own.length > 0) return own.map((remedy): FittedRemedy => ({ ...remedy, fit: 'exact' }));
  throw new UserError('no-remedy', 'There is no remedy from an application of this stack.', {
    hint: 'Leave out --stack to see all, or name only a part of it.',
  });
}

/** Those of the stack, as near as there are any. */
function named(name: string, stack: Stack | undefined): FittedRemedy[] {
  const all = remediesFor(name, stack);
  const own = all.filter(({ fit }) => fit === 'exact' || fit === 'store');
  const near = own.length > 0 ? own : all.filter(({ fit }) => fit === 'framework');
  if (all.length > 0) return near.length > 0 ? near : all;
  const isCheck = checks.some((check) => check.id === name);
  throw new UserError(
    isCheck ? 'no-remedy' : 'unknown-weakness',
    isCheck ? `There is no remedy for "${name}" from a tested application.` : `There is no weakness called "${name}".`,
    { hint: isCheck ? `In words it is in: middlebrick explain ${name}` : `The weaknesses are: ${knownNames().join(', ')}.` },
  );
}

function others(name: string, stack: Stack | undefined): number {
  return stack === undefined ? 0 : remediesFor(name, stack).length - named(name, stack).length;
}
