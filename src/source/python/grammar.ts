import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Language, Parser } from 'web-tree-sitter';
import { UserError } from '../../model/user-error.ts';

/** The grammar of tree-sitter-python 0.25.0, as published. */
const grammarFile = new URL('tree-sitter-python.wasm', import.meta.url);
const grammarSha256 = '16108b50df4ee9a30168794252ab55e7c93bfc5765d7fa0aa3e335752c515f47';

let loading: Promise<Parser> | undefined;

/** The one parser of this process. Throws `UserError` `grammar-damaged` when the grammar beside this file is not the one that was published. */
export function pythonParser(): Promise<Parser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Parser> {
  const bytes = await readFile(fileURLToPath(grammarFile));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== grammarSha256) {
    throw new UserError('grammar-damaged', `The Python grammar of this package is damaged: its SHA-256 is ${sha256}.`, {
      hint: 'Install the package again.',
    });
  }
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(bytes));
  return parser;
}
