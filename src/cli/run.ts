import { reportFailure } from './failure.ts';
import { buildProgram } from './program.ts';
import type { Invocation } from './invocation.ts';
import { openTerminal } from './terminal.ts';

/** Runs one command line and ends the process: 0 done, 1 gate failed, 2 could not run or inconclusive, 3 a bug of ours. */
export async function run(args: readonly string[]): Promise<never> {
  const invocation: Invocation = { terminal: openTerminal(args.includes('--no-color')), secrets: new Set(lentIn(args)) };
  const fail = (error: unknown): never => process.exit(reportFailure(error, invocation.terminal, invocation.secrets));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  let code = 0;
  const program = buildProgram(invocation, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    return fail(error);
  }
  // Results were awaited; what may still be open (a pipe that nobody closed) must not hold the process.
  return process.exit(code);
}

/** The words of `--auth` values, so that no message can hold one, not even about a command line that was not understood. */
function lentIn(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    const value = arg.startsWith('--auth=') ? arg.slice(7) : args[index - 1] === '--auth' ? arg : '';
    const credential = value.slice(value.indexOf('=') + 1);
    return [credential, ...credential.split(/[\s:=]+/)].filter((word) => word !== '' && !/^(?:bearer|basic|cookie):?$/i.test(word));
  });
}
