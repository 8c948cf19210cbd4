import { checks, UserError } from '../index.ts';
import { checkPage } from '../report/check-page.ts';
import { column } from '../report/terminal-text.ts';
import type { Invocation } from './invocation.ts';

/** `middlebrick explain`: the page of a check, or the list of them. */
export async function explainCommand(id: string | undefined, { terminal }: Invocation): Promise<number> {
  if (id === undefined) {
    const longest = Math.max(...checks.map((check) => check.id.length));
    const lines = checks.map((check) => `${column(check.id, longest)}  ${column(check.severity, 8)}  ${check.docs.title}`);
    await terminal.result(`${lines.join('\n')}\n`);
    return 0;
  }
  const check = checks.find((candidate) => candidate.id === id);
  if (!check) {
    throw new UserError('unknown-check', `There is no check called "${id}".`, {
      hint: `The checks are: ${checks.map((candidate) => candidate.id).join(', ')}.`,
    });
  }
  await terminal.result(checkPage(check));
  return 0;
}
