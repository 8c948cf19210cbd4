import { diffLines, unifiedDiff, type Change, type Edit } from './line-diff.ts';
import { readRegions, type MarkedFile, type Region } from './remedy-regions.ts';

/** A remedy as the twins give it; what its weaknesses are called elsewhere is added by the caller. */
export interface CutRemedy extends Pick<Region, 'weaknesses' | 'title' | 'why' | 'lines'> {
  /** The function or class that it stands in, or the first one that it holds. */
  readonly place: string;
  readonly definesOnly: boolean;
  readonly route?: { readonly method: string; readonly path: string };
  readonly diff: string;
}

/** The twins of a system: their text and what they are called in messages and diffs. */
export interface Twins {
  readonly vulnerable: { readonly file: string; readonly text: string };
  readonly repaired: { readonly file: string; readonly text: string };
}

interface Cut {
  readonly region: Region;
  readonly edits: readonly Edit[];
  readonly added: readonly string[];
  /** Names of the module that its new lines define. */
  readonly defines: readonly string[];
}

/**
 * Cuts the remedies of a repaired twin: for each region what changes in the vulnerable one, with the imports and the definitions
 * of other regions that its new lines use. Throws an `Error` with file and line where the regions do not tell the whole change.
 */
export function cutRemedies({ vulnerable, repaired }: Twins, isKnown: (weakness: string) => boolean): CutRemedy[] {
  const before = vulnerable.text.split('\n');
  const marked = readRegions(repaired.text, repaired.file, isKnown);
  const changes = diffLines(before, marked.code);
  for (const change of changes) refuseOverhang(change, marked, repaired.file);
  const cuts = marked.regions.map((region): Cut => {
    const edits = changes.flatMap((change) => editOf(change, region, before, marked));
    if (edits.length === 0) throw new Error(`${repaired.file}:${region.lines[0]}: the region is the same in both twins.`);
    const added = edits.flatMap((edit) => edit.added);
    return { region, edits, added, defines: added.flatMap((line) => definition.exec(line)?.[1] ?? []) };
  });
  const imports = changes.filter((change) => isImport(change, before, marked));
  return cuts.map((cut) => {
    const needed = [...withDefinitions(cut, cuts)];
    const used = needed.flatMap(({ added }) => added);
    const importEdits = imports.flatMap((change) => importEdit(change, used, before, marked));
    const edits = [...importEdits, ...needed.flatMap((each) => each.edits)];
    const { weaknesses, title, why, lines } = cut.region;
    const definesOnly = isDefinition(cut) && cuts.some((other) => other !== cut && withDefinitions(other, cuts).has(cut));
    const diff = unifiedDiff(before, edits, { from: vulnerable.file, to: repaired.file });
    const place = placeOf(cut.region, marked);
    const route = routeOf(place, marked);
    return { weaknesses, title, why, lines, place, definesOnly, ...(route ? { route } : {}), diff };
  });
}

/** A line that defines a name of the module. */
const definition = /^(?:(?:def|class) )?(\w+)(?: = |\(|:)/;

/** A cut and those that define what it uses. */
function withDefinitions(cut: Cut, cuts: readonly Cut[], found = new Set<Cut>()): Set<Cut> {
  if (found.has(cut)) return found;
  found.add(cut);
  const words = wordsOf(cut.added);
  for (const other of cuts) if (other.defines.some((name) => words.has(name))) withDefinitions(other, cuts, found);
  return found;
}

/** All of its new lines stand in definitions of the module; a route is no definition. */
function isDefinition({ edits, defines, added }: Cut): boolean {
  return defines.length > 0 && edits.every((edit) => edit.removed.length === 0) && !added.some((line) => line.startsWith('@app.'));
}

/** What a change does to the region, or nothing when it is none of its own. */
function editOf(change: Change, region: Region, before: readonly string[], { code, regions }: MarkedFile): Edit[] {
  const [from, to] = [Math.max(change.newFrom, region.from), Math.min(change.newTo, region.to)];
  const isDeletion = change.newFrom === change.newTo;
  if (isDeletion ? change.newFrom < region.from || change.newFrom > region.to : from >= to) return [];
  const old = before.slice(change.oldFrom, change.oldTo);
  // Where one change runs through several regions, the old lines go with the last of them.
  const isLast = !regions.some((other) => other.from >= region.to && other.from < change.newTo);
  const removed = isLast && old.some((line) => line.trim() !== '') ? old : [];
  const added = code.slice(from, to);
  if (removed.length === 0 && added.every((line) => line.trim() === '')) return [];
  if (removed.length === 0 && added.some((line) => definition.test(line))) {
    const end = added.findLastIndex((line) => line.trim() !== '') + 1;
    return [{ at: change.oldFrom, removed, added: added.slice(0, end), context: [0, 0] }];
  }
  return [{ at: change.oldFrom, removed, added, context: [4, 2] }];
}

/** A change that begins or ends outside of the regions that it touches would be told by halves. */
function refuseOverhang(change: Change, { code, regions }: MarkedFile, file: string): void {
  const touched = regions.filter((region) => region.from < change.newTo && change.newFrom < region.to);
  const isInside = (line: number): boolean => touched.some((region) => region.from <= line && line < region.to);
  for (let line = change.newFrom; line < change.newTo && touched.length > 0; line += 1) {
    if (isInside(line) || (code[line] ?? '').trim() === '') continue;
    throw new Error(
      `${file}: "${code[line]?.trim()}" changes together with the region at line ${touched[0]?.lines[0]} and stands outside.`,
    );
  }
}

const importLine = /^(?:from [\w.]+ )?import /;

function isImport(change: Change, before: readonly string[], { code }: MarkedFile): boolean {
  const lines = [...before.slice(change.oldFrom, change.oldTo), ...code.slice(change.newFrom, change.newTo)];
  return lines.length > 0 && lines.every((line) => importLine.test(line));
}

function importEdit(change: Change, used: readonly string[], before: readonly string[], { code }: MarkedFile): Edit[] {
  const removed = before.slice(change.oldFrom, change.oldTo);
  const added = code.slice(change.newFrom, change.newTo);
  const known = wordsOf(removed);
  const words = wordsOf(used);
  const isUsed = [...wordsOf(added)].some((word) => !known.has(word) && words.has(word));
  return isUsed ? [{ at: change.oldFrom, removed, added, context: [0, 0] }] : [];
}

function wordsOf(lines: readonly string[]): Set<string> {
  return new Set(lines.join('\n').match(/[A-Za-z_]\w*/g));
}

function placeOf(region: Region, { code }: MarkedFile): string {
  const named = (line: string | undefined): string | undefined => /^(?:def|class) (\w+)/.exec(line ?? '')?.[1];
  const held = code.slice(region.from, region.to);
  const inside = held.find((line) => named(line) !== undefined) ?? held.find((line) => /^\w+ = /.test(line));
  const isTop = /^\S/.test(code[region.from] ?? '');
  const around = code.slice(0, region.from + 1).findLast((line) => named(line) !== undefined);
  const line = isTop ? inside : around;
  return named(line) ?? /^\w+/.exec(line ?? '')?.[0] ?? 'module';
}

/** The route of a view, from the decorators above it. */
function routeOf(place: string, { code }: MarkedFile): CutRemedy['route'] {
  const at = code.findIndex((line) => line.startsWith(`def ${place}(`));
  for (let line = at - 1; line >= 0 && code[line]?.startsWith('@'); line -= 1) {
    const [, method, path] = /^@\w+\.(get|post|put|patch|delete)\(["']([^"']+)["']/.exec(code[line] ?? '') ?? [];
    if (method !== undefined && path !== undefined) return { method: method.toUpperCase(), path };
  }
  return undefined;
}
