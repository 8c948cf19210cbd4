import { judgeRecording, parseStack } from '../index.ts';
import type { Context } from '../model/report.ts';
import { conclude } from './conclude.ts';
import { readOutput, type OutputFlags } from './output.ts';
import { openProgress } from './progress.ts';
import { given } from './scan-flags.ts';
import type { Invocation } from './invocation.ts';

export interface JudgeFlags extends OutputFlags {
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly context?: Context;
  readonly stack?: string;
}

/** `middlebrick judge`: nothing is sent. */
export async function judgeCommand(file: string, flags: JudgeFlags, invocation: Invocation): Promise<number> {
  const { quiet = false, only, except, context } = flags;
  const stack = flags.stack === undefined ? undefined : parseStack(flags.stack);
  const output = await readOutput(flags, invocation);
  const progress = openProgress(invocation.terminal, quiet);
  try {
    const { report } = await judgeRecording(file, { ...given({ only, except, context, stack }), onEvent: progress.onEvent });
    progress.stop();
    return await conclude(report, output, invocation, quiet);
  } finally {
    progress.stop();
  }
}
