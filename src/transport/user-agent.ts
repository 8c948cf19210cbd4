import { readFileSync } from 'node:fs';
import { z } from 'zod';

const manifest = z.object({ version: z.string() });

/** `middlebrick/<version>`, from the package that this file belongs to. */
export function defaultUserAgent(): string {
  try {
    const { version } = manifest.parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));
    return `middlebrick/${version}`;
  } catch {
    return 'middlebrick';
  }
}
