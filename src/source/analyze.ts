import { stat } from 'node:fs/promises';
import type { Finding } from '../model/report.ts';
import type { View } from '../model/source.ts';
import { UserError } from '../model/user-error.ts';
import type { PatchedFiles } from './fixes/combine.ts';
import { withPatches, type PatchOptions } from './fixes/synthesize.ts';
import { inspect } from './inspect.ts';
import { nothingDeclared, readDeclared, type Declared } from './project/declared.ts';
import { parseFiles } from './project/parse-files.ts';
import { readSourceFiles, type SourceFiles } from './project/read-files.ts';
import { rules } from './rules/index.ts';

export interface AnalyzeOptions {
  /** Names of rules; all when absent. */
  readonly only?: readonly string[];
  /** What the app's people say of it; looked for in the folder when absent. */
  readonly declared?: Declared;
  /** Repairs for the findings; none when absent. */
  readonly patches?: PatchOptions;
}

/** A view that was found, as a report lists it. */
export interface SourceRoute {
  readonly methods: readonly string[];
  readonly path: string;
  readonly file: string;
  /** 1-based line of the view. */
  readonly line: number;
  readonly function: string;
  /** The caller must be somebody. */
  readonly isAuthenticated: boolean;
}

/** What the source of an app says, without anything being run. */
export interface SourceReport {
  readonly findings: readonly Finding[];
  readonly routes: readonly SourceRoute[];
  /** The views behind the routes, in the same order. */
  readonly views: readonly View[];
  /** Each finding at each view that it is about: one line may be at fault for several. Those set aside are not among them. */
  readonly byView: readonly { readonly view: number; readonly finding: Finding }[];
  /** Data stores that the app uses, by the names of libraries, the most used one first. */
  readonly libraries: readonly string[];
  /** Findings that a comment in the source sets aside: `# middlebrick: ignore[rule] reason`. */
  readonly ignored: readonly { readonly finding: Finding; readonly reason: string }[];
  /** The files as all patches together leave them; none without patches. */
  readonly patched?: PatchedFiles;
  readonly notes: readonly string[];
  readonly stats: { readonly files: number; readonly bytes: number; readonly seconds: number };
}

/**
 * Analyses the Python files of a folder. Whatever cannot be read becomes a note.
 * Throws `UserError` `source-not-found` when there is no such folder.
 */
export async function analyze(folder: string, options: AnalyzeOptions = {}): Promise<SourceReport> {
  const kind = await stat(folder).catch(() => undefined);
  if (!kind?.isDirectory()) {
    throw new UserError('source-not-found', `${folder} is not a folder.`, { hint: 'Give the folder that holds the source of the app.' });
  }
  const { declared = await readDeclared(folder) } = options;
  return analyzeFiles(await readSourceFiles(folder, declared.ignore), { ...options, declared });
}

/** Analyses files that were read already. */
export async function analyzeFiles({ files, documents = [], notes }: SourceFiles, options: AnalyzeOptions = {}): Promise<SourceReport> {
  const { only, declared = nothingDeclared, patches } = options;
  const { parsed, notes: parseNotes } = await parseFiles(files);
  const chosen = only === undefined ? rules : rules.filter(({ id }) => only.includes(id));
  const setting = { documents, declared, rules: chosen, notes: [...notes, ...parseNotes] };
  const inspection = inspect(new Map(parsed.map((file) => [file.path, file])), setting);
  return patches ? withPatches(inspection, patches) : inspection.report;
}
