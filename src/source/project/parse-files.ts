import { pythonParser } from '../python/grammar.ts';
import { parsePython } from '../python/parse.ts';
import type { Module } from '../python/syntax.ts';
import type { SourceFile } from './read-files.ts';

export interface ParsedFile extends SourceFile {
  readonly module: Module;
}

/** Parses files; a note for each that is not, or not wholly, Python. */
export async function parseFiles(
  files: readonly SourceFile[],
): Promise<{ readonly parsed: readonly ParsedFile[]; readonly notes: readonly string[] }> {
  const parser = await pythonParser();
  const parsed: ParsedFile[] = [];
  const notes: string[] = [];
  for (const file of files) {
    try {
      const module = parsePython(parser, file.text);
      if (!module) {
        notes.push(`${file.path} was not read: parsing took too long.`);
        continue;
      }
      parsed.push({ ...file, module });
      if (module.problems.length > 0) notes.push(problemNote(file.path, module.problems));
    } catch (error) {
      notes.push(`${file.path} was not read: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  return { parsed, notes };
}

function problemNote(path: string, lines: readonly number[]): string {
  const shown = lines.slice(0, 3).join(', ');
  return `${path} is not wholly Python that is understood (line ${shown}${lines.length > 3 ? ', …' : ''}); the rest of it was read.`;
}
