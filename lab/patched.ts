import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyze, UserError } from '../src/index.ts';
import { forgetAtExit } from './child.ts';
import type { System } from './system.ts';

export interface PatchedCopy {
  readonly system: System;
  /** Findings of the source analysis before and after. */
  readonly before: number;
  readonly remaining: number;
}

/** A copy of a system whose vulnerable twin is as its patches leave it. It is gone when this process ends. */
export async function patchedCopy(system: System): Promise<PatchedCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'middlebrick-patched-'));
  forgetAtExit(folder);
  await cp(system.folder, folder, { recursive: true });
  const source = join(folder, 'vulnerable');
  const { patched } = await analyze(source, { patches: { together: true } });
  if (!patched || patched.texts.size === 0) throw new UserError('lab-unpatched', `No patch was made for ${system.name}.`);
  for (const [path, text] of patched.texts) await writeFile(join(source, path), text);
  return { system: { ...system, folder }, before: patched.before, remaining: patched.remaining };
}
