import { analyze, readDeclaredFile, reportOfSource, rules, UserError, version } from '../index.ts';
import { conclude } from './conclude.ts';
import type { Invocation } from './invocation.ts';
import { readOutput, type OutputFlags } from './output.ts';

export interface AnalyzeFlags extends OutputFlags {
  readonly only?: readonly string[];
  readonly config?: string;
}

/** `middlebrick analyze`: reads source, and sends nothing. */
export async function analyzeCommand(folder: string, flags: AnalyzeFlags, invocation: Invocation): Promise<number> {
  const { quiet = false, only, config } = flags;
  const stranger = only?.find((name) => !rules.some(({ id }) => id === name));
  if (stranger !== undefined) {
    throw new UserError('unknown-rule', `There is no rule called "${stranger}".`, {
      hint: `The rules are: ${rules.map(({ id }) => id).join(', ')}.`,
    });
  }
  const output = await readOutput(flags, invocation);
  const startedAt = new Date();
  const source = await analyze(folder, {
    ...(only === undefined ? {} : { only }),
    ...(config === undefined ? {} : { declared: await readDeclaredFile(config) }),
  });
  return conclude(reportOfSource(source, { folder, version, startedAt }), output, invocation, quiet);
}
