import { scan } from '../index.ts';
import { repairedShop, vulnerableShop } from '../demo/api.ts';
import { serveApi } from '../demo/serve.ts';
import { conclude } from './conclude.ts';
import { readOutput, type OutputFlags } from './output.ts';
import { runScan } from './scan-command.ts';
import type { Invocation } from './invocation.ts';

export interface DemoFlags extends OutputFlags {
  readonly repaired?: boolean;
  readonly seed?: string;
}

/** `middlebrick demo`: serves a small shop on the loopback interface and scans it as anybody would, with a URL and nothing else. */
export async function demoCommand(flags: DemoFlags, invocation: Invocation): Promise<number> {
  const { quiet = false, repaired = false, seed } = flags;
  const output = await readOutput(flags, invocation);
  const served = await serveApi(repaired ? repairedShop : vulnerableShop);
  try {
    if (!quiet) invocation.terminal.say(`A ${repaired ? 'repaired' : 'vulnerable'} shop is served at ${served.url} for this demo.`);
    const options = { target: served.url, allow: 'write' as const, ...(seed === undefined ? {} : { seed }) };
    const { report } = await runScan(options, invocation, { quiet }, scan);
    return await conclude(report, output, invocation, quiet);
  } finally {
    await served.close();
  }
}
