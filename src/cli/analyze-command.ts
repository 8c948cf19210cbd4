import { analyze, readDeclaredFile, reportOfSource, rules, UserError, version, type PatchedFiles, type SourceReport } from '../index.ts';
import { conclude } from './conclude.ts';
import type { Invocation } from './invocation.ts';
import { deliver, readOutput, type OutputFlags } from './output.ts';
import { openTally } from './progress.ts';
import { writePatched } from './write-patched.ts';

export interface AnalyzeFlags extends OutputFlags {
  readonly only?: readonly string[];
  readonly config?: string;
  readonly fix?: boolean;
  readonly diff?: boolean;
}

/** How long a report waits for its patches; who asks for patches alone waits for all of them. */
const patchSeconds = 10;

/** `middlebrick analyze`: reads source, and sends nothing. */
export async function analyzeCommand(folder: string, flags: AnalyzeFlags, invocation: Invocation): Promise<number> {
  const { quiet = false, only, config, fix = false, diff = false } = flags;
  const stranger = only?.find((name) => !rules.some(({ id }) => id === name));
  if (stranger !== undefined) {
    throw new UserError('unknown-rule', `There is no rule called "${stranger}".`, {
      hint: `The rules are: ${rules.map(({ id }) => id).join(', ')}.`,
    });
  }
  const output = await readOutput(flags, invocation);
  const startedAt = new Date();
  const chosen = {
    ...(only === undefined ? {} : { only }),
    ...(config === undefined ? {} : { declared: await readDeclaredFile(config) }),
  };
  const isAsked = fix || diff;
  const { onProgress, stop } = openTally(invocation.terminal, quiet, 'looking for patches');
  const patches = { ...(isAsked ? { together: true } : { seconds: patchSeconds }), onProgress };
  const source = await analyze(folder, { ...chosen, patches }).finally(stop);
  if (source.patched && fix) await writeFiles(folder, source.patched, invocation, quiet);
  if (source.patched && diff) return (await deliver(diffText(source, source.patched), output.file, invocation)) ? 0 : 2;
  const left = fix ? await analyze(folder, { ...chosen, patches: { seconds: patchSeconds } }) : source;
  return conclude(reportOfSource(left, { folder, version, startedAt }), output, invocation, quiet);
}

/** One diff that `git apply` takes. Proposals stand before it as comments, which it passes over. */
function diffText({ findings }: SourceReport, { diff }: PatchedFiles): string {
  const proposals = findings.flatMap(({ patch, check, location }) =>
    patch?.kind === 'proposal'
      ? [
          `# A proposal for ${check} at ${location?.file}:${location?.line}, for a person to decide: ${patch.title}`,
          ...patch.diff.split('\n').map((line) => `#   ${line}`.trimEnd()),
        ]
      : [],
  );
  return [...proposals.map((line) => `${line}\n`), diff].join('');
}

async function writeFiles(
  folder: string,
  { texts, originals, before, remaining }: PatchedFiles,
  { terminal }: Invocation,
  quiet: boolean,
): Promise<void> {
  for (const { path, failure, isDirty } of await writePatched(folder, originals, texts)) {
    if (failure !== undefined) terminal.say(`error: ${path} was not written: ${failure}.`);
    else if (!quiet) terminal.say(`wrote ${path}${isDirty ? ' (it had changes that are not committed)' : ''}`);
  }
  if (!quiet)
    terminal.say(
      `${before - remaining} of ${before} findings are patched${remaining === 0 ? '' : `; ${remaining} are left for a person`}.`,
    );
}
